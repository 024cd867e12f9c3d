"""Groups of companies under one owner: sweeps, netting, matched flows in two countries, dividends."""

import numpy as np

from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.innocents.business import operate, sell, spend
from mirrorwatch.synth.places import US
from mirrorwatch.synth.planting import Planter
from mirrorwatch.synth.population import BUSINESSES, PERSONS
from mirrorwatch.synth.rows import CHANNEL


def _group(planter: Planter, countries: list[int], monthly_usd: float) -> tuple[int, list[int]]:
    """Add a parent in the first country and a subsidiary, wholly owned, in each country."""
    parent = planter.new_company(countries[0], age_days=4_000, monthly_usd=monthly_usd * 3)
    subsidiaries = []
    for country in countries:
        company = planter.new_company(country, age_days=2_500, monthly_usd=monthly_usd, owned=False)
        planter.tie(parent, company, share=1.0)
        subsidiaries.append(company)
    return parent, subsidiaries


def treasury_sweep(planter: Planter) -> list[int]:
    """Plant a group whose subsidiaries' balances are swept to the parent each evening and refilled as needed."""
    rng, country = planter.rng, planter.any_country()
    parent, subsidiaries = _group(planter, [country] * int(rng.integers(3, 6)), 300_000)
    head = planter.account(parent)
    for company in subsidiaries:
        account, days = planter.account(company), planter.weekdays()
        usd = 9_000 * rng.lognormal(0, 0.8, len(days))
        at = planter.office(days, country)
        planter.pay(Flow.SUPPLIER, at, planter.strangers(country, len(days), BUSINESSES), account, usd=usd)
        evening = planter.lagged(at, (1, 8), country, (17.0, 21.0))
        planter.pay(Flow.OWN, evening, account, head, amount=planter.minor(usd, country, at),
                    channel=CHANNEL["internal"])  # fmt: skip
        weeks = planter.every(7)
        planter.pay(Flow.OWN, planter.office(weeks, country), head, account, usd=20_000.0, channel=CHANNEL["internal"])
        operate(planter, company, staff=4)
    spend(planter, head, 20, 30_000)
    return [parent, *subsidiaries]


def netting_centre(planter: Planter) -> list[int]:
    """Plant a group whose weekly dues are netted: some subsidiaries pay the centre, it pays the others the same."""
    rng = planter.rng
    countries = [planter.any_country(), *planter.two_countries(), planter.any_country()]
    parent, subsidiaries = _group(planter, countries, 500_000)
    centre = planter.account(parent)
    accounts = np.array([planter.account(company) for company in subsidiaries])
    for week in planter.every(7):
        net = rng.normal(0, 60_000, len(accounts))
        net -= net.mean()
        owes = net < 0
        paid = planter.office(np.full(int(owes.sum()), week), countries[0])
        planter.pay(Flow.OWN, paid, accounts[owes], centre, usd=-net[owes], currency=US, channel=CHANNEL["wire"])
        out = planter.lagged(paid[:1].repeat(int((~owes).sum())), (2, 30), countries[0], weekdays=True)
        planter.pay(Flow.OWN, out, centre, accounts[~owes], usd=net[~owes], currency=US, channel=CHANNEL["wire"])
    for company in subsidiaries:
        sell(planter, planter.account(company), 12, 15_000)
        operate(planter, company, staff=4)
    return [parent, *subsidiaries]


def group_company_pair(planter: Planter) -> list[int]:
    """Plant two subsidiaries that mirror each other: one collects at home, the other pays abroad, and they settle."""
    rng = planter.rng
    home, abroad = planter.two_countries()
    parent, (collecting, paying) = _group(planter, [home, abroad], 400_000)
    number = int(rng.integers(12, 22))
    at = planter.office(planter.some(number), home)
    usd = 18_000 * rng.lognormal(0, 0.6, number)
    first, second = planter.account(collecting), planter.account(paying)
    planter.pay(Flow.SUPPLIER, at, planter.strangers(home, number, BUSINESSES), first, usd=usd)
    out = planter.lagged(at, (2, 30), abroad, weekdays=True)
    planter.pay(Flow.SUPPLIER, out, second, planter.strangers(abroad, number, BUSINESSES), usd=usd * 0.985)
    for day in planter.every(14):
        planter.pay(Flow.OWN, planter.office(day, home), first, second, usd=float(usd.sum()) * 14 / planter.days,
                    currency=US, channel=CHANNEL["wire"])  # fmt: skip
    operate(planter, collecting, staff=4)
    operate(planter, paying, staff=4)
    return [parent, collecting, paying]


def holding_company(planter: Planter) -> list[int]:
    """Plant a holding without staff: dividends in from subsidiaries, on to the shareholders days later."""
    rng, country = planter.rng, planter.any_country()
    holding = planter.new_company(country, age_days=3_500, monthly_usd=80_000, owned=False, industry_code="6420",
                                  employees=0)  # fmt: skip
    owners = [planter.take(country, PERSONS[:3]) for _ in range(3)]
    companies = [planter.take(country, BUSINESSES) for _ in range(3)]
    for owner in owners:
        planter.tie(owner, holding, share=round(1 / 3, 2))
    planter.tie(owners[0], holding, "director")
    account = planter.account(holding)
    shareholders = np.array([planter.account(owner) for owner in owners])
    for company in companies:
        planter.tie(holding, company, share=0.8)
        at = planter.office(planter.some(2), country)
        usd = 60_000 * rng.lognormal(0, 0.5, 2)
        planter.pay(Flow.DIVIDEND, at, planter.account(company), account, usd=usd)
        for moment, worth in zip(at, usd, strict=True):
            out = planter.lagged(np.full(3, moment), (24, 200), country, weekdays=True)
            planter.pay(Flow.DIVIDEND, out, account, shareholders, usd=worth * 0.31)
    office = planter.strangers(country, 1, (BUSINESSES[3],))
    planter.pay(Flow.CONTRACTOR, planter.office(planter.monthly(), country), account, office, usd=900.0)
    return [holding, *companies]


def group_transfer_pricing(planter: Planter) -> list[int]:
    """Plant a group that prices goods between its own companies 25 to 35 in a hundred above what customs is told."""
    rng = planter.rng
    home, abroad = planter.two_countries()
    parent, (buying, making) = _group(planter, [home, abroad], 400_000)
    importer, exporter = planter.account(buying), planter.account(making)
    for day in planter.some(int(rng.integers(8, 14))).tolist():
        value, at = float(25_000 * rng.lognormal(0, 0.4)), planter.office(day, home)
        planted = planter.pay(Flow.FOREIGN, at, importer, exporter, usd=value * rng.uniform(1.25, 1.35), currency=US,
                              channel=CHANNEL["wire"])  # fmt: skip
        planter.document(exporter, importer, value, int(at[0]), row=int(planted[0]), hs_code="841391",
                         parcels=int(rng.integers(10, 200)))  # fmt: skip
    sell(planter, importer, 20, 22_000)
    spend(planter, exporter, 15, 9_000)
    operate(planter, buying, staff=5)
    operate(planter, making, staff=8)
    return [parent, buying, making]
