"""Opaque ownership: companies in circles, below chains that end, behind nominees, or just bought, that move money.

easy: young, sums of one size pass whole among them within days. hard: older, owners differ from company to company,
persons hold minorities, sums rest up to a week, a part is kept, and small bills are paid as a business would.
"""

from itertools import pairwise

import numpy as np

from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.places import US
from mirrorwatch.synth.planting import Planter
from mirrorwatch.synth.population import BUSINESSES, PERSONS, Role
from mirrorwatch.synth.rows import CHANNEL
from mirrorwatch.synth.schemes.staging import HOP, IN, OUT, Scheme, stage
from mirrorwatch.synth.spec import DETECTION_WINDOW_DAYS, TypologySpec

_SECTORS = ("4690", "7020", "8299", "6420", "4610", "6810")
_FRONTS = (Role.TRADER, Role.MERCHANT, Role.CONSTRUCTION, Role.RESTAURANT)
_BILLS = ((Flow.FEE, Role.BANK, 30.0), (Flow.TELECOM, Role.TELECOM, 60.0), (Flow.CONTRACTOR, Role.SERVICE, 900.0))
_OTHER_CLIENTS = 26  # companies that a professional nominee serves besides


def plant_opaque_ownership(planter: Planter, spec: TypologySpec, label_id: str) -> None:
    """Plant one structure and its label; the label names the companies that move the money."""
    stage(planter, spec, label_id, {"circle": _circle, "front": _front, "layers": _layers, "bought": _bought})


def _companies(scheme: Scheme, number: int) -> list[int]:
    """Add companies that nobody owns yet."""
    planter, home = scheme.planter, scheme.planter.any_country()
    rng = planter.rng
    made = []
    for _ in range(number):
        place = planter.any_country() if scheme.hard and rng.random() < 0.5 else home
        made.append(
            planter.new_company(
                place,
                owned=False,
                age_days=scheme.number((40, 300), (500, 3_000)),
                industry_code=str(rng.choice(_SECTORS)),
                employees=None if rng.random() < 0.5 else int(rng.integers(0, 3)),
                annual_turnover_usd=None if rng.random() < 0.4 else round(float(rng.lognormal(12, 0.8)), 2),
            )
        )
    return made


def _person(scheme: Scheme, company: int) -> int:
    return scheme.planter.take(int(scheme.planter.people.party_country[company]), PERSONS[:4])


def _circle(scheme: Scheme) -> None:
    """Let each company own the next; hard: with a person's minority in some."""
    planter, rng = scheme.planter, scheme.planter.rng
    made = _companies(scheme, scheme.number((3, 5), (3, 6)))
    for position, company in enumerate(made):
        minority = float(rng.uniform(0.05, 0.3)) if scheme.hard and rng.random() < 0.4 else 0.0
        planter.tie(made[position - 1], company, share=round(1 - minority, 2))
        if minority:
            planter.tie(_person(scheme, company), company, share=round(minority, 2))
        if rng.random() < 0.5:
            planter.tie(_person(scheme, company), company, "director")
    _move(scheme, made)


def _front(scheme: Scheme) -> None:
    """Let one nominee stand for all; hard: a professional with many other clients, who have a business each."""
    planter, rng = scheme.planter, scheme.planter.rng
    made = _companies(scheme, scheme.number((4, 6), (3, 5)))
    nominee = _person(scheme, made[0])
    for company in made:
        planter.tie(nominee, company, "nominee" if not scheme.hard or rng.random() < 0.7 else "agent")
    if scheme.hard:
        country = int(planter.people.party_country[made[0]])
        for client in rng.choice(planter.members(country, BUSINESSES), _OTHER_CLIENTS).tolist():
            planter.tie(nominee, int(client), "nominee")
    _move(scheme, made)


