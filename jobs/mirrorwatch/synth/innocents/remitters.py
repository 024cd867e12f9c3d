"""Licensed money transfer: pools in two countries, agents, money changers. It mirrors openly, under a licence."""

import numpy as np

from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.innocents.business import customers, deposit_cash, operate
from mirrorwatch.synth.places import US
from mirrorwatch.synth.planting import Planter
from mirrorwatch.synth.population import Role
from mirrorwatch.synth.rows import CHANNEL


def licensed_remitter(planter: Planter) -> list[int]:
    """Plant a licensed remitter with a pool in each of two countries: paid in here, paid out there, settled weekly."""
    rng = planter.rng
    home, abroad = planter.two_countries()
    company = planter.new_company(home, age_days=3_000, monthly_usd=700_000, industry_code="6619", licence="msb")
    here, there = planter.account(company), planter.new_account(company, abroad)
    number = int(rng.integers(6, 12)) * planter.days
    at = planter.office(rng.integers(0, planter.days, number), home)
    usd = 450 * rng.lognormal(0, 1.0, number)
    planter.pay(Flow.P2P, at, customers(planter, home, number), here, usd=usd)
    out = planter.lagged(at, (0.1, 20), abroad, (8.0, 21.0))
    planter.pay(Flow.P2P, out, there, customers(planter, abroad, number), usd=usd * rng.uniform(0.97, 0.99, number))
    weeks = planter.every(7)
    planter.pay(Flow.OWN, planter.office(weeks, home), here, there, usd=float(usd.sum()) * 7 / planter.days,
                currency=US, channel=CHANNEL["wire"])  # fmt: skip
    operate(planter, company, staff=5)
    return [company]


def remitter_agents(planter: Planter) -> list[int]:
    """Plant a remitter whose shops take cash in one country and hand it out in another; all are agents on record."""
    rng = planter.rng
    home, abroad = planter.two_countries()
    principal = planter.new_company(home, age_days=4_000, monthly_usd=900_000, industry_code="6619", licence="msb")
    pool, parties = planter.new_account(principal, abroad), [principal]
    for _ in range(2):
        taking = planter.take(home, (Role.GROCER, Role.MERCHANT))
        giving = planter.take(abroad, (Role.GROCER, Role.MERCHANT))
        for agent in (taking, giving):
            planter.tie(principal, agent, "agent")
        parties += [taking, giving]
        days = planter.weekdays()[:: int(rng.integers(1, 4))]
        usd = 5_000 * rng.lognormal(0, 0.6, len(days))
        deposit_cash(planter, planter.account(taking), days, usd)
        at = planter.office(days, home)
        planter.pay(Flow.SETTLEMENT, planter.lagged(at, (20, 50), home, weekdays=True), planter.account(taking),
                    planter.account(principal), usd=usd * 0.995)  # fmt: skip
        out = planter.lagged(at, (1, 24), abroad)
        planter.pay(Flow.PRIVATE, out, planter.account(giving), customers(planter, abroad, len(days)), usd=usd * 0.98,
                    channel=CHANNEL["instant"])  # fmt: skip
        refill = planter.lagged(out, (4, 60), abroad, weekdays=True)
        planter.pay(Flow.SETTLEMENT, refill, pool, planter.account(giving), usd=usd * 0.985)
    weeks = planter.every(7)
    planter.pay(Flow.OWN, planter.office(weeks, home), planter.account(principal), pool, usd=40_000.0, currency=US,
                channel=CHANNEL["wire"])  # fmt: skip
    operate(planter, principal, staff=6)
    return parties


def money_changer(planter: Planter) -> list[int]:
    """Plant a licensed bureau de change: dollar notes in, local notes out, and the other way."""
    rng, country = planter.rng, planter.any_country()
    company = planter.new_company(country, age_days=3_000, monthly_usd=500_000, industry_code="6619", licence="msb")
    local, dollars = planter.account(company), planter.new_account(company, country, currency=US)
    days = planter.weekdays()
    at = planter.office(days, country)
    usd = 8_000 * rng.lognormal(0, 0.7, len(days))
    planter.cash(Flow.TAKINGS, at, dollars, np.rint(usd).astype(np.int64) * 100, deposit=True)
    out = planter.lagged(at, (0.5, 26), country)
    planter.cash(Flow.BUSINESS_CASH, out, local, planter.minor(usd * 0.98, country, out) // 10_000 * 10_000 + 10_000,
                 deposit=False)  # fmt: skip
    weeks = planter.every(7)
    bank = planter.strangers(country, 1, (Role.BANK,))
    planter.pay(Flow.LARGE, planter.office(weeks, country), dollars, bank, usd=float(usd.sum()) * 7 / planter.days,
                currency=US, channel=CHANNEL["wire"])  # fmt: skip
    planter.pay(Flow.LARGE, planter.office(weeks, country), bank, local, usd=float(usd.sum()) * 7 / planter.days,
                channel=CHANNEL["wire"])  # fmt: skip
    operate(planter, company, staff=3)
    return [company]
