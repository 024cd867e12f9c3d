"""Honest cash: a large retailer's takings, a cash machine operator's fills."""

import numpy as np

from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.innocents.business import deposit_cash, operate, spend
from mirrorwatch.synth.planting import Planter
from mirrorwatch.synth.population import Role


def cash_retailer(planter: Planter) -> list[int]:
    """Plant a supermarket: large, uneven takings every weekday, heaviest on Mondays; suppliers paid each week."""
    rng, country = planter.rng, planter.any_country()
    shop = planter.new_company(country, age_days=3_500, monthly_usd=600_000, industry_code="4711")
    account, days = planter.account(shop), planter.weekdays()
    monday = planter.weekday(days) == 0
    deposit_cash(planter, account, days, 14_000 * rng.lognormal(0, 0.35, len(days)) * np.where(monday, 1.9, 1.0))
    spend(planter, account, int(planter.days / 7 * 5), 11_000)
    operate(planter, shop, staff=10)
    return [shop]


def atm_operator(planter: Planter) -> list[int]:
    """Plant an operator that draws round cash to fill its machines and is repaid by card settlement next day."""
    rng, country = planter.rng, planter.any_country()
    company = planter.new_company(country, age_days=2_500, monthly_usd=500_000, industry_code="6619")
    account = planter.account(company)
    days = planter.weekdays()[::2]
    at = planter.office(days, country)
    usd = rng.choice([10_000.0, 20_000.0, 30_000.0], len(days))
    amount = planter.minor(usd, country, at) // 100_000 * 100_000 + 100_000
    planter.cash(Flow.BUSINESS_CASH, at, account, amount, deposit=False)
    every = planter.weekdays()
    settled = planter.office(every, country)
    acquirer = planter.strangers(country, 1, (Role.ACQUIRER,))
    planter.pay(Flow.SETTLEMENT, settled, acquirer, account, usd=10_200 * rng.lognormal(0, 0.2, len(every)))
    operate(planter, company, staff=3)
    return [company]
