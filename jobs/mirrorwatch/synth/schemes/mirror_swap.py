"""A mirror-swap ring: money collected in one country, its worth less a fee paid out in another, nothing sent between.

The ring's accounts are ordinary accounts of the background, so each keeps its own salary, rent and cards beside the
swaps. What is collected is spent at home in other amounts, and payouts are funded at home by other people's payments.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mirrorwatch.synth.economy import notes, rounded
from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.moments import COUNTER, ONLINE
from mirrorwatch.synth.places import SMALLEST_NOTE, UTC_OFFSETS
from mirrorwatch.synth.planting import Label, Leg, Planter
from mirrorwatch.synth.population import PERSONS, Role
from mirrorwatch.synth.rows import CHANNEL, DAY_US, HOUR_US, NONE
from mirrorwatch.synth.spec import DETECTION_WINDOW_DAYS, MirrorSpec

COLLECTION, PAYOUT, COVER = "collection", "payout", "cover"
_CASH = (CHANNEL["cash_deposit"], CHANNEL["cash_withdrawal"])
_SMALL_BUSINESSES = (Role.GROCER, Role.RESTAURANT, Role.MERCHANT, Role.SERVICE, Role.TRADER)
_CASH_UNIT, _UNIT = 10_000, 100  # minor units that parts are split in: a hundred, and one, of the currency
_COVER_DAYS = 2.0  # mean time between a part and what covers it


@dataclass(frozen=True)
class _Side:
    """One side of a ring: its country, accounts, and the channels that its legs use."""

    country: int
    accounts: np.ndarray
    channels: np.ndarray
    role: str


@dataclass(frozen=True)
class _Manner:
    """How one ring goes about it: drawn for each, so that nothing here is common to all rings."""

    persons: float  # share of its accounts that are persons', the rest small businesses'
    runners: float  # share of cash legs with someone else than the holder at the counter
    away: float  # share of cash legs at another branch than the account's
    covers: float  # ordinary payments a part, in which collected money leaves or paid-out money arrived
    evenness: float  # Dirichlet concentration of a split: high means parts of like size


@dataclass(frozen=True)
class _Ring:
    """What one swap is planted from."""

    planter: Planter
    spec: MirrorSpec
    manner: _Manner
    label: Label


def plant_mirror_swap(planter: Planter, spec: MirrorSpec, label_id: str) -> None:
    """Plant one ring and its label."""
    rng = planter.rng
    uniform = rng.uniform
    manner = _Manner(uniform(0.3, 0.9), uniform(0.2, 0.95), uniform(0.2, 0.9), uniform(0.8, 2.4), uniform(2, 12))
    home, abroad = planter.two_countries()  # either role order
    collecting = _side(planter, spec, manner, home, COLLECTION)
    paying = _side(planter, spec, manner, abroad, PAYOUT, collecting.accounts.tolist())
    accounts = [*collecting.accounts.tolist(), *paying.accounts.tolist()]
    label = Label(label_id, spec.typology, spec.difficulty, accounts, planter.people.account_party[accounts].tolist())
    ring = _Ring(planter, spec, manner, label)
    swaps = int(rng.integers(spec.swaps[0], spec.swaps[1] + 1))
    for number, start in enumerate(_starts(planter, spec, home, swaps).tolist(), start=1):
        _plant_swap(ring, collecting, paying, start, number)
    label.rows = [leg.planted for leg in label.legs if leg.role != COVER]
    planter.schemes.append(label)


def _side(
    planter: Planter, spec: MirrorSpec, manner: _Manner, country: int, role: str, others: Sequence[int] = ()
) -> _Side:
    """Choose a side's accounts, none of which deals with any of `others` across the border."""
    rng = planter.rng
    number = int(rng.integers(spec.accounts_per_side[0], spec.accounts_per_side[1] + 1))
    kinds = [PERSONS[:4] if rng.random() < manner.persons else _SMALL_BUSINESSES for _ in range(number)]
    accounts = np.array([planter.account(planter.take(country, kind, unknown_to=others)) for kind in kinds])
    channels = spec.collection_channels if role == COLLECTION else spec.payout_channels
    codes = np.array([CHANNEL[name] for name in channels])
    habits = rng.choice(codes, min(len(codes), int(rng.integers(1, 3))), replace=False)  # one or two channels a ring
    return _Side(country, accounts, habits, role)


