"""Owners that look hidden and are not: listed, state-owned, family-held, owned by nobody by nature, or just sold."""

import numpy as np

from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.innocents.business import operate, sell, spend
from mirrorwatch.synth.places import US
from mirrorwatch.synth.planting import Planter
from mirrorwatch.synth.population import BUSINESSES, PERSONS
from mirrorwatch.synth.rows import CHANNEL


def _lend(planter: Planter, payer: int, payee: int, times: int, usd: float) -> None:
    """Move money inside a group, to and fro."""
    country = int(planter.people.account_country[payer])
    crosses = planter.people.account_country[payee] != country
    for number, day in enumerate(planter.some(times).tolist()):
        sides = (payer, payee) if number % 2 == 0 else (payee, payer)
        worth = usd * planter.rng.lognormal(0, 0.3)
        planter.pay(Flow.OWN, planter.office(day, country), *sides, usd=worth,
                    currency=US if crosses else country, channel=CHANNEL["wire"])  # fmt: skip


def _trade(planter: Planter, company: int, *, staff: int = 4, usd: float = 9_000.0) -> int:
    """Let a company sell, buy, and pay its people; returns its account."""
    account = planter.account(company)
    sell(planter, account, 14, usd)
    spend(planter, account, 10, usd * 0.5)
    operate(planter, company, staff=staff)
    return account


def listed_company(planter: Planter) -> list[int]:
    """Plant a company that thirty persons and a fund hold in small parts; its two subsidiaries borrow from it."""
    rng, country = planter.rng, planter.any_country()
    company = planter.new_company(country, age_days=6_000, monthly_usd=900_000, owned=False)
    fund = planter.new_company(country, age_days=4_000, monthly_usd=50_000, owned=False, industry_code="6430")
    planter.tie(fund, company, share=0.12)
    crowd = planter.members(country, PERSONS[:3])
    for holder in rng.choice(crowd, min(30, len(crowd)), replace=False).tolist():
        planter.tie(int(holder), company, share=round(float(rng.uniform(0.004, 0.02)), 4))
    head, subsidiaries = _trade(planter, company, usd=30_000), []
    for _ in range(2):
        subsidiary = planter.new_company(planter.any_country(), age_days=3_000, monthly_usd=200_000, owned=False)
        planter.tie(company, subsidiary, share=1.0)
        subsidiaries.append(subsidiary)
        _lend(planter, head, planter.account(subsidiary), 6, 60_000)
        _trade(planter, subsidiary)
    return [company, fund, *subsidiaries]


def state_owned_firm(planter: Planter) -> list[int]:
    """Plant a ministry that owns a holding that owns two works: funds down the line, wages and suppliers at the end."""
    country = planter.any_country()
    ministry = planter.new_company(country, age_days=9_000, monthly_usd=2e6, owned=False, kind="government",
                                   industry_code="8411")  # fmt: skip
    holding = planter.new_company(country, age_days=5_000, monthly_usd=500_000, owned=False, industry_code="6420")
    planter.tie(ministry, holding, share=1.0)
    works = []
    for _ in range(2):
        firm = planter.new_company(country, age_days=4_000, monthly_usd=250_000, owned=False)
        planter.tie(holding, firm, share=1.0)
        _lend(planter, planter.account(holding), planter.account(firm), 4, 90_000)
        _trade(planter, firm, staff=6)
        works.append(firm)
    _lend(planter, planter.account(ministry), planter.account(holding), 3, 200_000)
    return [ministry, holding, *works]


def foundation(planter: Planter) -> list[int]:
    """Plant a foundation that nobody owns, with a director and no staff: two donors, and grants within the week."""
    rng, country = planter.rng, planter.any_country()
    body = planter.new_company(country, age_days=3_000, monthly_usd=40_000, owned=False, industry_code="9499",
                               employees=0)  # fmt: skip
    planter.tie(planter.take(country, PERSONS[:3]), body, "director")
    account, donors = planter.account(body), planter.strangers(country, 2, BUSINESSES)
    for day in planter.some(4).tolist():
        at, usd = planter.office(day, country), float(25_000 * rng.lognormal(0, 0.4))
        planter.pay(Flow.DONATION, at, int(rng.choice(donors)), account, usd=usd)
        out = planter.lagged(at, (24, 140), country, weekdays=True)
        planter.pay(Flow.DONATION, out, account, planter.strangers(country, 1, BUSINESSES), usd=usd * 0.95)
    return [body]


