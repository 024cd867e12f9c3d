"""People whose money looks odd for a while: a wedding, a sold car, fares, a trip for friends, money from home."""

import numpy as np

from mirrorwatch.synth.economy import notes, rounded
from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.innocents.business import customers, live
from mirrorwatch.synth.planting import Planter
from mirrorwatch.synth.population import BUSINESSES, PERSONS, Role
from mirrorwatch.synth.rows import CHANNEL, NONE


def _paid_in(planter: Planter, account: int, at: np.ndarray, usd: np.ndarray, *, conductor: np.ndarray | None = None,
             away: float = 0.3) -> None:  # fmt: skip
    country = int(planter.people.account_country[account])
    minor = notes(planter.rng, planter.minor(usd, country, at), np.full(len(at), country))
    planter.cash(Flow.PERSON_CASH, at, account, minor, deposit=True, conductor=conductor, away=away)


def wedding_gifts(planter: Planter) -> list[int]:
    """Plant a couple: in one week guests send gifts and envelopes of cash are paid in; hall and caterer are paid."""
    rng, country = planter.rng, planter.any_country()
    one, other = planter.new_person(country), planter.take(country, PERSONS[:2])
    account, guests = planter.account(one), int(rng.integers(20, 40))
    live(planter, account)
    begin = planter.office(planter.some(1), country)
    at = planter.lagged(begin.repeat(guests), (0, 150), country, (8.0, 22.0))
    minor = rounded(rng, planter.minor(220 * rng.lognormal(0, 0.6, guests), country, at), 1.0)
    codes = np.array([CHANNEL[name] for name in ("p2p", "check", "instant")])[rng.integers(0, 3, guests)]
    planter.pay(Flow.P2P, at, customers(planter, country, guests), account, amount=minor, channel=codes)
    envelopes = planter.lagged(begin.repeat(3), (20, 140), country, (9.0, 17.0), weekdays=True)
    _paid_in(planter, account, envelopes, rng.uniform(3_000, 9_600, 3), conductor=np.array([one, other, NONE]))
    bills = planter.lagged(begin.repeat(3), (100, 500), country, weekdays=True)
    payees = planter.strangers(country, 3, (Role.RESTAURANT, Role.SERVICE, Role.MERCHANT))
    planter.pay(Flow.CONTRACTOR, bills, account, payees, usd=np.array([9_000.0, 3_500.0, 4_800.0]))
    return [one, other]


def car_sale(planter: Planter) -> list[int]:
    """Plant somebody who sells two cars, one for cash just below the limit, and buys another from a dealer in days."""
    rng, country = planter.rng, planter.any_country()
    person = planter.new_person(country)
    account = planter.account(person)
    live(planter, account)
    sold = planter.office(planter.some(1), country)
    _paid_in(planter, account, sold, np.array([9_700.0]) * rng.uniform(0.95, 1.0), away=0.5)
    second = planter.lagged(sold, (20, 140), country, weekdays=True)
    planter.pay(Flow.PRIVATE, second, planter.strangers(country, 1, PERSONS), account, usd=7_500.0,
                channel=CHANNEL["cashiers_check"])  # fmt: skip
    bought = planter.lagged(second, (20, 160), country, weekdays=True)
    planter.pay(Flow.LARGE, bought, account, planter.strangers(country, 1, (Role.MERCHANT, Role.TRADER)), usd=16_900.0,
                channel=CHANNEL["cashiers_check"])  # fmt: skip
    return [person]


def taxi_driver(planter: Planter) -> list[int]:
    """Plant a driver: fares by p2p from many strangers, cash paid in wherever there is a branch, fuel and a lease."""
    rng, country = planter.rng, planter.any_country()
    driver = planter.new_person(country, Role.SELF_EMPLOYED)
    planter.described[driver] = {"occupation": "taxi driver"}
    account, number = planter.account(driver), int(planter.days * 2.5)
    fares = planter.office(rng.integers(0, planter.days, number), country)
    planter.pay(Flow.P2P, fares, customers(planter, country, number), account, usd=24 * rng.lognormal(0, 0.5, number),
                channel=CHANNEL["p2p"])  # fmt: skip
    days = planter.weekdays()[::2]
    _paid_in(planter, account, planter.office(days, country), 260 * rng.lognormal(0, 0.3, len(days)), away=0.9)
    stops = planter.office(planter.weekdays(), country)
    pumps = planter.strangers(country, len(stops), (Role.MERCHANT,))
    planter.pay(Flow.CARD, stops, account, pumps, usd=45.0, category=planter.world.category[pumps])
    weeks = planter.office(planter.every(7), country)
    planter.pay(Flow.LOAN, weeks, account, planter.strangers(country, 1, (Role.SERVICE, Role.MERCHANT)), usd=310.0)
    planter.pay(Flow.RENT, planter.office(planter.monthly(), country), account,
                planter.strangers(country, 1, (Role.LANDLORD,)), usd=1_300.0)  # fmt: skip
    return [driver]


