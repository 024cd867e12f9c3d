"""Shell companies: firms with no staff, rent or tax that pass on what they get, one to the next or through a hub."""

import numpy as np

from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.places import US
from mirrorwatch.synth.planting import Label, Leg, Planter
from mirrorwatch.synth.population import BUSINESSES, PERSONS, Role
from mirrorwatch.synth.rows import CHANNEL, HOUR_US
from mirrorwatch.synth.spec import DETECTION_WINDOW_DAYS, ShellSpec

_HOURS = (7.5, 19.5)
_LIKELY_SECTORS = ("4690", "4649", "7020", "8299", "4610", "6499", "4651")


def plant_shells(planter: Planter, spec: ShellSpec, label_id: str) -> None:
    """Plants one chain or star of shells and its label; the label names the shells only."""
    rng = planter.rng
    number = int(rng.integers(spec.length[0], spec.length[1] + 1))
    shells = _companies(planter, spec, number)
    accounts = [planter.account(shell) for shell in shells]
    star = spec.shape == "star" or (spec.shape == "any" and rng.random() < 0.35)  # noqa: PLR2004
    paths = _paths(rng, accounts, star=star and number > 2)  # noqa: PLR2004 : two shells are a chain
    label = Label(label_id, spec.typology, spec.difficulty, accounts, shells)
    _plant_flows(planter, spec, paths, label)
    _small_payments(planter, spec, accounts, label)
    label.rows = [leg.planted for leg in label.legs if leg.role != "cover"]
    planter.schemes.append(label)


def _companies(planter: Planter, spec: ShellSpec, number: int) -> list[int]:
    rng = planter.rng
    weights = planter.world.habits.country_weights
    at_home = rng.random() < 0.4  # noqa: PLR2004 : else spread over countries
    home = int(rng.choice(len(weights), p=weights))
    shells = []
    for _ in range(number):
        country = home if at_home or spec.shared_address else int(rng.choice(len(weights), p=weights))
        age = int(rng.integers(spec.age_days[0], spec.age_days[1] + 1))
        employees = None if rng.random() < 0.4 else int(rng.integers(0, 2))  # noqa: PLR2004
        turnover = None if rng.random() < 0.5 else round(float(rng.lognormal(11, 0.8)), 2)  # noqa: PLR2004
        sector = str(rng.choice(_LIKELY_SECTORS))
        shells.append(planter.new_company(country, age_days=age, industry_code=sector, employees=employees,
                                          annual_turnover_usd=turnover))  # fmt: skip
    _directors(planter, spec, shells, home)
    return shells


def _directors(planter: Planter, spec: ShellSpec, shells: list[int], home: int) -> None:
    rng = planter.rng
    if spec.shared_address:
        for shell in shells[1:]:
            planter.described[shell]["address_of"] = shells[0]
    if spec.shared_director:
        director = planter.take(home, PERSONS[:2])
        for shell in shells:
            planter.tie(director, shell, "director")
        return
    for shell in shells:  # each its own nominee, or nobody on record
        if rng.random() < 0.7:  # noqa: PLR2004
            planter.tie(planter.take(int(planter.people.party_country[shell]), PERSONS[:4]), shell, "nominee")


def _paths(rng: np.random.Generator, accounts: list[int], *, star: bool) -> list[list[int]]:
    """Routes that flows take: the whole chain, or hub and one spoke (money gathers in the hub or leaves from it)."""
    if not star:
        return [accounts]
    hub, spokes = accounts[0], accounts[1:]
    outward = rng.random() < 0.5  # noqa: PLR2004
    return [[hub, spoke] if outward else [spoke, hub] for spoke in spokes]


def _plant_flows(planter: Planter, spec: ShellSpec, paths: list[list[int]], label: Label) -> None:
    rng, people = planter.rng, planter.people
    flows = int(rng.integers(spec.flows[0], spec.flows[1] + 1)) + (len(paths) - 1) * 2
    window = min(DETECTION_WINDOW_DAYS, planter.world.spec.days)
    longest = (max(len(path) for path in paths) + 1) * (spec.hop_hours[1] + 12) / 24 + 2
    first = planter.world.spec.days - window + rng.integers(0, max(1, int(window - longest)), flows)
    weights = planter.world.habits.country_weights
    sources = {path[0]: _fronts(planter, int(people.account_country[path[0]])) for path in paths}
    ends = {path[-1]: planter.strangers(int(rng.choice(len(weights), p=weights)), 3, BUSINESSES) for path in paths}
    for group, day in enumerate(np.sort(first).tolist(), start=1):
        path = paths[group % len(paths)]
        at, usd, step = _arrivals(planter, spec, day, sources[path[0]], path[0], label, group)
        _pass_on(planter, spec, at, path, int(rng.choice(ends[path[-1]])), usd, label, (group, step))


