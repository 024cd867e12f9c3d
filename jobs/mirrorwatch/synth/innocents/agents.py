"""Those who collect for others: a property manager, an insurance broker, a charity."""

import numpy as np

from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.innocents.business import customers, operate
from mirrorwatch.synth.planting import Planter
from mirrorwatch.synth.population import PERSONS, Role


def rent_collection(planter: Planter) -> list[int]:
    """Plant a manager that collects tenants' rents and pays each landlord, less a fee, within the week."""
    rng, country = planter.rng, planter.any_country()
    manager = planter.new_company(country, monthly_usd=150_000, industry_code="6820")
    account, homes = planter.account(manager), int(rng.integers(40, 70))
    tenants, landlords = customers(planter, country, homes), planter.strangers(country, homes, PERSONS)
    rent = 1_500 * rng.lognormal(0, 0.4, homes)
    for month in planter.monthly().tolist():
        at = planter.lagged(planter.office(np.full(homes, month), country), (0, 72), country)
        planter.pay(Flow.RENT, at, tenants, account, usd=rent)
        out = planter.lagged(at, (60, 160), country, weekdays=True)
        planter.pay(Flow.RENT, out, account, landlords, usd=rent * 0.92)
    operate(planter, manager, staff=1)
    return [manager]


def insurance_broker(planter: Planter) -> list[int]:
    """Plant a broker: clients' premiums in, on to insurers weekly less commission."""
    rng, country = planter.rng, planter.any_country()
    broker = planter.new_company(country, age_days=3_000, monthly_usd=120_000, industry_code="6622")
    account, number = planter.account(broker), planter.days * 2
    days = planter.some(number)
    usd = 700 * rng.lognormal(0, 0.9, number)
    planter.pay(Flow.INSURANCE, planter.office(days, country), customers(planter, country, number), account, usd=usd)
    insurer = planter.strangers(country, 1, (Role.INSURER,))
    for week in planter.every(7).tolist():
        due = float(usd[(days > week - 7) & (days <= week)].sum())
        planter.pay(Flow.INSURANCE, planter.office(week, country), account, insurer, usd=due * 0.88 + 1)
    operate(planter, broker, staff=3)
    return [broker]


def charity(planter: Planter) -> list[int]:
    """Plant a charity: many small round gifts in, monthly grants to partners abroad, staff at home."""
    rng, country = planter.rng, planter.any_country()
    body = planter.new_company(country, age_days=4_000, monthly_usd=60_000, industry_code="9499")
    account, number = planter.account(body), planter.days * 6
    usd = 40 * rng.lognormal(0, 1.0, number)
    at = planter.office(rng.integers(0, planter.days, number), country)
    planter.pay(Flow.DONATION, at, customers(planter, country, number), account, usd=usd)
    partners = planter.strangers(planter.any_country(), 3, (Role.SERVICE, Role.CONSTRUCTION))
    for month in planter.monthly().tolist():
        planter.pay(Flow.FOREIGN, planter.office(np.full(3, month), country), account, partners, usd=2_500.0)
    operate(planter, body, staff=3)
    return [body]
