"""Mirror swaps: what was collected above, what was paid out below, one time axis, each swap's legs tied."""

from collections.abc import Sequence
from decimal import Decimal

from mirrorwatch.report.drawing.lanes import (
    GUTTER,
    WIDTH,
    Knot,
    LaneDrawing,
    Mark,
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
from mirrorwatch.report.wording import days, duration, money, plural

ROLES = frozenset({"collection", "payout"})
_KNOT_STEP = 18  # height of a knot's number and its circle
_KNOT_LEVELS = 3


def draw_swaps(legs: Sequence[Leg], directory: Directory) -> LaneDrawing:
    """Lay out the legs of one mirror_swap alert (roles collection and payout, tied by group)."""
    legs, note = shown(legs)
    account = {leg.transaction_id: _own_account(leg) for leg in legs}
    collections = [leg for leg in legs if leg.role == "collection"]
    payouts = [leg for leg in legs if leg.role != "collection"]
    upper, upper_y = lay_rows(
        by_money(collections, account, directory), 30, _title("Collected", collections), "in", directory
    )
    middle = lane_bottom(upper) + 14
    lower_top = middle + _KNOT_STEP * _KNOT_LEVELS + 4
    lower, lower_y = lay_rows(
        by_money(payouts, account, directory), lower_top, _title("Paid out", payouts), "out", directory
    )
    bottom = lane_bottom(lower) + 6
    scale = TimeScale.around([leg.at for leg in legs], GUTTER, WIDTH - 16)
    largest = max(leg.usd for leg in legs)
    marks = {
        leg.transaction_id: mark(
            leg,
            (upper_y if leg.role == "collection" else lower_y)[account[leg.transaction_id]],
            "in" if leg.role == "collection" else "out",
            scale,
            largest,
        )
        for leg in legs
    }
    return LaneDrawing(
        "swaps", _summary(collections, payouts), WIDTH, bottom + 30, GUTTER, bottom, scale.ticks(), (upper, lower),
        _tie(legs, marks, middle), size_key(legs, WIDTH - 16), note,
    )  # fmt: skip


def _own_account(leg: Leg) -> str:
    """Return the account on the broker's side: it receives a collection and sends a payout."""
    return (leg.target or leg.origin) if leg.role == "collection" else (leg.origin or leg.target)


def _title(verb: str, legs: Sequence[Leg]) -> str:
    currencies = ", ".join(sorted({leg.currency for leg in legs}))
    return f"{verb} in {currencies}: {plural(len(legs), 'payment')} worth {money(total(legs))}" if legs else verb


def _summary(collections: Sequence[Leg], payouts: Sequence[Leg]) -> str:
    both = [leg.at.date() for leg in (*collections, *payouts)]
    above = f"{plural(len(collections), 'collection')} of {money(total(collections))} above"
    below = f"{plural(len(payouts), 'payout')} of {money(total(payouts))} below"
    return f"{above}, {below}, {days(min(both), max(both))}"


def _tie(legs: Sequence[Leg], marks: dict[str, Mark], top: float) -> tuple[Knot, ...]:
    """Give every swap a knot between the lanes; knots that would touch step down, at most three levels."""
    groups: dict[int, list[Leg]] = {}
    for leg in legs:
        groups.setdefault(leg.group, []).append(leg)
    centre = {number: _centre([marks[leg.transaction_id].x for leg in group]) for number, group in groups.items()}
    free_from = [0.0] * _KNOT_LEVELS
    knots = []
    for number in sorted(groups, key=lambda group: (centre[group], group)):
        x = centre[number]
        level = next((index for index, edge in enumerate(free_from) if edge <= x), free_from.index(min(free_from)))
        free_from[level] = x + _KNOT_STEP + 2
        group_marks = tuple(marks[leg.transaction_id] for leg in groups[number])
        y = top + _KNOT_STEP * (level + 0.5)
        links = tuple(_curve(each, x, y) for each in group_marks)
        knots.append(Knot(x, y, str(number), _knot_title(number, groups[number]), links, group_marks))
    return tuple(sorted(knots, key=lambda knot: int(knot.label)))


def _centre(places: Sequence[float]) -> float:
    return round((min(places) + max(places)) / 2, 1)


def _curve(end: Mark, x: float, y: float) -> str:
    """Draw a line that leaves the mark and arrives at the knot upright, so that crossings stay readable."""
    bend = round((end.y + y) / 2, 1)
    return f"M{end.x} {end.y}C{end.x} {bend} {x} {bend} {x} {y}"


def _knot_title(number: int, group: Sequence[Leg]) -> str:
    collected = [leg for leg in group if leg.role == "collection"]
    paid = [leg for leg in group if leg.role != "collection"]
    text = f"Swap {number}: {money(total(collected))} collected in {plural(len(collected), 'part')}"
    text += f", {money(total(paid))} paid out in {plural(len(paid), 'part')}"
    if collected and paid:
        kept = total(collected) - total(paid)
        share = (kept / total(collected) * 100).quantize(Decimal("0.01")) if total(collected) else Decimal(0)
        lag = int((max(leg.at for leg in paid) - max(leg.at for leg in collected)).total_seconds())
        after = "after" if lag >= 0 else "before"
        text += f", difference {share} %, last payout {duration(abs(lag))} {after} the last collection"
    return text
