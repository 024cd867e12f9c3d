"""A mirror-swap ring: money collected in one country, its worth less a fee paid out in another, nothing sent between.

The ring's accounts are ordinary accounts of the background, so each keeps its own salary, rent and cards beside the
swaps. What is collected is spent at home in other amounts, and payouts are funded at home by other people's payments.
"""

from dataclasses import dataclass

import numpy as np

from mirrorwatch.synth.economy import notes, rounded
from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.places import COUNTRY_CODES, SMALLEST_NOTE, UTC_OFFSETS
from mirrorwatch.synth.planting import Label, Leg, Planter
from mirrorwatch.synth.population import PERSONS, Role
from mirrorwatch.synth.rows import CHANNEL, DAY_US, HOUR_US, NONE
from mirrorwatch.synth.spec import DETECTION_WINDOW_DAYS, MirrorSpec

COLLECTION, PAYOUT, COVER = "collection", "payout", "cover"
_SMALL_BUSINESSES = (Role.GROCER, Role.RESTAURANT, Role.MERCHANT, Role.SERVICE, Role.TRADER)
_COUNTER_HOURS = (9.0, 17.5)
_TRANSFER_HOURS = (7.5, 21.5)


@dataclass(frozen=True)
class _Side:
    """One side of a ring: its country, accounts, and the channels that its legs use."""

    country: int
    accounts: np.ndarray
    channels: np.ndarray
    role: str


def plant_mirror_swap(planter: Planter, spec: MirrorSpec, label_id: str) -> None:
    """Plants one ring and its label."""
    rng = planter.rng
    home, abroad = _corridor(planter)
    collecting = _side(planter, spec, home, spec.collection_channels, COLLECTION)
    paying = _side(planter, spec, abroad, spec.payout_channels, PAYOUT)
    accounts = [*collecting.accounts.tolist(), *paying.accounts.tolist()]
    label = Label(label_id, spec.typology, spec.difficulty, accounts, planter.people.account_party[accounts].tolist())
    swaps = int(rng.integers(spec.swaps[0], spec.swaps[1] + 1))
    for swap, start in enumerate(_moments(planter, spec, home, swaps), start=1):
        _plant_swap(planter, spec, collecting, paying, start, swap, label)
    label.rows = [leg.planted for leg in label.legs if leg.role != COVER]
    planter.schemes.append(label)


def _corridor(planter: Planter) -> tuple[int, int]:
    """Two countries of the world, in either order; pairs with the US are commoner, as most of the world's accounts."""
    weights = planter.world.habits.country_weights
    home, abroad = planter.rng.choice(len(COUNTRY_CODES), 2, replace=False, p=weights)
    return int(home), int(abroad)


def _side(planter: Planter, spec: MirrorSpec, country: int, channels: tuple[str, ...], role: str) -> _Side:
    rng = planter.rng
    number = int(rng.integers(spec.accounts_per_side[0], spec.accounts_per_side[1] + 1))
    kinds = [PERSONS[:4] if rng.random() < 0.6 else _SMALL_BUSINESSES for _ in range(number)]  # noqa: PLR2004
    accounts = np.array([planter.account(planter.take(country, kind)) for kind in kinds])
    codes = np.array([CHANNEL[name] for name in channels])
    used = rng.choice(codes, min(len(codes), int(rng.integers(1, 3))), replace=False)  # a ring keeps to its habits
    return _Side(country, accounts, used, role)


