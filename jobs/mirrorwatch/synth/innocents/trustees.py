"""Those who hold other people's money until a deal is done: escrow agents, a law firm's client account."""

import numpy as np

from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.innocents.business import operate
from mirrorwatch.synth.planting import Planter
from mirrorwatch.synth.population import BUSINESSES, PERSONS, Role


def escrow(planter: Planter) -> list[int]:
    """Plant an escrow agent: a buyer's money in, days later to the seller, the agent and the tax office."""
    rng, country = planter.rng, planter.any_country()
    agent = planter.new_company(country, age_days=3_000, monthly_usd=300_000, industry_code="6820")
    held = planter.new_account(agent, country, kind="escrow")
    number = int(rng.integers(8, 15))
    at = planter.office(planter.some(number), country)
    usd = 140_000 * rng.lognormal(0, 0.6, number)
    planter.pay(Flow.PROPERTY, at, planter.strangers(country, number, PERSONS), held, usd=usd)
    closing = planter.lagged(at, (24, 300), country, weekdays=True)
    for share, roles in ((0.955, PERSONS), (0.025, (Role.TAX_OFFICE,)), (0.015, (Role.SERVICE,))):
        payee = planter.strangers(country, number, roles)
        planter.pay(Flow.PROPERTY, closing, held, payee, usd=usd * share)
    planter.pay(Flow.OWN, closing, held, planter.account(agent), usd=usd * 0.005)
    operate(planter, agent, staff=4)
    return [agent]


def law_firm_client_account(planter: Planter) -> list[int]:
    """Plant a law firm: clients' money passes through its client account, its fees go to its own."""
    rng, country = planter.rng, planter.any_country()
    firm = planter.new_company(country, age_days=5_000, monthly_usd=200_000, industry_code="6910")
    client = planter.new_account(firm, country, kind="escrow")
    number = int(rng.integers(14, 26))
    at = planter.office(planter.some(number), country)
    usd = 35_000 * rng.lognormal(0, 1.0, number)
    planter.pay(Flow.LARGE, at, planter.strangers(country, number, (*PERSONS, *BUSINESSES)), client, usd=usd)
    out = planter.lagged(at, (20, 140), country, weekdays=True)
    planter.pay(Flow.LARGE, out, client, planter.strangers(country, number, (*PERSONS, *BUSINESSES)), usd=usd * 0.93)
    planter.pay(Flow.OWN, out, client, planter.account(firm), usd=usd * 0.07)
    operate(planter, firm, staff=6)
    foreign = planter.strangers(planter.any_country(), 3, BUSINESSES)
    paid = planter.office(np.sort(planter.some(3)), country)
    planter.pay(Flow.FOREIGN, paid, foreign, planter.account(firm), usd=9_000.0)
    return [firm]
