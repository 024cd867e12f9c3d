"""People whose lives span two countries: own accounts, tuition, family, an expatriate's salary, a first home."""

import numpy as np

from mirrorwatch.synth.economy import notes
from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.innocents.business import live, round_minor
from mirrorwatch.synth.planting import Planter
from mirrorwatch.synth.population import PERSONS, Role
from mirrorwatch.synth.rows import CHANNEL


def own_account_fx(planter: Planter) -> list[int]:
    """Plant one person with accounts in two countries who pays in here and draws the same worth there."""
    rng = planter.rng
    home, abroad = planter.two_countries()
    person = planter.new_person(home, Role.SELF_EMPLOYED)
    here, there = planter.account(person), planter.new_account(person, abroad, kind="personal")
    number = int(rng.integers(8, 15))
    at = planter.office(planter.some(number), home)
    usd = 7_000 * rng.lognormal(0, 0.6, number)
    country = np.full(number, home)
    planter.cash(Flow.PERSON_CASH, at, here, notes(rng, planter.minor(usd, home, at), country), deposit=True)
    out = planter.lagged(at, (2, 30), abroad)
    planter.pay(
        Flow.PRIVATE, out, there, planter.strangers(abroad, number), usd=usd * rng.uniform(0.985, 0.997, number)
    )
    live(planter, here)
    return [person]


def tuition(planter: Planter) -> list[int]:
    """Plant a parent abroad who wires fees and living money to a student, who pays the university and lives on it."""
    rng = planter.rng
    home, abroad = planter.two_countries()
    parent, student = planter.take(home, PERSONS[:3]), planter.new_person(abroad, Role.STUDENT)
    account, university = planter.account(student), planter.strangers(abroad, 1, (Role.UNIVERSITY,))
    at = planter.office(planter.some(2), home)
    usd = 16_000 * rng.lognormal(0, 0.3, 2)
    planter.pay(Flow.TUITION, at, planter.account(parent), account, usd=usd, channel=CHANNEL["wire"])
    planter.pay(Flow.TUITION, planter.lagged(at, (20, 120), abroad, weekdays=True), account, university, usd=usd * 0.96)
    living = planter.office(planter.monthly(), home)
    allowance = round_minor(planter, np.full(len(living), 2_000.0), home, living)
    planter.pay(Flow.FAMILY, living, planter.account(parent), account, amount=allowance, currency=home)
    live(planter, account)
    return [parent, student]


def family_support(planter: Planter) -> list[int]:
    """Plant a worker who sends home a part of each pay, and a relative who draws it in cash within days."""
    rng = planter.rng
    home, abroad = planter.two_countries()
    worker, relative = planter.take(home, PERSONS[:2]), planter.new_person(abroad, Role.HOMEMAKER)
    days = planter.every(7)
    at = planter.office(days, home)
    usd = np.full(len(days), 420.0) * rng.choice([0.75, 1.0, 1.5], len(days))
    planter.pay(Flow.FAMILY, at, planter.account(worker), planter.account(relative), usd=usd)
    out = planter.lagged(at, (5, 80), abroad)
    amount = notes(rng, planter.minor(usd * 0.95, abroad, out), np.full(len(days), abroad))
    planter.cash(Flow.ATM, out, planter.account(relative), amount, deposit=False)
    return [worker, relative]


def expatriate(planter: Planter) -> list[int]:
    """Plant an expatriate: salary and rent here, part of each pay to an own account at home that pays a mortgage."""
    home, abroad = planter.two_countries()
    person = planter.new_person(abroad, Role.EMPLOYEE)
    here, there = planter.account(person), planter.new_account(person, home, kind="personal")
    live(planter, here)
    income = float(planter.people.party_scale[person])
    months = planter.monthly()
    at = planter.office(months, abroad)
    planter.pay(Flow.OWN, at, here, there, usd=income * 0.3, channel=CHANNEL["wire"])
    bank = planter.strangers(home, 1, (Role.BANK,))
    planter.pay(Flow.LOAN, planter.lagged(at, (24, 90), home, weekdays=True), there, bank, usd=income * 0.25)
    return [person]


def property_buyer(planter: Planter) -> list[int]:
    """Plant a buyer whose relatives at home and abroad chip in for a down payment made within days."""
    rng = planter.rng
    home, abroad = planter.two_countries()
    buyer = planter.take(home, PERSONS[:2])
    account = planter.account(buyer)
    first = planter.office(planter.some(1), home)
    gifts = np.array([18_000.0, 25_000.0, 12_000.0, 30_000.0]) * rng.lognormal(0, 0.3, 4)
    relatives = np.concatenate([planter.strangers(home, 2, PERSONS), planter.strangers(abroad, 2, PERSONS)])
    planter.pay(Flow.PRIVATE, planter.lagged(first.repeat(4), (0, 90), home), relatives, account, usd=gifts)
    seller = planter.strangers(home, 1, (Role.CONSTRUCTION, Role.LANDLORD))
    closing = planter.lagged(first, (100, 160), home, weekdays=True)
    planter.pay(Flow.PROPERTY, closing, account, seller, usd=float(gifts.sum()) * 0.98)
    return [buyer]
