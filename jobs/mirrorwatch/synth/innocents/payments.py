"""Those whose trade is to pass payments on: payroll bureaux, marketplaces, processors, correspondent banks."""

import numpy as np

from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.innocents.business import customers, operate, sell
from mirrorwatch.synth.planting import Planter
from mirrorwatch.synth.population import BUSINESSES, Role
from mirrorwatch.synth.rows import CHANNEL, HOUR_US, NONE


def payroll_bureau(planter: Planter) -> list[int]:
    """Plant a bureau that is paid by employers and pays their staff and the tax office within two days."""
    rng, country = planter.rng, planter.any_country()
    bureau = planter.new_company(country, monthly_usd=400_000, industry_code="6920")
    account = planter.account(bureau)
    office = planter.strangers(country, 1, (Role.TAX_OFFICE,))
    for employer in planter.strangers(country, int(rng.integers(6, 13)), BUSINESSES).tolist():
        staff = planter.strangers(country, int(rng.integers(4, 14)), (Role.EMPLOYEE,))
        wages = planter.people.party_scale[planter.people.account_party[staff]] * 12 / 26
        total = float(wages.sum())
        for day in planter.every(14):
            at = planter.office(day, country)
            planter.pay(Flow.SALARY, at, employer, account, usd=total * 1.22 * 1.015)
            paid = planter.lagged(np.repeat(at, len(staff)), (12, 40), country, weekdays=True)
            planter.pay(Flow.SALARY, paid, account, staff, usd=wages)
            planter.pay(Flow.TAX, planter.lagged(at, (20, 60), country, weekdays=True), account, office,
                        usd=total * 0.22)  # fmt: skip
    operate(planter, bureau, staff=4)
    return [bureau]


def marketplace(planter: Planter) -> list[int]:
    """Plant a marketplace: many buyers' cards in, weekly payouts to sellers after a commission."""
    rng, country = planter.rng, planter.any_country()
    company = planter.new_company(country, monthly_usd=900_000, industry_code="4791")
    account = planter.account(company)
    sellers = planter.strangers(country, 24, (*BUSINESSES, Role.SELF_EMPLOYED))
    sales = int(rng.integers(8, 15)) * planter.days
    days = np.sort(rng.integers(0, planter.days, sales))
    seller, usd = rng.integers(0, len(sellers), sales), 60 * rng.lognormal(0, 1.1, sales)
    planter.pay(Flow.CARD, planter.office(days, country), customers(planter, country, sales), account, usd=usd)
    for week in planter.every(7):
        since = (days > week - 7) & (days <= week)
        due = np.bincount(seller[since], usd[since], len(sellers))
        paid = np.flatnonzero(due > 5)
        at = planter.office(np.full(len(paid), week), country)
        planter.pay(Flow.SETTLEMENT, at, account, sellers[paid], usd=due[paid] * 0.9)
    operate(planter, company, staff=6)
    return [company]


def payment_service_provider(planter: Planter) -> list[int]:
    """Plant a licensed processor: cards collected in one country, merchants paid in another, weekly settlement."""
    rng = planter.rng
    home, abroad = planter.two_countries()
    company = planter.new_company(home, monthly_usd=2_000_000, industry_code="6619", licence="psp")
    collecting, paying = planter.account(company), planter.new_account(company, abroad)
    merchants = planter.strangers(abroad, 12, BUSINESSES)
    for day in planter.weekdays():
        at = planter.office(np.full(4, day), home)
        usd = 2_500 * rng.lognormal(0, 0.8, 4)
        planter.pay(Flow.CARD, at, customers(planter, home, 4), collecting, usd=usd)
        out = planter.lagged(at, (2, 28), abroad, weekdays=True)
        planter.pay(Flow.SETTLEMENT, out, paying, rng.choice(merchants, 4), usd=usd * 0.985)
    weeks = planter.every(7)
    planter.pay(Flow.OWN, planter.office(weeks, home), collecting, paying, usd=2_500 * 1.35 * 20 * 0.985,
                channel=CHANNEL["wire"])  # fmt: skip
    operate(planter, company, staff=6)
    return [company]


def correspondent_nostro(planter: Planter) -> list[int]:
    """Plant two banks that hold accounts with each other: large matched flows between them all day."""
    rng = planter.rng
    home, abroad = planter.two_countries()
    banks, accounts = [], []
    for country, other in ((home, abroad), (abroad, home)):
        bank = planter.new_company(country, age_days=9_000, monthly_usd=9_000_000, industry_code="6419",
                                   licence="bank", employees=900, kind="internal")  # fmt: skip
        banks.append(bank)
        accounts.append(planter.new_account(bank, other, kind="nostro"))
    for bank, nostro, country in zip(banks, accounts, (abroad, home), strict=True):
        number = int(rng.integers(2, 5)) * planter.days
        usd = 20_000 * rng.lognormal(0, 1.4, number)
        at = planter.office(planter.some(number), country)
        planter.pay(Flow.FOREIGN, at, nostro, planter.strangers(country, number, BUSINESSES), usd=usd)
        funded = planter.lagged(at, (-6, 20), country)
        planter.pay(Flow.OWN, funded, planter.account(bank), nostro, usd=usd * 1.001, channel=CHANNEL["wire"])
    return banks


def reversal_pairs(planter: Planter) -> list[int]:
    """Plant two firms in two countries whose payments go wrong, come back within two days, and are sent again."""
    rng, firms = planter.rng, []
    for country in planter.two_countries():
        firm = planter.take(country, (Role.TRADER, Role.SERVICE, Role.MANUFACTURER))
        firms.append(firm)
        account = planter.account(firm)
        number = int(rng.integers(8, 14))
        wrong = planter.strangers(country, number, BUSINESSES)
        apart = np.flatnonzero(wrong != account)
        at = planter.office(planter.some(number)[apart], country)
        amount = planter.minor(12_000 * rng.lognormal(0, 0.9, len(apart)), country, at)
        sent = planter.pay(Flow.SUPPLIER, at, account, wrong[apart], amount=amount, channel=CHANNEL["ach"],
                           currency=country)  # fmt: skip
        back = planter.lagged(at, (3, 44), country, weekdays=True)
        kept = np.flatnonzero((sent != NONE) & (back > at))
        planter.pay(Flow.REVERSAL, back[kept], wrong[apart][kept], account, amount=amount[kept], currency=country,
                    reverses=sent[kept])  # fmt: skip
        planter.pay(Flow.SUPPLIER, back[kept] + 2 * HOUR_US, account,
                    planter.strangers(country, len(kept), (Role.UTILITY, Role.TELECOM)), amount=amount[kept],
                    currency=country)  # fmt: skip
        sell(planter, account, 10, 9_000)
    return firms
