"""The money's path: accounts as boxes in the order of the money, payments between them as arrows as wide as the sum."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from mirrorwatch.report.drawing.arrows import LETTER, Arrow, Gap, arrows, gap_under, place_texts
from mirrorwatch.report.drawing.boxes import BOX_HEIGHT, BOX_WIDTH, MARGIN, Box, face, place_boxes
from mirrorwatch.report.drawing.flows import Flow, add_up, fold, layer, merge
from mirrorwatch.report.drawing.legs import Leg
from mirrorwatch.report.people import Directory
from mirrorwatch.report.wording import duration, plural, short_days

ROLES = frozenset({"in", "hop", "out"})
_MOST_BOXES = 4  # a fifth box in one layer no longer fits a printed page beside the others


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
    texts = place_texts(drawn, level)
    tops: dict[int, float] = {}
    gaps: dict[float, Gap] = {}
    y = float(MARGIN)
    for number in range(max(level.values()) + 1):
        tops[number], gaps[y] = y, gap_under(number, texts, level)
        y += BOX_HEIGHT + gaps[y].height
    faces = {name: face(name, suspects, directory, [each for each in shown if shown[each] == name]) for name in level}
    boxes = place_boxes(drawn, level, tops, faces)
    lines = arrows(texts, boxes, gaps)
    right = max(box.x for box in boxes.values()) + BOX_WIDTH
    return PathDrawing(
        "path",
        f"{plural(len(legs), 'payment')} between {plural(len(layers), 'account')}, in the order of the money",
        round(max(right, *(_right_edge(arrow) for arrow in lines)) + MARGIN),
        max(tops.values()) + BOX_HEIGHT + MARGIN,
        tuple(boxes.values()),
        lines,
        tuple(_hop(flow, boxes) for flow in drawn),
    )


def _right_edge(arrow: Arrow) -> float:
    return arrow.x + max((len(line) * LETTER for line in arrow.lines), default=0.0)


def _hop(flow: Flow, boxes: dict[str, Box]) -> Hop:
    held = duration(flow.held) if flow.held is not None else ""
    when = short_days(flow.first.date(), flow.last.date())
    return Hop(boxes[flow.origin].full_name, boxes[flow.target].full_name, flow.payments, flow.usd, when, held)