def trip_organiser(planter: Planter) -> list[int]:
    """Plant somebody whom a dozen friends pay their equal shares, and who books a journey for all of them by card."""
    rng, country = planter.rng, planter.any_country()
    person = planter.new_person(country)
    account, friends = planter.account(person), int(rng.integers(9, 16))
    live(planter, account)
    share = float(rng.choice([400.0, 650.0, 900.0]))
    begin = planter.office(planter.some(1), country)
    at = planter.lagged(begin.repeat(friends), (0, 120), country, (8.0, 22.0))
    minor = rounded(rng, planter.minor(share, country, begin), 1.0).repeat(friends)
    planter.pay(Flow.P2P, at, customers(planter, country, friends), account, amount=minor, channel=CHANNEL["p2p"])
    booked = planter.lagged(at.max().repeat(2), (2, 60), country, (8.0, 22.0))
    agency = planter.strangers(country, 2, (Role.SERVICE, Role.MERCHANT))
    planter.pay(Flow.CARD, booked, account, agency, usd=share * (friends + 1) * np.array([0.7, 0.3]),
                category=planter.world.category[agency])  # fmt: skip
    return [person]


def cuckoo_victim(planter: Planter) -> list[int]:
    """Plant somebody who awaits money from abroad: strangers pay it in as cash at several branches, unasked.

    The holder knows of no cash: keeps what came, pays bills and a builder from it over weeks, lives on as before.
    """
    rng, country = planter.rng, planter.any_country()
    person = planter.new_person(country)
    account, number = planter.account(person), int(rng.integers(4, 8))
    live(planter, account)
    begin = planter.office(planter.some(1), country)
    at = planter.lagged(begin.repeat(number), (0, 44), country, (9.0, 17.0), weekdays=True)
    runners = planter.people.account_party[planter.strangers(country, number, PERSONS)]
    known = rng.random(number) < 0.5
    usd = rng.uniform(3_500, 9_700, number)
    _paid_in(planter, account, at, usd, conductor=np.where(known, runners, NONE), away=1.0)
    spent = planter.lagged(begin.repeat(6), (150, 700), country)
    payees = planter.strangers(country, 6, (Role.CONSTRUCTION, Role.MERCHANT, Role.SERVICE))
    planter.pay(Flow.CONTRACTOR, spent, account, payees, usd=float(usd.sum()) * 0.05 * rng.lognormal(0, 0.4, 6))
    return [person]


def student_with_real_tuition(planter: Planter) -> list[int]:
    """Plant a student whom three relatives abroad send fees and living money, and who pays school, rent and friends."""
    rng, (home, abroad) = planter.rng, planter.two_countries()
    student = planter.new_person(abroad, Role.STUDENT)
    account, family = planter.account(student), planter.strangers(home, 3, PERSONS[:3])
    at = planter.office(planter.some(4), home)
    usd = np.array([14_000.0, 9_000.0, 12_000.0, 8_000.0]) * rng.lognormal(0, 0.2, 4)
    planter.pay(Flow.TUITION, at, rng.choice(family, 4), account, usd=usd, channel=CHANNEL["wire"])
    university = planter.strangers(abroad, 1, (Role.UNIVERSITY,))
    fees = planter.lagged(at[:2], (20, 150), abroad, weekdays=True)
    planter.pay(Flow.TUITION, fees, account, university, usd=float(usd.sum()) * np.array([0.45, 0.25]))
    months = planter.office(planter.monthly(), abroad)
    planter.pay(Flow.RENT, months, account, planter.strangers(abroad, 1, (Role.LANDLORD,)), usd=1_400.0)
    number = int(planter.days * 0.5)
    friends, shops = customers(planter, abroad, number), planter.strangers(abroad, number, (Role.GROCER, Role.MERCHANT))
    days = rng.integers(0, planter.days, number)
    planter.pay(Flow.CARD, planter.office(days, abroad), account, shops, usd=38 * rng.lognormal(0, 0.7, number),
                category=planter.world.category[shops])  # fmt: skip
    planter.pay(Flow.P2P, planter.office(days, abroad), account, friends, usd=22 * rng.lognormal(0, 0.5, number))
    planter.pay(Flow.CONTRACTOR, planter.office(planter.some(2), abroad), account,
                planter.strangers(abroad, 2, BUSINESSES), usd=600.0)  # fmt: skip
    return [student]
