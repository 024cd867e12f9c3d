"""Traders with thin margins who pay on at once: forwarders, dropshippers, subcontractors, commodity houses."""

import numpy as np

from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.innocents.business import operate, spend
from mirrorwatch.synth.places import US
from mirrorwatch.synth.planting import Planter
from mirrorwatch.synth.population import BUSINESSES, Role
from mirrorwatch.synth.rows import CHANNEL

_IMPORTERS = (Role.TRADER, Role.MERCHANT, Role.MANUFACTURER)


def freight_forwarder(planter: Planter) -> list[int]:
    """Plant a forwarder that collects freight and duty and disburses both within three days."""
    rng = planter.rng
    home, abroad = planter.two_countries()
    company = planter.new_company(home, age_days=3_500, monthly_usd=400_000, industry_code="5229")
    account, number = planter.account(company), int(rng.integers(25, 45))
    at = planter.office(planter.some(number), home)
    usd = 9_000 * rng.lognormal(0, 0.7, number)
    planter.pay(Flow.FREIGHT, at, planter.strangers(home, number, _IMPORTERS), account, usd=usd)
    duty, carriers = planter.strangers(home, 1, (Role.TAX_OFFICE,)), planter.strangers(abroad, 4, (Role.LOGISTICS,))
    out = planter.lagged(at, (12, 72), home, weekdays=True)
    planter.pay(Flow.TAX, out, account, duty, usd=usd * 0.35)
    planter.pay(Flow.FREIGHT, out, account, rng.choice(carriers, number), usd=usd * 0.59, currency=US,
                channel=CHANNEL["wire"], documented=1)  # fmt: skip
    operate(planter, company, staff=5)
    return [company]


def dropshipper(planter: Planter) -> list[int]:
    """Plant a one-person shop without stock: card settlements in, a supplier abroad paid by card the next day."""
    rng = planter.rng
    home, abroad = planter.two_countries()
    company = planter.new_company(home, age_days=500, monthly_usd=30_000, industry_code="4791", employees=1)
    account, days = planter.account(company), planter.weekdays()
    at = planter.office(days, home)
    usd = 1_300 * rng.lognormal(0, 0.5, len(days))
    planter.pay(Flow.SETTLEMENT, at, planter.strangers(home, 1, (Role.ACQUIRER,)), account, usd=usd)
    supplier = planter.strangers(abroad, 2, (Role.TRADER, Role.MANUFACTURER))
    out = planter.lagged(at, (4, 40), home)
    planter.pay(Flow.CARD, out, account, rng.choice(supplier, len(days)), usd=usd * 0.72)
    planter.pay(Flow.TAX, planter.office(planter.monthly(), home), account,
                planter.strangers(home, 1, (Role.TAX_OFFICE,)), usd=1_900.0)  # fmt: skip
    spend(planter, account, 8, 350)
    return [company]


def construction_subcontractor(planter: Planter) -> list[int]:
    """Plant a builder paid in large stages that pays its own subcontractors and staff within two days."""
    rng, country = planter.rng, planter.any_country()
    company = planter.new_company(country, age_days=2_800, monthly_usd=300_000, industry_code="4390")
    account, stages = planter.account(company), int(rng.integers(5, 10))
    main = planter.strangers(country, 1, (Role.CONSTRUCTION,))
    at = planter.office(planter.some(stages), country)
    usd = rng.choice([40_000.0, 75_000.0, 120_000.0, 200_000.0], stages)
    planter.pay(Flow.LARGE, at, main, account, usd=usd)
    for moment, worth in zip(at, usd, strict=True):
        number = int(rng.integers(3, 7))
        out = planter.lagged(np.full(number, moment), (4, 48), country, weekdays=True)
        shares = rng.dirichlet(np.full(number, 3.0)) * 0.84
        payees = planter.strangers(country, number, (Role.CONSTRUCTION, Role.SERVICE, Role.SELF_EMPLOYED))
        planter.pay(Flow.SUPPLIER, out, account, payees, usd=worth * shares)
    operate(planter, company, staff=6)
    return [company]


def commodity_trader(planter: Planter) -> list[int]:
    """Plant a trader on margins of one to three in a hundred: a buyer pays, the supplier abroad is paid next day."""
    rng = planter.rng
    home, abroad = planter.two_countries()
    company = planter.new_company(home, age_days=3_600, monthly_usd=3_000_000, industry_code="4661")
    account, number = planter.account(company), int(rng.integers(12, 22))
    at = planter.office(planter.some(number), home)
    usd = 180_000 * rng.lognormal(0, 0.6, number)
    buyers, suppliers = planter.strangers(home, 4, BUSINESSES), planter.strangers(abroad, 3, _IMPORTERS)
    planter.pay(Flow.SUPPLIER, at, rng.choice(buyers, number), account, usd=usd)
    out = planter.lagged(at, (6, 48), home, weekdays=True)
    planter.pay(Flow.FOREIGN, out, account, rng.choice(suppliers, number), usd=usd * rng.uniform(0.97, 0.99, number),
                currency=US, documented=1)  # fmt: skip
    operate(planter, company, staff=5)
    return [company]
