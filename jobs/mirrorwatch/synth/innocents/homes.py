"""Homes honestly bought: by families, through a company of one's own, after a sale, off plan, together with others."""

import numpy as np

from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.innocents.business import live, operate, spend
from mirrorwatch.synth.planting import Planter
from mirrorwatch.synth.population import PERSONS, Role
from mirrorwatch.synth.rows import CHANNEL

_DRAFT, _WIRE = CHANNEL["cashiers_check"], CHANNEL["wire"]


def _agent(planter: Planter, country: int) -> int:
    """Add a title company with an escrow account, which closes other sales too; returns that account."""
    firm = planter.new_company(country, age_days=4_000, monthly_usd=200_000, industry_code="6820")
    held, number = planter.new_account(firm, country, kind="escrow"), int(planter.rng.integers(4, 9))
    at = planter.office(planter.some(number), country)
    usd = 120_000 * planter.rng.lognormal(0, 0.6, number)
    planter.pay(Flow.PROPERTY, at, planter.strangers(country, number, PERSONS), held, usd=usd)
    closing = planter.lagged(at, (24, 200), country, weekdays=True)
    planter.pay(Flow.PROPERTY, closing, held, planter.strangers(country, number, PERSONS), usd=usd * 0.97)
    operate(planter, firm, staff=3)
    return held


def _holder(planter: Planter, account: int) -> int:
    return int(planter.people.account_party[account])


def _unit(planter: Planter) -> int:
    return planter.text(f"Unit {int(planter.rng.integers(100, 2_999))} closing")


def home_buyer_with_family(planter: Planter) -> list[int]:
    """Plant a buyer: partner, parents and an aunt each pay their part to the title company, the lender the rest."""
    rng, country = planter.rng, planter.any_country()
    family = [planter.new_person(country), *(planter.take(country, PERSONS[:3]) for _ in range(4))]
    live(planter, planter.account(family[0]))
    held, unit = _agent(planter, country), _unit(planter)
    price = float(rng.uniform(280_000, 600_000))
    begin = planter.office(planter.some(1), country)
    payers = np.array([planter.account(member) for member in family])
    at = planter.lagged(begin.repeat(5), (0, 150), country, weekdays=True)
    planter.pay(Flow.PROPERTY, at, payers, held, usd=price * np.array([0.08, 0.05, 0.06, 0.04, 0.02]), purpose=unit,
                channel=np.array([_WIRE, _WIRE, _DRAFT, _DRAFT, _DRAFT]))  # fmt: skip
    loan = planter.lagged(begin, (150, 200), country, weekdays=True)
    planter.pay(Flow.LOAN, loan, planter.strangers(country, 1, (Role.BANK,)), held, usd=price * 0.75, channel=_WIRE)
    closing = planter.lagged(loan, (20, 60), country, weekdays=True)
    planter.pay(Flow.PROPERTY, closing, held, planter.strangers(country, 1, PERSONS), usd=price * 0.98, channel=_WIRE)
    return [*family, _holder(planter, held)]


def estate_planning_llc(planter: Planter) -> list[int]:
    """Plant a couple's own company without staff: funded by both, it buys their home and pays its tax and insurance."""
    rng, country = planter.rng, planter.any_country()
    couple = [planter.take(country, PERSONS[:3]) for _ in range(2)]
    firm = planter.new_company(country, age_days=int(rng.integers(60, 400)), monthly_usd=4_000, owned=False,
                               industry_code="6810", employees=0)  # fmt: skip
    for member in couple:
        planter.tie(member, firm, share=0.5)
        planter.tie(member, firm, "director")
    account, price = planter.account(firm), float(rng.uniform(250_000, 700_000))
    begin = planter.office(planter.some(1), country)
    accounts = np.array([planter.account(member) for member in couple])
    planter.pay(Flow.OWN, planter.lagged(begin.repeat(2), (0, 60), country, weekdays=True), accounts, account,
                usd=price * np.array([0.55, 0.5]), channel=_WIRE)  # fmt: skip
    bought = planter.lagged(begin, (70, 160), country, weekdays=True)
    held, unit = _agent(planter, country), _unit(planter)
    planter.pay(Flow.PROPERTY, bought, account, held, usd=price, purpose=unit, channel=_WIRE)
    months = planter.office(planter.monthly(), country)
    for flow, role, usd in ((Flow.TAX, Role.TAX_OFFICE, 900.0), (Flow.INSURANCE, Role.INSURER, 260.0),
                            (Flow.UTILITY, Role.UTILITY, 210.0)):  # fmt: skip
        planter.pay(flow, months, account, planter.strangers(country, 1, (role,)), usd=usd)
    return [firm, *couple, _holder(planter, held)]