def _layers(scheme: Scheme) -> None:
    """Let chains of holdings end at one that nobody owns; hard: each company below a chain of its own."""
    planter, rng = scheme.planter, scheme.planter.rng
    made = _companies(scheme, scheme.number((2, 4), (2, 4)))
    chain: list[int] = []
    for company in made:
        if not chain or scheme.hard:
            chain = _companies(scheme, scheme.number((3, 3), (2, 4)))
            for below, above in pairwise(chain):
                planter.tie(above, below, share=round(float(rng.uniform(0.7, 1)), 2) if scheme.hard else 1.0)
        planter.tie(chain[0], company, share=None if scheme.hard and rng.random() < 0.3 else 1.0)
        if rng.random() < 0.5:
            planter.tie(_person(scheme, company), company, "nominee" if rng.random() < 0.5 else "director")
    _move(scheme, made)


def _bought(scheme: Scheme) -> None:
    """Let companies change hands to a nominee, or to a company that nobody owns, before their money."""
    planter, rng = scheme.planter, scheme.planter.rng
    made = _companies(scheme, scheme.number((2, 4), (2, 4)))
    nominee, holding = _person(scheme, made[0]), _companies(scheme, 1)[0]
    start = planter.first_day + planter.days - min(DETECTION_WINDOW_DAYS, planter.days)
    for company in made:
        day = start - scheme.number((2, 20), (5, 60))
        seller = _person(scheme, company)
        if scheme.hard and rng.random() < 0.5:
            planter.hand_over(seller, holding, company, day)
        else:
            planter.hand_over(seller, nominee, company, day, role="nominee")
    _move(scheme, made)


def _move(scheme: Scheme, companies: list[int]) -> None:
    """Send sums from strangers through the companies, in turn begun at another, and out again."""
    planter, rng = scheme.planter, scheme.planter.rng
    accounts = [scheme.suspect(company) for company in companies]
    country = int(planter.people.account_country[accounts[0]])
    sources, ends = planter.strangers(country, 3, _FRONTS), planter.strangers(planter.any_country(), 3, BUSINESSES)
    window = min(DETECTION_WINDOW_DAYS, planter.days)
    number = scheme.number((6, 12), (5, 10))
    longest = scheme.number((4, 4), (14, 14))
    days = np.sort(planter.days - window + rng.integers(0, max(1, window - longest), number))
    sums = scheme.amounts((20_000, 200_000), (15_000, 150_000), number)
    for group, (day, usd) in enumerate(zip(days.tolist(), sums.tolist(), strict=True), start=1):
        hops = int(rng.integers(2, min(len(accounts), 4) + 1))
        first = group % len(accounts)
        route = [accounts[(first + step) % len(accounts)] for step in range(hops)]
        _send(
            scheme, group, planter.office(day, country), usd, [int(rng.choice(sources)), *route, int(rng.choice(ends))]
        )
    if scheme.hard:
        scheme.beside(lambda: _bills(planter, accounts))


def _send(scheme: Scheme, group: int, at: np.ndarray, usd: float, route: list[int]) -> None:
    planter, rng = scheme.planter, scheme.planter.rng
    for step, (payer, payee) in enumerate(pairwise(route)):
        place = int(planter.people.account_country[payer])
        crosses = planter.people.account_country[payee] != place
        role = IN if step == 0 else OUT if step == len(route) - 2 else HOP
        channel = CHANNEL["wire" if crosses or rng.random() < 0.6 else "ach"]
        planted = planter.pay(
            Flow.SUPPLIER, at, payer, payee, usd=usd, currency=US if crosses else place, channel=channel
        )
        scheme.note(role, group, planted)
        at = planter.lagged(at, (4, 100) if scheme.hard else (2, 30), place, weekdays=True)
        usd *= 1 - float(rng.uniform(0, 0.06 if scheme.hard else 0.02))


def _bills(planter: Planter, accounts: list[int]) -> None:
    rng = planter.rng
    for account in accounts:
        country = int(planter.people.account_country[account])
        for day in rng.integers(0, planter.days, int(rng.integers(1, 6))).tolist():
            flow, kind, median = _BILLS[int(rng.integers(0, len(_BILLS)))]
            usd = median * rng.lognormal(0, 0.4, 1)
            planter.pay(flow, planter.office(day, country), account, planter.strangers(country, 1, (kind,)), usd=usd)