def family_holding(planter: Planter) -> list[int]:
    """Plant a holding without staff that four relatives own; its three firms lend to each other through it."""
    rng, country = planter.rng, planter.any_country()
    holding = planter.new_company(country, age_days=5_000, monthly_usd=60_000, owned=False, industry_code="6420",
                                  employees=0)  # fmt: skip
    middle = planter.new_company(country, age_days=4_000, monthly_usd=60_000, owned=False, industry_code="6420")
    for _ in range(4):
        planter.tie(planter.take(country, PERSONS[:3]), holding, share=0.25)
    planter.tie(holding, middle, share=1.0)
    firms = []
    for _ in range(3):
        firm = planter.new_company(country, age_days=2_500, monthly_usd=90_000, owned=False)
        planter.tie(middle, firm, share=round(float(rng.uniform(0.8, 1)), 2))
        _lend(planter, planter.account(firm), planter.account(holding), 4, 40_000)
        firms.append(firm)
    _trade(planter, firms[0])
    return [holding, middle, *firms]


def foreign_branch(planter: Planter) -> list[int]:
    """Plant a subsidiary of a parent abroad whose own owners are not on record: funds come, charges go, staff work."""
    home, abroad = planter.two_countries()
    parent = planter.new_company(abroad, age_days=8_000, monthly_usd=1e6, owned=False)
    middle = planter.new_company(abroad, age_days=6_000, monthly_usd=1e6, owned=False, industry_code="6420")
    branch = planter.new_company(home, age_days=2_000, monthly_usd=150_000, owned=False)
    planter.tie(parent, middle, share=1.0)
    planter.tie(middle, branch, share=1.0)
    account = _trade(planter, branch, staff=7)
    _lend(planter, planter.account(parent), account, 6, 45_000)
    return [parent, middle, branch]


def nominee_serviced_firms(planter: Planter) -> list[int]:
    """Plant four firms for which one nominee stands and no owner is on record; each has its own trade and people."""
    country = planter.any_country()
    nominee, firms = planter.take(country, PERSONS[:2]), list[int]()
    for _ in range(4):
        firm = planter.new_company(
            country, age_days=int(planter.rng.integers(400, 2_000)), monthly_usd=40_000, owned=False
        )
        planter.tie(nominee, firm, "nominee")
        _trade(planter, firm, staff=3, usd=4_000)
        firms.append(firm)
    return firms


def sold_business(planter: Planter) -> list[int]:
    """Plant a firm that its founder sold last month; it goes on as before, and pays the price's first part."""
    country = planter.any_country()
    firm = planter.new_company(country, age_days=4_000, monthly_usd=90_000, owned=False)
    seller, buyer = (planter.take(country, PERSONS[:3]) for _ in range(2))
    planter.hand_over(seller, buyer, firm, planter.first_day + planter.days - 30)
    account = _trade(planter, firm)
    at = planter.office(np.array([planter.days - 25]), country)
    planter.pay(Flow.LARGE, at, account, planter.account(seller), usd=60_000.0, channel=CHANNEL["wire"])
    return [firm]


def cross_held_family_firms(planter: Planter) -> list[int]:
    """Plant two firms of a family that hold a tenth of each other, buy from each other and run few costs here."""
    rng, country = planter.rng, planter.any_country()
    firms = [planter.new_company(country, age_days=3_500, monthly_usd=120_000, owned=False) for _ in range(2)]
    head = planter.take(country, PERSONS[:3])
    for firm, other in zip(firms, firms[::-1], strict=True):
        planter.tie(head, firm, share=0.9)
        planter.tie(other, firm, share=0.1)
        sell(planter, planter.account(firm), 10, 12_000)
    first, second = (planter.account(firm) for firm in firms)
    for day in planter.some(8).tolist():
        planter.pay(Flow.SUPPLIER, planter.office(day, country), first, second, usd=11_000 * rng.lognormal(0, 0.3))
    return firms