def house_sale_then_purchase(planter: Planter) -> list[int]:
    """Plant a household that moves: the escrow of the old house pays out, and days later the new one is paid for."""
    rng, country = planter.rng, planter.any_country()
    person = planter.new_person(country)
    account, price = planter.account(person), float(rng.uniform(250_000, 650_000))
    live(planter, account)
    old, new = _agent(planter, country), _agent(planter, country)
    begin = planter.office(planter.some(1), country)
    buyer = planter.strangers(country, 1, PERSONS)
    planter.pay(Flow.PROPERTY, begin, buyer, old, usd=price * 1.06, channel=_WIRE)
    sold = planter.lagged(begin, (20, 90), country, weekdays=True)
    planter.pay(Flow.PROPERTY, sold, old, account, usd=price, channel=_WIRE)
    bought = planter.lagged(sold.repeat(2), (20, 140), country, weekdays=True)
    planter.pay(Flow.PROPERTY, bought, account, new, usd=price * np.array([0.1, 0.84]), purpose=_unit(planter),
                channel=np.array([_DRAFT, _WIRE]))  # fmt: skip
    movers = planter.strangers(country, 3, (Role.LOGISTICS, Role.SERVICE, Role.CONSTRUCTION))
    moved = planter.lagged(bought[-1:].repeat(3), (20, 160), country, weekdays=True)
    planter.pay(Flow.CONTRACTOR, moved, account, movers, usd=2_600 * rng.lognormal(0, 0.5, 3))
    return [person, _holder(planter, old), _holder(planter, new)]


def property_developer(planter: Planter) -> list[int]:
    """Plant a developer: each of many buyers pays for a unit of its own in instalments; builders are paid."""
    rng, country = planter.rng, planter.any_country()
    firm = planter.new_company(country, age_days=3_500, monthly_usd=900_000, industry_code="4100", employees=60)
    account, buyers = planter.account(firm), int(rng.integers(14, 24))
    for payer in planter.strangers(country, buyers, PERSONS[:3]).tolist():
        stages = int(rng.integers(2, 5))
        at = np.sort(planter.office(planter.some(stages), country))
        usd = np.full(stages, float(rng.uniform(9_000, 40_000)))
        codes = np.where(rng.random(stages) < 0.5, _DRAFT, _WIRE)
        planter.pay(Flow.PROPERTY, at, payer, account, usd=usd, channel=codes, purpose=_unit(planter))
    spend(planter, account, 20, 40_000)
    operate(planter, firm, staff=10)
    return [firm]


def investors_club(planter: Planter) -> list[int]:
    """Plant a club whose members hold shares on record: most pay the club, some the developer, for one house."""
    rng, country = planter.rng, planter.any_country()
    members = [planter.take(country, PERSONS[:3]) for _ in range(int(rng.integers(6, 10)))]
    club = planter.new_company(country, age_days=900, monthly_usd=15_000, owned=False, industry_code="6810")
    for member in members:
        planter.tie(member, club, share=round(0.99 / len(members), 3))
    planter.tie(members[0], club, "director")
    account, unit = planter.account(club), _unit(planter)
    developer = planter.new_company(country, age_days=4_000, monthly_usd=500_000, industry_code="4100")
    operate(planter, developer, staff=5)
    begin = planter.office(planter.some(1), country)
    at = planter.lagged(begin.repeat(len(members)), (0, 200), country, weekdays=True)
    payees = np.where(np.arange(len(members)) < 3, planter.account(developer), account)
    payers = np.array([planter.account(member) for member in members])
    stake = float(rng.uniform(20_000, 60_000))
    codes = np.where(rng.random(len(at)) < 0.4, _DRAFT, _WIRE)
    planter.pay(Flow.PROPERTY, at, payers, payees, usd=stake, channel=codes, purpose=unit)
    paid = planter.lagged(begin, (210, 300), country, weekdays=True)
    planter.pay(Flow.PROPERTY, paid, account, planter.account(developer), usd=stake * (len(members) - 3) * 0.98,
                channel=_WIRE, purpose=unit)  # fmt: skip
    tenants = planter.strangers(country, 2, PERSONS)
    for month in planter.monthly().tolist():
        planter.pay(Flow.RENT, planter.office(np.full(2, month), country), tenants, account, usd=1_700.0)
    return [club, developer, *members]
