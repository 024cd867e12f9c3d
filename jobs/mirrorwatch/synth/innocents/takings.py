"""Firms whose trade is cash: paid in at counters by habit, by staff, by armoured car; drawn for wages."""

import numpy as np

from mirrorwatch.synth.economy import notes
from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.innocents.business import customers, operate, sell, spend
from mirrorwatch.synth.places import US
from mirrorwatch.synth.planting import Planter
from mirrorwatch.synth.population import PERSONS, Role
from mirrorwatch.synth.rows import CHANNEL, NONE


def handed_in(
    planter: Planter, account: int, at: np.ndarray, minor: np.ndarray, *, staff: int, counters: int, known: float
) -> None:
    """Pay cash into `account` at the same few branches, one of them its own, by the same few people."""
    rng, people, country = planter.rng, planter.people, int(planter.people.account_country[account])
    elsewhere = people.branch_start[country] + rng.integers(0, people.branch_count[country], counters - 1)
    branch = rng.choice(np.append(people.account_branch[account], elsewhere), len(at))
    who = people.account_party[planter.strangers(country, staff, PERSONS[:2])]
    conductor = np.where(rng.random(len(at)) < known, rng.choice(who, len(at)), NONE)
    planter.cash(Flow.TAKINGS, at, account, minor, deposit=True, branch=branch, conductor=conductor)


def _counted(planter: Planter, usd: np.ndarray, country: int, at: np.ndarray) -> np.ndarray:
    """Convert USD into notes, in minor units."""
    return notes(planter.rng, planter.minor(usd, country, at), np.full(len(at), country))


def restaurant_daily_takings(planter: Planter) -> list[int]:
    """Plant a restaurant whose two managers pay in each day's takings at the branch that is on their way home."""
    rng, country = planter.rng, planter.any_country()
    firm = planter.new_company(country, age_days=2_400, monthly_usd=150_000, industry_code="5610")
    account, days = planter.account(firm), planter.weekdays()
    usd = 5_200 * rng.lognormal(0, 0.3, len(days)) * np.where(planter.weekday(days) == 0, 1.7, 1.0)
    at = planter.office(days, country)
    handed_in(planter, account, at, planter.minor(usd, country, at), staff=2, counters=2, known=0.7)
    spend(planter, account, int(planter.days / 7 * 4), 4_500)
    operate(planter, firm, staff=8)
    return [firm]


def vending_operator(planter: Planter) -> list[int]:
    """Plant a vending firm whose two collectors empty machines on a route and pay in coins wherever they are."""
    rng, country = planter.rng, planter.any_country()
    firm = planter.new_company(country, age_days=3_100, monthly_usd=45_000, industry_code="4799")
    account, days = planter.account(firm), np.repeat(planter.weekdays(), 2)
    at = planter.office(days, country)
    minor = planter.minor(850 * rng.lognormal(0, 0.4, len(days)), country, at)
    handed_in(planter, account, at, minor, staff=2, counters=5, known=0.8)
    spend(planter, account, int(planter.days / 7 * 2), 3_500)
    operate(planter, firm, staff=3)
    return [firm]


def church_collection(planter: Planter) -> list[int]:
    """Plant a congregation: volunteers pay in Sunday's collection on Monday, members give by cheque and transfer."""
    rng, country = planter.rng, planter.any_country()
    body = planter.new_company(country, age_days=8_000, monthly_usd=25_000, industry_code="9491")
    account, days = planter.account(body), planter.every(7)
    at = planter.office(days, country)
    minor = planter.minor(3_400 * rng.lognormal(0, 0.3, len(days)), country, at)
    handed_in(planter, account, at, minor, staff=5, counters=2, known=0.8)
    number = planter.days
    given = planter.office(rng.integers(0, planter.days, number), country)
    planter.pay(
        Flow.DONATION, given, customers(planter, country, number), account, usd=60 * rng.lognormal(0, 0.8, number)
    )
    operate(planter, body, staff=2)
    return [body]


