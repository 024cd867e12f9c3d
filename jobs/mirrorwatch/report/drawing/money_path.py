"""The money's path: accounts as boxes in the order of the money, payments between them as arrows as wide as the sum."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from mirrorwatch.report.drawing.flows import CASH_IN, CASH_OUT, OTHERS, Flow, add_up, fold, layer, merge
from mirrorwatch.report.drawing.legs import Leg
from mirrorwatch.report.drawing.scales import clip
from mirrorwatch.report.people import Directory
from mirrorwatch.report.wording import duration, plural, rounded_money, short_days, visible

ROLES = frozenset({"in", "hop", "out"})
BOX_WIDTH, BOX_HEIGHT = 208, 44
_BETWEEN, _MARGIN = 26, 14
_MOST_BOXES = 4  # a fifth box in one layer no longer fits a printed page beside the others
_SLOT = 36  # height of an arrow's two lines of text
_MOST_LABELS = 5
_THICKEST = 9.0
_SIDE_ROOM = 170  # for an arrow that passes layers by, and its text


@dataclass(frozen=True)
class Box:
    """One account, or several that were folded into one."""

    x: float
    y: float
    name: str
    detail: str
    title: str
    suspect: bool

    @property
    def centre(self) -> float:
        """Middle of the box, from the left."""
        return self.x + BOX_WIDTH / 2


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
class Hop:
    """One row of the table beside the drawing."""

    origin: str
    target: str
    payments: int
    usd: Decimal
    when: str
    held: str


@dataclass(frozen=True)
class PathDrawing:
    """A whole drawing in pixels of a `width` by `height` picture, and its table."""

    kind: str
    title: str
    width: float
    height: float
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    hops: tuple[Hop, ...]
    note: str = ""


def draw_path(legs: Sequence[Leg], suspects: frozenset[str], directory: Directory) -> PathDrawing:
    """Lay out legs as a graph from the payers at the top to the last receivers at the bottom."""
    flows = add_up(legs)
    layers = layer(flows)
    shown = fold(flows, layers, suspects, _MOST_BOXES)
    level = {shown[name]: number for name, number in layers.items()}
    drawn = sorted(merge(flows, shown), key=lambda flow: (level[flow.origin], flow.step, flow.first, flow.target))
    tops = _tops(drawn, level)
    boxes = _place(drawn, level, tops, suspects, directory, shown)
    arrows = _arrows(drawn, boxes, level)
    aside = any(level[flow.target] != level[flow.origin] + 1 for flow in drawn)
    width = max(box.x for box in boxes.values()) + BOX_WIDTH + (_SIDE_ROOM if aside or len(boxes) < 3 else _MARGIN)  # noqa: PLR2004
    width = max(width, BOX_WIDTH + _SIDE_ROOM + _MARGIN)
    height = max(box.y for box in boxes.values()) + BOX_HEIGHT + _MARGIN
    title = f"{plural(len(legs), 'payment')} between {plural(len(layers), 'account')}, in the order of the money"
    hops = tuple(_hop(flow, boxes) for flow in drawn)
    return PathDrawing("path", title, width, height, tuple(boxes.values()), arrows, hops)


def _tops(flows: Sequence[Flow], level: dict[str, int]) -> dict[int, float]:
    """Top of every layer: the gap above it leaves one slot of text an arrow."""
    tops, y = {}, float(_MARGIN)
    for number in range(max(level.values()) + 1):
        tops[number] = y
        leaving = sum(1 for flow in flows if level[flow.origin] == number)
        y += BOX_HEIGHT + 30 + _SLOT * min(max(leaving, 1), _MOST_LABELS)
    return tops


def _place(
    flows: Sequence[Flow],
    level: dict[str, int],
    tops: dict[int, float],
    suspects: frozenset[str],
    directory: Directory,
    shown: dict[str, str],
) -> dict[str, Box]:
    """Place boxes layer by layer, each near the middle of those that pay it."""
    order = sorted(level, key=lambda name: (level[name], name.startswith(OTHERS), name))
    widest = max(sum(1 for name in order if level[name] == number) for number in tops)
    middle = _MARGIN + (widest * (BOX_WIDTH + _BETWEEN) - _BETWEEN) / 2
    boxes: dict[str, Box] = {}
    for number, top in tops.items():
        names = [name for name in order if level[name] == number]
        names.sort(key=lambda name: (_pull(name, flows, boxes, middle), name.startswith(OTHERS)))
        x = middle - (len(names) * (BOX_WIDTH + _BETWEEN) - _BETWEEN) / 2
        for name in names:
            boxes[name] = replace(_box(name, suspects, directory, shown), x=x, y=top)
            x += BOX_WIDTH + _BETWEEN
    return boxes


def _pull(name: str, flows: Sequence[Flow], boxes: dict[str, Box], middle: float) -> float:
    payers = [boxes[flow.origin].centre for flow in flows if flow.target == name and flow.origin in boxes]
    return sum(payers) / len(payers) if payers else middle


def _box(name: str, suspects: frozenset[str], directory: Directory, shown: dict[str, str]) -> Box:
    if name.startswith(OTHERS):
        inside = [account for account, own in shown.items() if own == name]
        title = visible(", ".join(account for account in inside[:30] if account not in (CASH_IN, CASH_OUT)))
        return Box(0, 0, f"{len(inside)} other accounts", "added up in one box", title, suspect=False)
    if name in (CASH_IN, CASH_OUT):
        return Box(0, 0, "Cash", "over the counter", "Cash over the counter", suspect=False)
    account = directory.account(name)
    owner = visible(directory.owner_label(name)) or visible(name)
    detail = visible(" · ".join(part for part in (name, account.country) if part))
    title = f"{owner}, {detail}"
    return Box(0, 0, clip(owner, BOX_WIDTH - 16, 13), clip(detail, BOX_WIDTH - 16, 11), title, name in suspects)


def _arrows(flows: Sequence[Flow], boxes: dict[str, Box], level: dict[str, int]) -> tuple[Arrow, ...]:
    largest = max(flow.usd for flow in flows)
    right = max(box.x for box in boxes.values()) + BOX_WIDTH
    slots: dict[int, int] = {}
    arrows = []
    for flow in sorted(flows, key=lambda each: (-each.usd, each.origin, each.target)):
        number = level[flow.origin]
        slots[number] = slots.get(number, -1) + 1
        width = round(max(1.2, _THICKEST * float(flow.usd / largest)) if largest else 1.2, 1)
        start, end = boxes[flow.origin], boxes[flow.target]
        down = level[flow.target] == number + 1
        arrow = _down(start, end, width, slots[number]) if down else _around(start, end, width, right)
        lines = _lines(flow) if slots[number] < _MOST_LABELS else ()
        title = f"{start.title} → {end.title}: " + ", ".join(_lines(flow))
        arrows.append(replace(arrow, lines=lines, title=title))
    return tuple(arrows)


def _lines(flow: Flow) -> tuple[str, ...]:
    when = short_days(flow.first.date(), flow.last.date())
    held = f", after {duration(flow.held)}" if flow.held is not None else ""
    return f"{rounded_money(flow.usd)} in {plural(flow.payments, 'payment')}", f"{when}{held}"


def _down(start: Box, end: Box, width: float, slot: int) -> Arrow:
    """Draw an arrow from one layer to the next; its text stands on the slot's height, beside the line."""
    x1, y1, x2, y2 = start.centre, start.y + BOX_HEIGHT, end.centre, end.y - 2
    bend = round((y1 + y2) / 2, 1)
    y = min(y1 + 26 + _SLOT * slot, y2 - 20)
    share = (y - y1) / (y2 - y1)
    x = x1 + (x2 - x1) * (3 * share**2 - 2 * share**3)  # the curve's own course, close enough for a label
    path = f"M{x1} {y1}C{x1} {bend} {x2} {bend} {x2} {round(y2 - 6, 1)}"
    return Arrow(path, _head(x2, y2, width), width, (), round(x + width / 2 + 7, 1), round(y, 1), "")


