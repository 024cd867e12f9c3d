"""Arrows of the money's path: each as wide as the sum it carries, its text where no other line runs."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from mirrorwatch.report.drawing.boxes import BOX_HEIGHT, BOX_WIDTH, Box
from mirrorwatch.report.drawing.flows import Flow
from mirrorwatch.report.wording import duration, plural, rounded_money, short_days

LETTER = 6.2  # mean width of a letter of an arrow's text
_SLOT = 38  # height of an arrow's two lines of text
_BEND = 46  # height in which lines cross over to their boxes
_MOST_LABELS = 5
_THICKEST = 9.0


@dataclass(frozen=True)
class Arrow:
    """Payments from one box to another; `lines` is empty where there is no room for text."""

    path: str
    head: str
    width: float
    lines: tuple[str, ...]
    x: float
    y: float
    title: str


@dataclass(frozen=True)
class Gap:
    """The space under one layer: room for texts at the upper boxes, for bends and their texts, at the lower boxes."""

    upper: int
    bend: int
    lower: int

    @property
    def height(self) -> int:
        """Pixels from the boxes above to the boxes below."""
        return self.upper + self.bend + self.lower


@dataclass(frozen=True)
class Placed:
    """Where an arrow's text stands: at its `origin`, at its `target`, in its own `slot` of the bend, or nowhere."""

    flow: Flow
    where: str
    slot: int = 0


def place_texts(flows: Sequence[Flow], level: dict[str, int]) -> list[Placed]:
    """Choose each arrow's text: at a box that has no other arrow on that side, else a slot of its own."""
    leaves, arrives = Counter(flow.origin for flow in flows), Counter(flow.target for flow in flows)
    slots: Counter[int] = Counter()
    placed = []
    for flow in sorted(flows, key=lambda each: (-each.usd, each.origin, each.target)):
        number = level[flow.origin]
        if level[flow.target] != number + 1:
            placed.append(Placed(flow, "aside"))
        elif leaves[flow.origin] == 1:
            placed.append(Placed(flow, "origin"))
        elif arrives[flow.target] == 1:
            placed.append(Placed(flow, "target"))
        else:
            placed.append(Placed(flow, "slot" if slots[number] < _MOST_LABELS else "none", slots[number]))
            slots[number] += 1
    return placed


def gap_under(number: int, placed: Sequence[Placed], level: dict[str, int]) -> Gap:
    """Room that the arrows leaving one layer need."""
    own = [each for each in placed if level[each.flow.origin] == number and each.where != "aside"]
    wheres = Counter(each.where for each in own)
    straight = len(own) <= 1
    bend = 14 if straight else _BEND + _SLOT * min(wheres["slot"], _MOST_LABELS)
    return Gap(_SLOT if wheres["origin"] else 4, bend, _SLOT if wheres["target"] else 4)


def arrows(placed: Sequence[Placed], boxes: dict[str, Box], gaps: dict[float, Gap]) -> tuple[Arrow, ...]:
    """Draw all arrows; `gaps` are found by the top of the layer above them."""
    largest = max(each.flow.usd for each in placed)
    right = max(box.x for box in boxes.values()) + BOX_WIDTH
    drawn = []
    for each in placed:
        start, end = boxes[each.flow.origin], boxes[each.flow.target]
        width = round(max(1.2, _THICKEST * float(each.flow.usd / largest)) if largest else 1.2, 1)
        text = _lines(each.flow)
        title = f"{start.title} → {end.title}: {', '.join(text)}"
        lines = () if each.where == "none" else text
        if each.where == "aside":
            drawn.append(_around(start, end, width, right, lines, title))
        else:
            drawn.append(_down(start, end, width, gaps[start.y], each, lines, title))
    return tuple(drawn)


def _lines(flow: Flow) -> tuple[str, ...]:
    when = short_days(flow.first.date(), flow.last.date())
    held = f", after {duration(flow.held)}" if flow.held is not None else ""
    return f"{rounded_money(flow.usd)} in {plural(flow.payments, 'payment')}", f"{when}{held}"


def _down(start: Box, end: Box, width: float, gap: Gap, placed: Placed, lines: tuple[str, ...], title: str) -> Arrow:
    """Draw an arrow to the next layer: straight out of its box, across in the bend, straight into the next."""
    x1, x2, top = start.centre, end.centre, start.y + BOX_HEIGHT
    leave, arrive = top + gap.upper, top + gap.upper + gap.bend
    middle = (leave + arrive) / 2
    path = f"M{x1} {top}V{leave}C{x1} {middle} {x2} {middle} {x2} {arrive}V{end.y - 2 - _reach(width)}"
    beside = width / 2 + 8
    if placed.where == "origin":
        x, y = x1 + beside, top + 16
    elif placed.where == "target":
        x, y = x2 + beside, end.y - _SLOT + 6
    else:
        y = leave + 22 + _SLOT * placed.slot
        share = (y - leave) / gap.bend
        x = x1 + (x2 - x1) * (3 * share**2 - 2 * share**3) + beside  # the curve's own course, near enough for a text
    return Arrow(path, _head(x2, end.y - 2, width), width, lines, round(x, 1), round(y, 1), title)


def _around(start: Box, end: Box, width: float, right: float, lines: tuple[str, ...], title: str) -> Arrow:
    """Draw an arrow that passes layers by, or goes back up: out at the right of a box, in at the right again."""
    x1, y1 = start.x + BOX_WIDTH, start.y + BOX_HEIGHT / 2 - 8
    x2, y2 = end.x + BOX_WIDTH, end.y + BOX_HEIGHT / 2 + 8
    side = right + 46
    path = f"M{x1} {y1}C{side} {y1} {side} {y2} {x2 + 8} {y2}"
    reach = _reach(width)
    head = f"M{x2 + 1} {y2}l{reach * 1.6:.1f} -{reach:.1f}v{reach * 2:.1f}z"
    furthest = (x1 + x2) / 8 + side * 0.75  # where this cubic curve lies half-way
    return Arrow(path, head, width, lines, round(furthest + width / 2 + 6, 1), round((y1 + y2) / 2, 1), title)


def _reach(width: float) -> float:
    """Half the width of an arrow's head."""
    return 5 + width / 2


def _head(x: float, y: float, width: float) -> str:
    reach = _reach(width)
    return f"M{x} {y}l-{reach:.1f} -{reach * 1.6:.1f}h{reach * 2:.1f}z"