def supermarket_armoured_car(planter: Planter) -> list[int]:
    """Plant a supermarket chain: an armoured car takes its cash to a vault, suppliers at home and abroad are paid."""
    rng, country = planter.rng, planter.any_country()
    firm = planter.new_company(country, age_days=6_000, monthly_usd=1_800_000, industry_code="4711", employees=160,
                               annual_turnover_usd=21_600_000.0)  # fmt: skip
    account, days = planter.account(firm), planter.weekdays()[::2]
    at = planter.office(days, country)
    minor = notes(
        rng, planter.minor(52_000 * rng.lognormal(0, 0.3, len(days)), country, at), np.full(len(days), country)
    )
    handed_in(planter, account, at, minor, staff=1, counters=1, known=0.0)
    acquirer, every = planter.strangers(country, 1, (Role.ACQUIRER,)), planter.weekdays()
    planter.pay(Flow.SETTLEMENT, planter.office(every, country), acquirer, account,
                usd=45_000 * rng.lognormal(0, 0.2, len(every)))  # fmt: skip
    spend(planter, account, int(planter.days / 7 * 12), 18_000)
    abroad = planter.strangers(planter.any_country(), 3, (Role.TRADER, Role.MANUFACTURER))
    imports = planter.office(planter.every(7), country)
    planter.pay(Flow.FOREIGN, imports, account, rng.choice(abroad, len(imports)), documented=1,
                usd=32_000 * rng.lognormal(0, 0.4, len(imports)))  # fmt: skip
    operate(planter, firm, staff=30)
    return [firm]


def exempt_payroll_customer(planter: Planter) -> list[int]:
    """Plant a grower that draws its pickers' wages in cash every week, at its own branch, by its bookkeeper."""
    rng, country = planter.rng, planter.any_country()
    firm = planter.new_company(country, age_days=5_500, monthly_usd=260_000, industry_code="0119", employees=45)
    account, days = planter.account(firm), planter.every(7)
    at = planter.office(days, country)
    minor = notes(
        rng, planter.minor(11_000 * rng.lognormal(0, 0.2, len(days)), country, at), np.full(len(days), country)
    )
    bookkeeper = planter.people.account_party[planter.strangers(country, 1, PERSONS[:1])]
    planter.cash(Flow.BUSINESS_CASH, at, account, minor, deposit=False, away=0.0,
                 conductor=np.repeat(bookkeeper, len(days)))  # fmt: skip
    sell(planter, account, int(planter.days / 7 * 5), 11_000)
    spend(planter, account, int(planter.days / 7 * 4), 3_000)
    operate(planter, firm, staff=4)
    return [firm]


def casa_de_cambio(planter: Planter) -> list[int]:
    """Plant a licensed exchange house: dollar notes by armoured car, wired to its bank abroad, as its licence says."""
    rng, (home, abroad) = planter.rng, planter.two_countries()
    firm = planter.new_company(home, age_days=4_500, monthly_usd=1_500_000, industry_code="6619", licence="msb",
                               annual_turnover_usd=18_000_000.0)  # fmt: skip
    dollars, local = planter.new_account(firm, home, currency=US), planter.account(firm)
    days = planter.weekdays()[:: int(rng.integers(1, 4))]
    at = planter.office(days, home)
    usd = np.rint(38_000 * rng.lognormal(0, 0.4, len(days)) / 1_000) * 1_000 + 1_000
    handed_in(planter, dollars, at, usd.astype(np.int64) * 100, staff=2, counters=1, known=0.5)
    out = planter.lagged(at, (18, 70), home, weekdays=True)
    bank = planter.strangers(abroad, 1, (Role.BANK,))
    planter.pay(Flow.FOREIGN, out, dollars, bank, usd=usd * 0.995, currency=US, channel=CHANNEL["wire"])
    back = planter.lagged(out, (18, 60), home, weekdays=True)
    planter.pay(Flow.LARGE, back, bank, local, usd=usd * 0.98, channel=CHANNEL["wire"])
    drawn = planter.lagged(back, (12, 60), home, (9.0, 17.0), weekdays=True)
    minor = _counted(planter, usd * 0.96, home, drawn)
    planter.cash(Flow.BUSINESS_CASH, drawn, local, minor, deposit=False)
    operate(planter, firm, staff=8)
    return [firm]