def _around(start: Box, end: Box, width: float, right: float) -> Arrow:
    """Draw an arrow that passes layers by, or goes back up: out at the right side of a box and in at the right again."""
    x1, y1 = start.x + BOX_WIDTH, start.y + BOX_HEIGHT / 2
    x2, y2 = end.x + BOX_WIDTH, end.y + BOX_HEIGHT / 2 + (8 if end is not start else 14)
    side = right + 28
    path = f"M{x1} {y1}C{side} {y1} {side} {y2} {round(x2 + 8, 1)} {y2}"
    reach = 5 + width / 2
    head = f"M{x2 + 1} {y2}l{reach * 1.6:.1f} -{reach:.1f}v{reach * 2:.1f}z"
    return Arrow(path, head, width, (), round(max(x1, x2, side - 16) + 4, 1), round((y1 + y2) / 2, 1), "")


def _head(x: float, y: float, width: float) -> str:
    reach = 5 + width / 2
    return f"M{x} {y}l-{reach:.1f} -{reach * 1.6:.1f}h{reach * 2:.1f}z"


def _hop(flow: Flow, boxes: dict[str, Box]) -> Hop:
    held = duration(flow.held) if flow.held is not None else ""
    when = short_days(flow.first.date(), flow.last.date())
    return Hop(boxes[flow.origin].name, boxes[flow.target].name, flow.payments, flow.usd, when, held)
