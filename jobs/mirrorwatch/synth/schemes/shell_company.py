"""Shell companies: firms with no staff, rent or tax that pass on what they get, one to the next or through a hub."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.places import US
from mirrorwatch.synth.planting import Label, Leg, Planter
from mirrorwatch.synth.population import BUSINESSES, PERSONS, Role
from mirrorwatch.synth.rows import CHANNEL, HOUR_US
from mirrorwatch.synth.spec import DETECTION_WINDOW_DAYS, ShellSpec

COVER = "cover"
_SECTORS = ("4690", "4649", "7020", "8299", "4610", "6499", "4651")  # what a firm that does anything may say it does
_STAR_SHARE = 0.35  # where the spec leaves the shape open
_AT_HOME = 0.4  # shells without a shared address that are nevertheless all of one country
_NOMINEE_SHARE = 0.7  # unrelated shells with a nominee on record; the others' ownership ends nowhere
_CIRCLE_SHARE = 0.3  # shells with a shared director whose shares are held in a circle
_FRONTS = (Role.TRADER, Role.MERCHANT, Role.CONSTRUCTION, Role.RESTAURANT)
# what looks like business: flow, payee, median USD
_SMALL = ((Flow.FEE, Role.BANK, 30.0), (Flow.CONTRACTOR, Role.SERVICE, 900.0), (Flow.TELECOM, Role.TELECOM, 60.0))


@dataclass
class _Flow:
    """One sum of money on its way: where in the labels, when it last moved, what it is worth."""

    label: Label
    group: int
    wires: float  # share of payments inside a country that go by wire, the rest by clearing house
    at: np.ndarray
    usd: float = 0.0
    step: int = 1


def plant_shells(planter: Planter, spec: ShellSpec, label_id: str) -> None:
    """Plant one chain or star of shells and its label; the label names the shells only."""
    rng = planter.rng
    shells = _companies(planter, spec, int(rng.integers(spec.length[0], spec.length[1] + 1)))
    accounts = [planter.account(shell) for shell in shells]
    label = Label(label_id, spec.typology, spec.difficulty, accounts, shells)
    star = spec.shape == "star" or (spec.shape == "any" and rng.random() < _STAR_SHARE)
    _plant_flows(planter, spec, _paths(rng, accounts, star=star), label)
    _small_payments(planter, spec, accounts, label)
    label.rows = [leg.planted for leg in label.legs if leg.role != COVER]
    planter.schemes.append(label)


def _companies(planter: Planter, spec: ShellSpec, number: int) -> list[int]:
    rng, home = planter.rng, planter.any_country()
    together = spec.shared_address or rng.random() < _AT_HOME
    shells: list[int] = []
    for _ in range(number):
        party = planter.new_company(
            home if together else planter.any_country(),
            age_days=int(rng.integers(spec.age_days[0], spec.age_days[1] + 1)),
            owned=False,
            industry_code=str(rng.choice(_SECTORS)),
            employees=None if rng.random() < 0.4 else int(rng.integers(0, 2)),
            annual_turnover_usd=None if rng.random() < 0.5 else round(float(rng.lognormal(11, 0.8)), 2),
        )
        if spec.shared_address and shells:
            planter.share_address(party, shells[0])
        shells.append(party)
    _directors(planter, spec, shells, home)
    return shells


def _directors(planter: Planter, spec: ShellSpec, shells: list[int], home: int) -> None:
    rng = planter.rng
    if not spec.shared_director:
        for shell in shells:
            if rng.random() < _NOMINEE_SHARE:
                planter.tie(planter.take(int(planter.people.party_country[shell]), PERSONS[:4]), shell, "nominee")
        return
    director = planter.take(home, PERSONS[:2])
    circle = rng.random() < _CIRCLE_SHARE
    for position, shell in enumerate(shells):
        planter.tie(director, shell, "director")
        if circle:
            planter.tie(shells[position - 1], shell, share=1.0)


def _paths(rng: np.random.Generator, accounts: list[int], *, star: bool) -> list[list[int]]:
    """Lay the routes that flows take: the whole chain, or hub and one spoke (gathered in the hub, or sent from it)."""
    if not star or len(accounts) <= 2:
        return [accounts]
    hub, spokes = accounts[0], accounts[1:]
    outward = rng.random() < 0.5
    return [[hub, spoke] if outward else [spoke, hub] for spoke in spokes]


def _plant_flows(planter: Planter, spec: ShellSpec, paths: list[list[int]], label: Label) -> None:
    rng, people = planter.rng, planter.people
    number = int(rng.integers(spec.flows[0], spec.flows[1] + 1)) + (len(paths) - 1) * 2
    window = min(DETECTION_WINDOW_DAYS, planter.days)
    longest = len(paths[0]) * (spec.hop_hours[1] + 2) / 24 + 3  # days from the first payment to the last, and a weekend
    days = np.sort(planter.days - window + rng.integers(0, max(1, int(window - longest)), number))
    fronts, payees, wires = int(rng.integers(1, 4)), int(rng.integers(1, 4)), float(rng.uniform(0.3, 0.95))
    sources = {path[0]: planter.strangers(int(people.account_country[path[0]]), fronts, _FRONTS) for path in paths}
    ends = {path[-1]: planter.strangers(planter.any_country(), payees, BUSINESSES) for path in paths}
    for group, day in enumerate(days.tolist(), start=1):
        path = paths[group % len(paths)]
        flow = _Flow(label, group, wires, planter.office(day, int(people.account_country[path[0]])))
        _arrive(planter, spec, flow, sources[path[0]], path[0])
        _pass_on(planter, spec, flow, [*path, int(rng.choice(ends[path[-1]]))])


def _arrive(planter: Planter, spec: ShellSpec, flow: _Flow, sources: np.ndarray, shell: int) -> None:
    """Pay money into the first shell; where flows merge, it waits for a second payment."""
    rng, total = planter.rng, 0.0
    for arrival in range(2 if rng.random() < spec.merge_share else 1):
        if arrival:
            flow.at = flow.at + int(rng.uniform(0.1, 0.5) * spec.hop_hours[0] * HOUR_US)
        flow.usd = float(np.exp(rng.uniform(*np.log(spec.amount_usd))))
        _pay(planter, spec, flow, (int(rng.choice(sources)), shell), role="in")
        total += flow.usd
    flow.usd = total


def _pass_on(planter: Planter, spec: ShellSpec, flow: _Flow, route: list[int]) -> None:
    for position, (payer, payee) in enumerate(pairwise(route), start=2):
        least = flow.usd * (1 - spec.kept[1])
        flow.usd *= 1 - planter.rng.uniform(*spec.kept)
        country = int(planter.people.account_country[payer])
        flow.at = planter.lagged(flow.at, spec.hop_hours, country, weekdays=True)
        _pay(planter, spec, flow, (payer, payee), role="out" if position == len(route) else "hop", least=least)


def _pay(
    planter: Planter, spec: ShellSpec, flow: _Flow, sides: tuple[int, int], *, role: str, least: float = 0.0
) -> None:
    """Make one hop in one to three payments, rounded down where that leaves `least` USD; updates the flow."""
    rng, people, rates = planter.rng, planter.people, planter.world.rates
    payer, payee = sides
    crosses = people.account_country[payer] != people.account_country[payee]
    currency = US if crosses else int(people.account_currency[payer])
    day = planter.day_of(flow.at)
    number = int(rng.integers(2, 4)) if role != "in" and rng.random() < spec.split_share else 1
    minor = rates.minor(flow.usd * rng.dirichlet(np.full(number, 5.0)), currency, day)
    if rng.random() < spec.round_share:
        whole = _rounded_down(rng, minor)
        minor = whole if float(rates.usd(whole, currency, day).sum()) >= least else minor
    later = np.append(0, np.sort(rng.uniform(0, 2 * HOUR_US, number - 1)).astype(np.int64))
    times = flow.at + later
    channel = CHANNEL["wire" if crosses or rng.random() < flow.wires else "ach"]
    planted = planter.pay(Flow.SUPPLIER, times, payer, payee, amount=minor, currency=currency, channel=channel)
    for offset, row in enumerate(planted.tolist()):
        flow.label.legs.append(Leg(flow.group, flow.step + offset, role, row))
    flow.usd, flow.step, flow.at = float(rates.usd(minor, currency, day).sum()), flow.step + number, times[-1:]


def _rounded_down(rng: np.random.Generator, minor: np.ndarray) -> np.ndarray:
    """Round down to whole hundreds, thousands or ten thousands, where that leaves at least two digits."""
    step = 10 ** rng.integers(4, 7, len(minor))
    return np.where(minor > step * 10, minor // step * step, minor)


def _small_payments(planter: Planter, spec: ShellSpec, accounts: list[int], label: Label) -> None:
    """Plant fees and bills that look like business: an account fee, a registered agent, a telephone."""
    rng = planter.rng
    for account in accounts:
        country = int(planter.people.account_country[account])
        monthly = rng.integers(spec.small_payments[0], spec.small_payments[1] + 1)
        for day in rng.integers(0, planter.days, int(monthly * planter.days / 30)).tolist():
            flow, kind, median = _SMALL[int(rng.integers(0, len(_SMALL)))]
            payee = planter.strangers(country, 1, (kind,))
            usd = median * rng.lognormal(0, 0.4, 1)
            planted = planter.pay(flow, planter.office(day, country), account, payee, usd=usd)
            label.legs.extend(Leg(0, 0, COVER, row) for row in planted.tolist() if row >= 0)
