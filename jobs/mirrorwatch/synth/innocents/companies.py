"""Companies that look like shells at a glance: young, at a shared address, without staff, or long dormant."""

import numpy as np

from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.innocents.business import deposit_cash, operate, sell, spend
from mirrorwatch.synth.planting import Planter
from mirrorwatch.synth.population import BUSINESSES, PERSONS, Role
from mirrorwatch.synth.rows import CHANNEL


def start_up_at_shared_address(planter: Planter) -> list[int]:
    """Plant three young companies at one registered agent's address: funded in round sums, with payroll since."""
    rng, country = planter.rng, planter.any_country()
    companies: list[int] = []
    for _ in range(3):
        company = planter.new_company(country, age_days=int(rng.integers(40, 250)), monthly_usd=40_000,
                                      industry_code="6201")  # fmt: skip
        planter.share_address(company, companies[0] if companies else company)
        companies.append(company)
        funding = planter.office(planter.some(1), country)
        usd = rng.choice([250_000.0, 500_000.0, 1_000_000.0])
        investor = planter.strangers(planter.any_country(), 1, BUSINESSES)
        planter.pay(Flow.LARGE, funding, investor, planter.account(company), usd=usd, channel=CHANNEL["wire"])
        operate(planter, company, staff=4)
        spend(planter, planter.account(company), 10, 1_800)
    return companies


def registered_agent_clients(planter: Planter) -> list[int]:
    """Plant six small firms at one agent's address with one nominee director; each has its own trade and tax."""
    rng, country = planter.rng, planter.any_country()
    director, companies = planter.take(country, PERSONS[:2]), list[int]()
    for _ in range(6):
        company = planter.new_company(country, age_days=int(rng.integers(300, 2_500)), monthly_usd=25_000)
        planter.tie(director, company, "nominee")
        planter.share_address(company, companies[0] if companies else company)
        companies.append(company)
        sell(planter, planter.account(company), int(rng.integers(6, 14)), 3_500)
        spend(planter, planter.account(company), int(rng.integers(4, 10)), 1_800)
        operate(planter, company, staff=2)
    return companies


def property_vehicle(planter: Planter) -> list[int]:
    """Plant a property company without staff: tenants' rent in, a mortgage and property tax out in the same week."""
    rng, country = planter.rng, planter.any_country()
    vehicle = planter.new_company(country, age_days=1_800, monthly_usd=30_000, industry_code="6810", employees=0)
    account, months = planter.account(vehicle), planter.monthly()
    tenants = planter.strangers(country, int(rng.integers(6, 12)), PERSONS)
    rent = 2_200 * rng.lognormal(0, 0.3, len(tenants))
    bank, office = (planter.strangers(country, 1, (role,)) for role in (Role.BANK, Role.TAX_OFFICE))
    for month in months.tolist():
        at = planter.office(np.full(len(tenants), month), country)
        at = planter.lagged(at, (0, 90), country)
        planter.pay(Flow.RENT, at, tenants, account, usd=rent)
        due = planter.lagged(at[:1], (96, 160), country, weekdays=True)
        planter.pay(Flow.LOAN, due, account, bank, usd=float(rent.sum()) * 0.82)
        planter.pay(Flow.TAX, due, account, office, usd=float(rent.sum()) * 0.08)
    return [vehicle]


def seasonal_business(planter: Planter) -> list[int]:
    """Plant a firm that sleeps for months and then has its season: takings, suppliers and helpers in a few weeks."""
    rng, country = planter.rng, planter.any_country()
    firm = planter.new_company(country, age_days=2_200, monthly_usd=90_000, industry_code="9321")
    account = planter.account(firm)
    season = planter.weekdays()[-max(10, planter.days // 3) :]
    deposit_cash(planter, account, season, 4_500 * rng.lognormal(0, 0.4, len(season)))
    stock = planter.office(season[:6], country)
    payees = planter.strangers(country, len(stock), BUSINESSES)
    planter.pay(Flow.SUPPLIER, stock, account, payees, usd=9_000 * rng.lognormal(0, 0.5, len(stock)))
    helpers = planter.strangers(country, 6, PERSONS)
    for day in season[4::5].tolist():
        planter.pay(Flow.SALARY, planter.office(np.full(6, day), country), account, helpers, usd=480.0)
    office = planter.strangers(country, 1, (Role.TAX_OFFICE,))
    planter.pay(Flow.TAX, planter.office(season[-1:], country), account, office, usd=3_800.0)
    return [firm]