def _starts(planter: Planter, spec: MirrorSpec, country: int, swaps: int) -> np.ndarray:
    """Draw each swap's first collection, sorted, so that every leg lies in what a night looks back on."""
    window = min(DETECTION_WINDOW_DAYS, planter.days)
    span = min(spec.span_days, window)
    begin = planter.end_us - span * DAY_US - int(planter.rng.random() * (window - span) * DAY_US)
    before = (max(0.0, -spec.lag_hours[0]) + spec.part_spread_hours) * HOUR_US
    after = (max(0.0, spec.lag_hours[1]) + spec.part_spread_hours) * HOUR_US
    low, high = begin + before, max(begin + span * DAY_US - after, begin + before + HOUR_US)
    tries = planter.rng.uniform(low, high, swaps * 12).astype(np.int64)
    local = np.mod(tries / HOUR_US + UTC_OFFSETS[country], 24)
    sunday = np.mod(tries // DAY_US + 3, 7) == 6
    open_then = (local >= COUNTER[0]) & (local < COUNTER[1] - 1) & ~sunday
    return np.sort(np.concatenate([tries[open_then], tries[~open_then]])[:swaps])


def _plant_swap(ring: _Ring, collecting: _Side, paying: _Side, start: int, number: int) -> None:
    planter, spec = ring.planter, ring.spec
    rng, rates = planter.rng, planter.world.rates
    due = planter.lagged(np.array([start]), spec.lag_hours, paying.country, ONLINE)
    days = planter.day_of(np.array([start, due[0]]))
    channel_in, channel_out = (int(rng.choice(side.channels)) for side in (collecting, paying))
    usd = np.exp(rng.uniform(*np.log(spec.amount_usd)))
    collected = rates.minor(np.array([usd]), collecting.country, int(days[0]))
    if rng.random() < spec.round_share:
        collected = rounded(rng, collected, 1.0)
    if channel_in in _CASH:
        collected = notes(rng, collected, np.array([collecting.country]))
    fee = rng.uniform(*spec.fee) + rng.uniform(-1, 1) * spec.fx_noise
    worth = rates.usd(collected, collecting.country, int(days[0])) * (1 - fee)
    paid = rates.minor(worth, paying.country, int(days[1]))
    if channel_out in _CASH:
        note = 100 * min(int(SMALLEST_NOTE[paying.country]), 100)
        paid = np.maximum(np.rint(paid / note), 1).astype(np.int64) * note
    _plant_legs(ring, collecting, channel_in, (start, start), int(collected[0]), number)
    _plant_legs(ring, paying, channel_out, (start, int(due[0])), int(paid[0]), number)


def _parts(ring: _Ring, total: int, bounds: tuple[int, int], unit: int) -> np.ndarray:
    """Split `total` minor units into parts, each a multiple of `unit` but the last, which takes up the rest."""
    rng = ring.planter.rng
    number = int(rng.integers(bounds[0], bounds[1] + 1))
    number = max(1, min(number, total // (unit * 4)))
    shares = rng.dirichlet(np.full(number, ring.manner.evenness))[:-1]
    head = np.maximum(np.floor(total * shares / unit), 1).astype(np.int64) * unit
    return np.append(head, total - head.sum())


def _plant_legs(ring: _Ring, side: _Side, channel: int, times: tuple[int, int], total: int, number: int) -> None:
    """Plant one side of one swap. `times`: the first collection, and this side's first part."""
    planter, spec, rng = ring.planter, ring.spec, ring.planter.rng
    collects, cash = side.role == COLLECTION, channel in _CASH
    parts = _parts(ring, total, spec.parts_in if collects else spec.parts_out, _CASH_UNIT if cash else _UNIT)
    spread = spec.part_spread_hours
    if not collects:  # a later payout keeps to the lag too
        spread = min(spread, max(0.0, spec.lag_hours[1] - (times[1] - times[0]) / HOUR_US))
    at = np.full(len(parts), times[1])
    at[1:] = planter.lagged(at[1:], (0, spread), side.country, COUNTER if cash else ONLINE)
    accounts = rng.choice(side.accounts, len(parts), replace=len(parts) > len(side.accounts))
    if cash:
        numbers = _plant_cash(ring, side, at, accounts, parts)
    else:
        others = _others(planter, side.country, accounts)
        payer, payee = (others, accounts) if collects else (accounts, others)
        numbers = planter.pay(Flow.PRIVATE, at, payer, payee, amount=parts, channel=channel, currency=side.country)
    for step, planted in enumerate(numbers.tolist(), start=1):
        ring.label.legs.append(Leg(number, step, side.role, planted))
    _cover(ring, side, at, accounts, parts, number)


def _plant_cash(ring: _Ring, side: _Side, at: np.ndarray, accounts: np.ndarray, parts: np.ndarray) -> np.ndarray:
    planter, deposit = ring.planter, side.role == COLLECTION
    runners = planter.people.account_party[planter.strangers(side.country, len(parts), PERSONS)]
    conductor = np.where(planter.rng.random(len(parts)) < ring.manner.runners, runners, NONE)
    flow = Flow.PERSON_CASH if deposit else Flow.BUSINESS_CASH
    return planter.cash(flow, at, accounts, parts, deposit=deposit, conductor=conductor, away=ring.manner.away)


def _others(planter: Planter, country: int, accounts: np.ndarray) -> np.ndarray:
    """Draw accounts of strangers at home, none of them the account that it deals with."""
    first, second = (planter.strangers(country, len(accounts)) for _ in range(2))
    return np.where(first == accounts, second, first)


def _cover(ring: _Ring, side: _Side, at: np.ndarray, accounts: np.ndarray, parts: np.ndarray, number: int) -> None:
    """Spend collected money at home in other amounts over the days after; fund payouts at home in those before."""
    planter, rng = ring.planter, ring.planter.rng
    covers = rng.poisson(ring.manner.covers * ring.spec.cover, len(parts))
    index = np.repeat(np.arange(len(parts)), covers)
    if not len(index):
        return
    share = rng.lognormal(-0.35, 0.7, len(index)) / covers[index]
    minor = rounded(rng, np.maximum((parts[index] * share).astype(np.int64), 100), 0.3)
    collects = side.role == COLLECTION
    wait = ((rng.exponential(_COVER_DAYS, len(index)) + 0.1) * DAY_US).astype(np.int64)
    when = planter.lagged(at[index] + (wait if collects else -wait), (-6, 6), side.country, ONLINE, weekdays=True)
    others = _others(planter, side.country, accounts[index])
    payer, payee = (accounts[index], others) if collects else (others, accounts[index])
    apart = np.flatnonzero(payer != payee)
    flow = Flow.SUPPLIER if collects else Flow.PRIVATE
    planted = planter.pay(flow, when[apart], payer[apart], payee[apart], amount=minor[apart], currency=side.country)
    ring.label.legs.extend(Leg(number, 0, COVER, row) for row in planted.tolist() if row != NONE)
