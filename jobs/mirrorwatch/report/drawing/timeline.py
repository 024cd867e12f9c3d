"""The drawing for any typology without one of its own: money in and out of each suspect account over time."""

from collections.abc import Sequence

from mirrorwatch.report.drawing.lanes import (
    GUTTER,
    WIDTH,
    Knot,
    Lane,
    LaneDrawing,
    by_money,
    lane_bottom,
    lay_rows,
    mark,
    shown,
    size_key,
)
from mirrorwatch.report.drawing.legs import Leg, total
from mirrorwatch.report.drawing.scales import TimeScale
from mirrorwatch.report.people import Directory
from mirrorwatch.report.wording import money, plural, sentence


def draw_timeline(legs: Sequence[Leg], suspects: frozenset[str], directory: Directory) -> LaneDrawing:
    """Lay out legs one lane a role, one row an account; a suspect's own account names the row where one takes part."""
    legs, note = shown(legs)
    account = {leg.transaction_id: _own_account(leg, suspects) for leg in legs}
    scale = TimeScale.around([leg.at for leg in legs], GUTTER, WIDTH - 16)
    largest = max(leg.usd for leg in legs)
    lanes: list[Lane] = []
    marks = []
    top = 30.0
    for role in sorted({leg.role for leg in legs}):
        own = [leg for leg in legs if leg.role == role]
        incoming = [leg for leg in own if leg.target in suspects]
        side = "in" if len(incoming) * 2 >= len(own) else "out"
        title = f"{sentence(role) or 'Payments'}: {plural(len(own), 'payment')}, {money(total(own))}"
        lane, heights = lay_rows(by_money(own, account, directory), top, title, side, directory)
        marks += [mark(leg, heights[account[leg.transaction_id]], side, scale, largest) for leg in own]
        lanes.append(lane)
        top = lane_bottom(lane) + 8
    knots = (Knot(0, 0, "", "", (), tuple(marks)),)
    summary = f"{plural(len(legs), 'payment')} of {money(total(legs))} on one time axis"
    ticks, sizes = scale.ticks(), size_key(legs, WIDTH - 16)
    return LaneDrawing("timeline", summary, WIDTH, top + 30, GUTTER, top, ticks, tuple(lanes), knots, sizes, note)


def _own_account(leg: Leg, suspects: frozenset[str]) -> str:
    if leg.target in suspects:
        return leg.target
    return leg.origin if leg.origin in suspects or not leg.target else leg.target
