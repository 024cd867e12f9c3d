"""A figure over the nights kept, as a small drawing: every day a mark, like days stronger, tonight on the right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mirrorwatch.report.wording import short_day

WIDTH, HEIGHT = 260.0, 64.0
# Days before tonight that fit; older ones are not drawn.
_MOST_DAYS = 56
# The band may reach far above every figure: then it is cut, so that the figures can still be told apart.
_HEADROOM = 1.6


@dataclass(frozen=True)
class Point:
    """One day's figure; `like` when tonight is compared with it."""

    on: date
    value: float
    like: bool


@dataclass(frozen=True)
class Chart:
    """Paths of the marks, the band of what is usual (top and height), and tonight's mark. In units of the view box."""

    bars: bool
    others: str
    likes: str
    tonight: str
    unusual: bool
    band: tuple[float, float] | None
    usual: float | None
    first: str
    last: str
    label: str


def draw(
    points: Sequence[Point],
    tonight: Point,
    usual: tuple[float, float, float] | None,
    *,
    bars: bool,
    unusual: bool,
    label: str,
) -> Chart:
    """Draw a figure; `usual` is low, middle and high. The scale begins at zero, so that heights compare."""
    known = [point for point in points if 0 < (tonight.on - point.on).days <= _MOST_DAYS]
    most = max([tonight.value, *(point.value for point in known), 0.0])
    top = max(most, min(usual[2], most * _HEADROOM or usual[2]) if usual else 0.0) * 1.06 or 1.0
    days = max([(tonight.on - point.on).days for point in known], default=1)
    scale = _Scale(top, days)

    def path(some: Sequence[Point]) -> str:
        return "".join(scale.mark((tonight.on - point.on).days, point.value, bars=bars) for point in some)

    return Chart(
        bars=bars,
        others=path([point for point in known if not point.like]),
        likes=path([point for point in known if point.like]),
        tonight=path([tonight]),
        unusual=unusual,
        band=(scale.y(usual[2]), round(scale.y(usual[0]) - scale.y(usual[2]), 1)) if usual else None,
        usual=scale.y(usual[1]) if usual else None,
        first=short_day(min(point.on for point in known)) if known else "",
        last=short_day(tonight.on),
        label=label,
    )


@dataclass(frozen=True)
class _Scale:
    top: float
    days: int

    def x(self, back: int) -> float:
        """Place a day that lies `back` days before tonight."""
        return round(WIDTH - 4 - back * (WIDTH - 8) / self.days, 1)

    def y(self, value: float) -> float:
        """Place a value; what lies above the top stays at the top."""
        return round(HEIGHT - min(max(value, 0.0), self.top) / self.top * (HEIGHT - 3), 1)

    def mark(self, back: int, value: float, *, bars: bool) -> str:
        """Return a bar from the ground up, or a dot (a line of no length with round ends)."""
        place = f"M{self.x(back):g} {self.y(value):g}"
        return f"{place}V{HEIGHT:g}" if bars else f"{place}h0"