def _moments(planter: Planter, spec: MirrorSpec, country: int, swaps: int) -> np.ndarray:
    """Start of each swap's collection, sorted, so that every leg falls into the window that a night looks back on."""
    days = min(spec.span_days, DETECTION_WINDOW_DAYS, planter.world.spec.days)
    before = max(0.0, -spec.lag_hours[0]) + spec.part_spread_hours
    after = max(0.0, spec.lag_hours[1]) + spec.part_spread_hours
    longest = (min(DETECTION_WINDOW_DAYS, planter.world.spec.days) - days) * DAY_US
    begin = planter.end_us - days * DAY_US - int(planter.rng.random() * longest)
    low, high = begin + before * HOUR_US, begin + days * DAY_US - after * HOUR_US
    low, high = min(low, (low + high) / 2), max(high, (low + high) / 2)
    tries = planter.rng.uniform(low, high, (swaps * 12, 1)).astype(np.int64)[:, 0]
    local = np.mod(tries / HOUR_US + UTC_OFFSETS[country], 24)
    weekday = (tries // DAY_US + 3) % 7
    good = (local >= _COUNTER_HOURS[0]) & (local < 16) & (weekday != 6)  # noqa: PLR2004 : no counter on Sundays
    return np.sort(np.concatenate([tries[good], tries[~good]])[:swaps])


def _plant_swap(
    planter: Planter, spec: MirrorSpec, collecting: _Side, paying: _Side, start: int, swap: int, label: Label
) -> None:
    rng, rates = planter.rng, planter.world.rates
    first = np.array([start])
    due = planter.lagged(first, spec.lag_hours, paying.country, _TRANSFER_HOURS)
    days = planter.day_of(np.array([start, due[0]]))
    fee = rng.uniform(*spec.fee) + rng.uniform(-1, 1) * spec.fx_noise
    usd = np.exp(rng.uniform(*np.log(spec.amount_usd)))
    channels = [int(rng.choice(side.channels)) for side in (collecting, paying)]
    collected = rates.minor(np.array([usd]), collecting.country, int(days[0]))
    if rng.random() < spec.round_share:
        collected = rounded(rng, collected, 1.0)
    if channels[0] == CHANNEL["cash_deposit"]:
        collected = notes(rng, collected, np.array([collecting.country]))
    worth = rates.usd(collected, collecting.country, int(days[0])) * (1 - fee)
    paid = rates.minor(worth, paying.country, int(days[1]))
    if channels[1] == CHANNEL["cash_withdrawal"]:
        unit = 100 * min(int(SMALLEST_NOTE[paying.country]), 100)
        paid = np.maximum(paid // unit, 1) * unit
    _legs(planter, spec, collecting, channels[0], start, start, int(collected[0]), swap, label)
    _legs(planter, spec, paying, channels[1], int(due[0]), start, int(paid[0]), swap, label)


def _parts(rng: np.random.Generator, total: int, bounds: tuple[int, int], unit: int) -> np.ndarray:
    """`total` minor units in parts, each a multiple of `unit` but for what the last one takes up."""
    number = int(rng.integers(bounds[0], bounds[1] + 1))
    number = max(1, min(number, total // (unit * 4)))
    shares = rng.dirichlet(np.full(number, 4.0))[:-1]
    head = np.maximum(np.floor(total * shares / unit), 1).astype(np.int64) * unit
    return np.append(head, total - head.sum())


def _legs(
    planter: Planter, spec: MirrorSpec, side: _Side, channel: int, begin: int, collected_at: int, total: int, swap: int,
    label: Label,
) -> None:  # fmt: skip
    """One side of one swap: its parts over the side's accounts and a few hours, and what covers them."""
    rng = planter.rng
    collects = side.role == COLLECTION
    cash = channel in (CHANNEL["cash_deposit"], CHANNEL["cash_withdrawal"])
    parts = _parts(rng, total, spec.parts_in if collects else spec.parts_out, 10_000 if cash else 100)
    at = np.full(len(parts), begin)
    last = spec.part_spread_hours
    if not collects:  # a part paid out later still keeps to the lag
        last = min(last, max(0.0, spec.lag_hours[1] - (begin - collected_at) / HOUR_US))
    at[1:] = planter.lagged(at[1:], (0, last), side.country, _COUNTER_HOURS if cash else _TRANSFER_HOURS)
    accounts = rng.choice(side.accounts, len(parts), replace=len(parts) > len(side.accounts))
    if cash:
        conductor = np.where(rng.random(len(parts)) < 0.7, _mules(planter, side, len(parts)), NONE)  # noqa: PLR2004
        flow = Flow.PERSON_CASH if collects else Flow.BUSINESS_CASH
        numbers = planter.cash(flow, at, accounts, parts, deposit=collects, conductor=conductor, away=0.7)
    else:
        others = planter.strangers(side.country, len(parts))
        others = np.where(others == accounts, planter.strangers(side.country, len(parts)), others)
        payer, payee = (others, accounts) if collects else (accounts, others)
        numbers = planter.pay(Flow.PRIVATE, at, payer, payee, 0.0, amount=parts, channel=channel,
                              currency=side.country)  # fmt: skip
    for step, number in enumerate(numbers.tolist(), start=1):
        label.legs.append(Leg(swap, step, side.role, number))
    _cover(planter, spec, side, at, accounts, parts, swap, label)


def _mules(planter: Planter, side: _Side, n: int) -> np.ndarray:
    return np.asarray(planter.people.account_party[planter.strangers(side.country, n, PERSONS)])


def _cover(
    planter: Planter, spec: MirrorSpec, side: _Side, at: np.ndarray, accounts: np.ndarray, parts: np.ndarray,
    swap: int, label: Label,
) -> None:  # fmt: skip
    """Collected money leaves at home in other amounts in the days after; payouts are funded at home in those before."""
    rng = planter.rng
    number = rng.poisson(1.6 * spec.cover, len(parts))
    if not number.sum():
        return
    index = np.repeat(np.arange(len(parts)), number)
    share = rng.lognormal(-0.35, 0.7, len(index)) / number[index]
    minor = rounded(rng, np.maximum((parts[index] * share).astype(np.int64), 100), 0.3)
    wait = (rng.exponential(2.0, len(index)) + 0.1) * DAY_US
    collects = side.role == COLLECTION
    when = at[index] + (wait if collects else -wait).astype(np.int64)
    when = planter.lagged(when, (-6, 6), side.country, _TRANSFER_HOURS)
    others = planter.strangers(side.country, len(index))
    payer, payee = (accounts[index], others) if collects else (others, accounts[index])
    apart = payer != payee
    flow = Flow.SUPPLIER if collects else Flow.PRIVATE
    numbers = planter.pay(flow, when[apart], payer[apart], payee[apart], 0.0, amount=minor[apart],
                          currency=side.country)  # fmt: skip
    label.legs.extend(Leg(swap, 0, COVER, number) for number in numbers.tolist() if number != NONE)
