"""Measures shared by every drawing: time to x, money to a radius, text to a width. Pure arithmetic on small tuples."""

import math
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from mirrorwatch.report.wording import short_day

_HOUR, _DAY = 3600, 86400
# Tick distances that fall on clock or calendar marks people know.
_STEPS = (
    _HOUR,
    3 * _HOUR,
    6 * _HOUR,
    12 * _HOUR,
    _DAY,
    2 * _DAY,
    7 * _DAY,
    14 * _DAY,
    28 * _DAY,
    91 * _DAY,
    364 * _DAY,
)
_MOST_TICKS = 10
SMALLEST_RADIUS, LARGEST_RADIUS = 2.5, 9.0


@dataclass(frozen=True)
class Tick:
    """A mark on the time axis."""

    x: float
    label: str


@dataclass(frozen=True)
class TimeScale:
    """Whole UTC days around the first and last moment, laid from `left` to `right` pixels."""

    start: datetime
    end: datetime
    left: float
    right: float

    @classmethod
    def around(cls, moments: list[datetime], left: float, right: float) -> "TimeScale":
        """Scale that holds every moment (at least one), from midnight to midnight."""
        start = min(moments).replace(hour=0, minute=0, second=0, microsecond=0)
        last = max(moments).replace(hour=0, minute=0, second=0, microsecond=0)
        return cls(start, last + timedelta(days=1), left, right)

    def x(self, moment: datetime) -> float:
        """Pixels from the left edge, to a tenth."""
        share = (moment - self.start) / (self.end - self.start)
        return round(self.left + share * (self.right - self.left), 1)

    def ticks(self) -> tuple[Tick, ...]:
        """At most ten marks; days read `14 Mar`, hours inside a short span `14 Mar 06:00`."""
        seconds = int((self.end - self.start).total_seconds())
        step = next((size for size in _STEPS if seconds / size <= _MOST_TICKS), _STEPS[-1])
        marks = [self.start + timedelta(seconds=offset) for offset in range(0, seconds + 1, step)]
        return tuple(Tick(self.x(mark), _tick_label(mark)) for mark in marks)


def _tick_label(moment: datetime) -> str:
    return short_day(moment) if moment.hour == 0 else f"{moment:%H:%M}"


def radius(amount: Decimal, largest: Decimal) -> float:
    """Radius whose area grows with the amount, so that twice the money looks twice as much."""
    if largest <= 0:
        return SMALLEST_RADIUS
    share = math.sqrt(max(0.0, float(amount / largest)))
    return round(max(SMALLEST_RADIUS, LARGEST_RADIUS * share), 1)


def clip(text: str, width: float, size: float = 12) -> str:
    """Cut text to about `width` pixels at font `size`; East Asian wide characters count double."""
    room = width / (size * 0.55)
    used = 0.0
    for position, character in enumerate(text):
        used += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if used > room:
            return text[: max(1, position - 1)].rstrip() + "…"
    return text


def utc(moment: datetime) -> datetime:
    """Return the moment in UTC; one without a zone is UTC already."""
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
