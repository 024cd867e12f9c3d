"""Payments added up to edges between accounts, laid in the order in which the money went. Pure; small graphs only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from mirrorwatch.report.drawing.legs import Leg, total

CASH_IN, CASH_OUT = "\x00cash in", "\x00cash out"  # no account id holds a NUL, so these never meet one
OTHERS = "\x00others "


@dataclass(frozen=True)
class Flow:
    """All payments from one account to another. `held` is how long a dollar lay at `origin` before, in seconds."""

    origin: str
    target: str
    payments: int
    usd: Decimal
    first: datetime
    last: datetime
    step: int
    held: int | None


def add_up(legs: Sequence[Leg]) -> tuple[Flow, ...]:
    """Flows between pairs of accounts, in the order of their steps, then time."""
    pairs: dict[tuple[str, str], list[Leg]] = {}
    for leg in legs:
        pairs.setdefault((leg.origin or CASH_IN, leg.target or CASH_OUT), []).append(leg)
    waits = _waits(legs)
    flows = [_flow(pair, group, waits) for pair, group in pairs.items()]
    return tuple(sorted(flows, key=lambda flow: (flow.step, flow.first, flow.origin, flow.target)))


def _flow(pair: tuple[str, str], legs: Sequence[Leg], waits: dict[str, int]) -> Flow:
    known = [(waits[leg.transaction_id], _cents(leg)) for leg in legs if leg.transaction_id in waits]
    weight = sum(cents for _, cents in known)
    held = sum(wait * cents for wait, cents in known) // weight if weight else None
    moments = [leg.at for leg in legs]
    return Flow(*pair, len(legs), total(legs), min(moments), max(moments), min(leg.step for leg in legs), held)


def _waits(legs: Sequence[Leg]) -> dict[str, int]:
    """Seconds between a payment and the money it passes on: what reached its origin before, in the same group."""
    arrivals: dict[tuple[int, str], list[Leg]] = {}
    for leg in legs:
        arrivals.setdefault((leg.group, leg.target), []).append(leg)
    waits = {}
    for leg in legs:
        before = [each for each in arrivals.get((leg.group, leg.origin), ()) if each.at <= leg.at and leg.origin]
        weight = sum(map(_cents, before))
        if weight:
            spans = sum(int((leg.at - each.at).total_seconds()) * _cents(each) for each in before)
            waits[leg.transaction_id] = spans // weight
    return waits


def _cents(leg: Leg) -> int:
    return int(leg.usd * 100)


def layer(flows: Sequence[Flow]) -> dict[str, int]:
    """Layer of every account: each lies below all that pay it, unless that would close a circle.

    An account that only pays stands just above the first one that it pays.
    """
    targets: dict[str, list[str]] = {}
    forward = []
    for flow in flows:
        if flow.origin != flow.target and not _reaches(flow.target, flow.origin, targets):
            targets.setdefault(flow.origin, []).append(flow.target)
            forward.append(flow)
    layers = dict.fromkeys((name for flow in flows for name in (flow.origin, flow.target)), 0)
    for _ in layers:  # the longest path has at most as many steps as there are accounts
        lower = {flow.target: layers[flow.origin] + 1 for flow in forward if layers[flow.target] <= layers[flow.origin]}
        if not lower:
            break
        for flow in forward:
            layers[flow.target] = max(layers[flow.target], layers[flow.origin] + 1)
    paid = {flow.target for flow in forward}
    for name in layers.keys() - paid:
        layers[name] = min((layers[target] for target in targets.get(name, ())), default=1) - 1
    return layers


def _reaches(start: str, goal: str, targets: dict[str, list[str]]) -> bool:
    seen, stack = {start}, [start]
    while stack:
        name = stack.pop()
        if name == goal:
            return True
        fresh = [each for each in targets.get(name, ()) if each not in seen]
        seen.update(fresh)
        stack += fresh
    return False


def fold(flows: Sequence[Flow], layers: dict[str, int], suspects: frozenset[str], most: int) -> dict[str, str]:
    """Map every account to itself, or to its layer's `others` where the layer holds more than `most` accounts.

    Suspects stay before outsiders, and more money before less.
    """
    moved: dict[str, Decimal] = dict.fromkeys(layers, Decimal(0))
    for flow in flows:
        moved[flow.origin] += flow.usd
        moved[flow.target] += flow.usd
    shown: dict[str, str] = {}
    for number in set(layers.values()):
        names = [name for name, own in layers.items() if own == number]
        names.sort(key=lambda name: (name not in suspects, -moved[name], name))
        kept = len(names) if len(names) <= most else most - 1
        shown |= {name: name if place < kept else f"{OTHERS}{number}" for place, name in enumerate(names)}
    return shown


def merge(flows: Iterable[Flow], shown: dict[str, str]) -> tuple[Flow, ...]:
    """Add up flows again between the accounts that are shown; `held` is weighted by money."""
    pairs: dict[tuple[str, str], list[Flow]] = {}
    for flow in flows:
        pairs.setdefault((shown[flow.origin], shown[flow.target]), []).append(flow)
    return tuple(_merged(pair, group) for pair, group in pairs.items())


def _merged(pair: tuple[str, str], group: Sequence[Flow]) -> Flow:
    known = [(flow.held, int(flow.usd * 100)) for flow in group if flow.held is not None]
    weight = sum(cents for _, cents in known)
    return Flow(
        *pair,
        sum(flow.payments for flow in group),
        sum((flow.usd for flow in group), Decimal(0)),
        min(flow.first for flow in group),
        max(flow.last for flow in group),
        min(flow.step for flow in group),
        sum(held * cents for held, cents in known) // weight if weight else None,
    )
