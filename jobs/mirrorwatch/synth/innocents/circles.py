"""Money among people and firms who know each other: clubs, chains of trade, landlords, feasts, dividends, loans."""

import numpy as np

from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.innocents.business import customers, operate, round_minor, sell
from mirrorwatch.synth.moments import ONLINE
from mirrorwatch.synth.planting import Planter
from mirrorwatch.synth.population import BUSINESSES, PERSONS, Role

_SHOPS = (Role.MERCHANT, Role.RESTAURANT, Role.GROCER)


def savings_club(planter: Planter) -> list[int]:
    """Plant 7 to 10 friends who each pay the same round sum every second week to the one whose turn it is."""
    rng, country = planter.rng, planter.any_country()
    friends = [planter.take(country, PERSONS[:3]) for _ in range(int(rng.integers(7, 11)))]
    accounts = [planter.account(friend) for friend in friends]
    share = float(rng.choice([150.0, 300.0, 500.0, 1_000.0]))
    amount = round_minor(planter, np.array([share]), country, np.array([planter.world.start_us]))[0]
    for turn, day in enumerate(planter.every(14).tolist()):
        winner = accounts[turn % len(accounts)]
        payers = [account for account in accounts if account != winner]
        at = planter.lagged(planter.office(np.full(len(payers), day), country), (-20, 40), country, ONLINE)
        planter.pay(Flow.P2P, at, np.array(payers), winner, amount=np.full(len(payers), amount), currency=country)
    return friends