def _arrivals(
    planter: Planter, spec: ShellSpec, day: int, sources: np.ndarray, shell: int, label: Label, group: int
) -> tuple[np.ndarray, float, int]:
    """Money into the first shell; a merged flow waits for a second payment. Returns last arrival, USD, next step."""
    rng = planter.rng
    at = planter.office_moments(day, int(planter.people.account_country[shell]))
    total, step = 0.0, 1
    for arrival in range(2 if rng.random() < spec.merge_share else 1):
        if arrival:
            at = at + int(rng.uniform(0.1, 0.5) * spec.hop_hours[0] * HOUR_US)
        usd = float(np.exp(rng.uniform(*np.log(spec.amount_usd))))
        paid, step = _pay(planter, spec, at, int(rng.choice(sources)), shell, usd, label, (group, step), role="in")
        total += paid
    return at, total, step


def _fronts(planter: Planter, country: int) -> np.ndarray:
    """One or two ordinary businesses that the money comes from."""
    n = int(planter.rng.integers(1, 3))
    return planter.strangers(country, n, (Role.TRADER, Role.MERCHANT, Role.CONSTRUCTION, Role.RESTAURANT))


def _pass_on(
    planter: Planter, spec: ShellSpec, arrival: np.ndarray, path: list[int], end: int, usd: float, label: Label,
    place: tuple[int, int],
) -> None:  # fmt: skip
    group, step = place
    for position, account in enumerate(path):
        last = position + 1 == len(path)
        country = int(planter.people.account_country[account])
        arrival = planter.lagged(arrival, spec.hop_hours, country, _HOURS)
        paid, step = _pay(planter, spec, arrival, account, end if last else path[position + 1],
                          usd * (1 - planter.rng.uniform(*spec.kept)), label, (group, step),
                          role="out" if last else "hop", least=usd * (1 - spec.kept[1]))  # fmt: skip
        usd = paid


def _pay(
    planter: Planter, spec: ShellSpec, at: np.ndarray, payer: int, payee: int, usd: float, label: Label,
    place: tuple[int, int], *, role: str, least: float = 0.0,
) -> tuple[float, int]:  # fmt: skip
    """One hop in one to three payments, never below `least` USD; returns USD paid and the next step number."""
    rng, people, rates = planter.rng, planter.people, planter.world.rates
    group, step = place
    crosses = people.account_country[payer] != people.account_country[payee]
    currency = US if crosses else int(people.account_currency[payer])
    day = planter.day_of(at)
    number = int(rng.integers(2, 4)) if role != "in" and rng.random() < spec.split_share else 1
    minor = rates.minor(usd * rng.dirichlet(np.full(number, 5.0)), currency, day)
    if rng.random() < spec.round_share:
        whole = _rounded_down(rng, minor)
        minor = whole if float(rates.usd(whole, currency, day).sum()) >= least else minor
    times = at + np.sort(rng.uniform(0, 2 * HOUR_US, number)).astype(np.int64) * (number > 1)
    channel = CHANNEL["wire"] if crosses or rng.random() < 0.6 else CHANNEL["ach"]  # noqa: PLR2004
    numbers = planter.pay(Flow.SUPPLIER, times, payer, payee, 0.0, amount=minor, currency=currency, channel=channel)
    for offset, planted in enumerate(numbers.tolist()):
        label.legs.append(Leg(group, step + offset, role, planted))
    return float(rates.usd(minor, currency, day).sum()), step + number


def _rounded_down(rng: np.random.Generator, minor: np.ndarray) -> np.ndarray:
    """Whole hundreds, thousands or ten thousands below the amount, where that leaves at least two digits."""
    step = 10 ** rng.integers(4, 7, len(minor))
    return np.where(minor > step * 10, minor // step * step, minor)


def _small_payments(planter: Planter, spec: ShellSpec, accounts: list[int], label: Label) -> None:
    """Fees and bills that look like business: an account fee, a registered agent, a telephone."""
    rng, people = planter.rng, planter.people
    days = planter.world.spec.days
    for account in accounts:
        country = int(people.account_country[account])
        monthly = rng.integers(spec.small_payments[0], spec.small_payments[1] + 1)
        number = int(monthly * days / 30)
        payees = {Flow.FEE: Role.BANK, Flow.CONTRACTOR: Role.SERVICE, Flow.TELECOM: Role.TELECOM}
        for flow in rng.choice(list(payees), number):
            kind = Flow(int(flow))
            median = {Flow.FEE: 30.0, Flow.CONTRACTOR: 900.0, Flow.TELECOM: 60.0}[kind]
            at = planter.office_moments(int(rng.integers(0, days)), country)
            payee = planter.strangers(country, 1, (payees[kind],))
            planted = planter.pay(kind, at, account, payee, median * rng.lognormal(0, 0.4, 1))
            label.legs.extend(Leg(0, 0, "cover", n) for n in planted.tolist() if n >= 0)