def friends_loan(planter: Planter) -> list[int]:
    """Plant three loans between friends: lent in one sum, paid back in two or three within weeks, with a thank-you."""
    rng, country = planter.rng, planter.any_country()
    people = [planter.take(country, PERSONS[:2]) for _ in range(4)]
    lender = planter.account(people[0])
    for friend in people[1:]:
        borrower, usd = planter.account(friend), float(rng.choice([3_000.0, 5_000.0, 8_000.0, 12_000.0]))
        days = int(rng.integers(0, max(1, planter.days // 2)))
        at = planter.office(days, country)
        planter.pay(Flow.PRIVATE, at, lender, borrower, usd=usd)
        number = int(rng.integers(2, 4))
        back = planter.lagged(np.repeat(at, number), (100, 24 * max(6.0, planter.days / 2)), country, ONLINE)
        planter.pay(Flow.PRIVATE, back, borrower, lender, usd=usd * 1.01 / number)
    return people


def wholesale_chain(planter: Planter) -> list[int]:
    """Plant a maker, two wholesalers, eight shops: shops pay weekly for what they sell, wholesalers pay the maker."""
    rng, country = planter.rng, planter.any_country()
    maker = planter.new_company(country, age_days=5_000, monthly_usd=500_000, industry_code="1079", employees=40)
    parties = [maker]
    for _ in range(2):
        wholesaler = planter.new_company(
            country, age_days=3_500, monthly_usd=200_000, industry_code="4630", employees=8
        )
        shops = [planter.take(country, _SHOPS) for _ in range(4)]
        account = planter.account(wholesaler)
        taken = 0.0
        for shop in shops:
            days = planter.every(7)
            usd = 4_500 * rng.lognormal(0, 0.4, len(days))
            planter.pay(Flow.SUPPLIER, planter.office(days, country), planter.account(shop), account, usd=usd)
            taken += float(usd.sum())
        weeks = planter.every(7)
        due = taken * 0.8 / max(len(weeks), 1) * rng.normal(1, 0.1, len(weeks)).clip(0.7, 1.3)
        planter.pay(Flow.SUPPLIER, planter.office(weeks, country), account, planter.account(maker), usd=due)
        operate(planter, wholesaler, staff=3)
        parties += [wholesaler, *shops]
    operate(planter, maker, staff=10)
    return parties


def franchise(planter: Planter) -> list[int]:
    """Plant seven franchised shops that all buy from the same three suppliers and pay royalties to one franchisor."""
    rng, country = planter.rng, planter.any_country()
    franchisor = planter.new_company(country, age_days=4_000, monthly_usd=120_000, industry_code="7740", employees=15)
    suppliers = [planter.new_company(country, age_days=3_000, monthly_usd=180_000, industry_code="4630", employees=9)
                 for _ in range(3)]  # fmt: skip
    shops = [planter.take(country, (Role.RESTAURANT, Role.MERCHANT)) for _ in range(7)]
    for shop in shops:
        months, weeks = planter.monthly(), planter.every(7)
        planter.pay(Flow.FEE, planter.office(months, country), planter.account(shop), planter.account(franchisor),
                    usd=3_000 * rng.lognormal(0, 0.3, len(months)))  # fmt: skip
        for supplier in suppliers:
            at = planter.lagged(planter.office(weeks, country), (0, 48), country, weekdays=True)
            planter.pay(Flow.SUPPLIER, at, planter.account(shop), planter.account(supplier),
                        usd=1_800 * rng.lognormal(0, 0.4, len(weeks)))  # fmt: skip
    for company in (franchisor, *suppliers):
        operate(planter, company, staff=4)
    return [franchisor, *suppliers, *shops]


def private_landlord(planter: Planter) -> list[int]:
    """Plant a person with 11 to 17 tenants, who all pay in the first days of a month; loans and repairs go out."""
    rng, country = planter.rng, planter.any_country()
    landlord = planter.take(country, (Role.RETIRED, Role.SELF_EMPLOYED))
    account, homes = planter.account(landlord), int(rng.integers(11, 18))
    tenants, rent = customers(planter, country, homes), 900 * rng.lognormal(0, 0.3, homes)
    apart = np.flatnonzero(tenants != account)
    bank = planter.strangers(country, 1, (Role.BANK,))
    for month in planter.monthly().tolist():
        at = planter.lagged(planter.office(np.full(len(apart), month), country), (0, 96), country, ONLINE)
        planter.pay(Flow.RENT, at, tenants[apart], account, usd=rent[apart])
        planter.pay(Flow.LOAN, planter.office(month, country), account, bank, usd=float(rent.sum()) * 0.5)
    number = int(rng.integers(4, 9))
    crafts = planter.strangers(country, number, (Role.CONSTRUCTION, Role.SERVICE))
    planter.pay(Flow.CONTRACTOR, planter.office(planter.some(number), country), account, crafts,
                usd=350 * rng.lognormal(0, 0.7, number))  # fmt: skip
    return [landlord]


def wedding_payer(planter: Planter) -> list[int]:
    """Plant a bride: 12 to 25 guests' gifts arrive in one fortnight, and 8 to 13 firms and helpers are paid in it."""
    rng, country = planter.rng, planter.any_country()
    bride = planter.take(country, (Role.EMPLOYEE,))
    account, day = planter.account(bride), planter.office(planter.some(1), country)
    guests = customers(planter, country, int(rng.integers(12, 26)))
    guests = guests[guests != account]
    income = float(planter.people.party_scale[bride])
    at = planter.lagged(np.repeat(day, len(guests)), (-160, 160), country, ONLINE)
    planter.pay(Flow.P2P, at, guests, account, usd=income * 0.05 * rng.lognormal(0, 0.6, len(guests)))
    crew = planter.strangers(country, int(rng.integers(8, 14)), (Role.SERVICE, Role.RESTAURANT, Role.SELF_EMPLOYED))
    crew = crew[crew != account]
    at = planter.lagged(np.repeat(day, len(crew)), (-100, 160), country, ONLINE)
    planter.pay(Flow.CONTRACTOR, at, account, crew, usd=income * 0.25 * rng.lognormal(0, 0.8, len(crew)))
    return [bride]


def dividend_payer(planter: Planter) -> list[int]:
    """Plant a company that pays 15 to 25 shareholders on one day, each by a share that is on record."""
    rng, country = planter.rng, planter.any_country()
    company = planter.new_company(country, age_days=6_000, monthly_usd=400_000, owned=False, employees=20)
    account, number = planter.account(company), int(rng.integers(15, 26))
    shares = rng.dirichlet(np.full(number, 2.0))
    holders = [planter.take(country, PERSONS[:3]) for _ in range(number)]
    for holder, share in zip(holders, shares.round(4).tolist(), strict=True):
        planter.tie(holder, company, share=share)
    planter.tie(holders[0], company, "director")
    at = planter.lagged(np.repeat(planter.office(planter.some(1), country), number), (0, 5), country)
    payees = np.array([planter.account(holder) for holder in holders])
    planter.pay(Flow.DIVIDEND, at, account, payees, usd=120_000 * shares)
    sell(planter, account, int(planter.days), 9_000)
    operate(planter, company, staff=8)
    return [company]


def builder_with_crew(planter: Planter) -> list[int]:
    """Plant a main builder: stages paid in, five to eight subcontractors paid, who all buy at one merchant."""
    rng, country = planter.rng, planter.any_country()
    builder = planter.new_company(country, age_days=3_200, monthly_usd=350_000, industry_code="4100", employees=18)
    yard = planter.new_company(country, age_days=4_200, monthly_usd=250_000, industry_code="4663", employees=12)
    crew = [planter.take(country, (Role.CONSTRUCTION, Role.SERVICE)) for _ in range(int(rng.integers(5, 9)))]
    account, merchant = planter.account(builder), planter.account(yard)
    workers = np.array([planter.account(party) for party in crew])
    client = planter.strangers(country, 1, BUSINESSES)
    for day in planter.some(int(rng.integers(3, 6))).tolist():
        stage, at = float(90_000 * rng.lognormal(0, 0.3)), planter.office(day, country)
        planter.pay(Flow.LARGE, at, client, account, usd=stage)
        paid = planter.lagged(np.repeat(at, len(workers)), (20, 120), country, weekdays=True)
        planter.pay(Flow.SUPPLIER, paid, account, workers, usd=stage * 0.6 * rng.dirichlet(np.full(len(workers), 4.0)))
    for worker in workers.tolist():
        number = int(rng.integers(3, 9))
        at = planter.office(planter.some(number), country)
        planter.pay(Flow.SUPPLIER, at, worker, merchant, usd=2_200 * rng.lognormal(0, 0.7, number))
    operate(planter, builder, staff=8)
    operate(planter, yard, staff=5)
    return [builder, yard, *crew]
