"""Everyday payments that follow no calendar: cards, cash, friends, suppliers, trade abroad, large purchases."""

from dataclasses import dataclass, replace

import numpy as np

from mirrorwatch.synth.economy import Economy, book, cash_rows
from mirrorwatch.synth.flows import STYLES, Flow
from mirrorwatch.synth.places import US
from mirrorwatch.synth.pools import Pair, Pool, pool
from mirrorwatch.synth.population import Role, is_business, is_person
from mirrorwatch.synth.recurring import Standing
from mirrorwatch.synth.rows import Rows
from mirrorwatch.synth.seeds import Section, generator

# payments a payer and weekday, median as a share of the payer's monthly income or turnover, sigma of the logarithm.
# Medians and spreads are wide enough that people and firms alike pay between 3,000 and 100,000 USD now and then:
# a world where only schemes do would make detection look too easy.
RATES: dict[Flow, tuple[float, float, float]] = {
    Flow.CARD: (0.45, 0.006, 1.0),
    Flow.ATM: (0.04, 0.03, 0.7),
    Flow.PERSON_CASH: (0.008, 0.2, 1.3),
    Flow.P2P: (0.05, 0.02, 1.1),
    Flow.PRIVATE: (0.006, 0.8, 1.3),
    Flow.REMITTANCE: (0.05, 0.1, 0.7),
    Flow.CRYPTO: (0.004, 0.1, 1.2),
    Flow.CONTRACTOR: (0.015, 0.08, 1.1),
    Flow.SUPPLIER: (0.3, 0.025, 1.3),
    Flow.FOREIGN: (0.12, 0.08, 1.1),
    Flow.LARGE: (0.012, 0.5, 1.3),
    Flow.OWN: (0.04, 0.15, 1.0),
    Flow.DRAWINGS: (0.012, 0.08, 0.9),
    Flow.BUSINESS_CASH: (0.02, 0.05, 0.8),
    Flow.REFUND: (0.01, 0.002, 1.0),
}
_COMPANY_FLOWS = (Flow.SUPPLIER, Flow.LARGE, Flow.DRAWINGS, Flow.BUSINESS_CASH, Flow.REFUND)
_SMALLEST_USD = 0.5
_CRYPTO_OUT = 0.35  # of crypto payments: back into money
_DOLLAR_TRADE = 0.6  # of trade abroad is invoiced in USD, the rest in the payer's currency
_KIN_ABROAD = 0.1  # persons who send money to someone abroad
_MERCHANT_TILLS = 0.25  # of merchants (all grocers and restaurants) pay in cash takings
_WORKDAYS = 21  # a month


@dataclass(frozen=True)
class Everyday:
    """Pools that days draw from, fixed relations, and the `factor` that meets the activity asked for."""

    persons: Pool
    companies: Pool
    merchants: Pool
    acquirers: Pool
    services: Pool
    exchanges: Pool
    acquired: np.ndarray  # merchants whose takings an acquirer pays out
    tills: np.ndarray  # accounts that deposit cash takings
    till_usd: np.ndarray
    till_chance: np.ndarray  # of a deposit on a weekday
    pairs: dict[Flow, Pair]
    factor: float = 1.0

    def payers(self, flow: Flow) -> int:
        """Count whom a flow's rate applies to: its relations, or the companies or persons."""
        if flow in self.pairs and flow is not Flow.SUPPLIER:
            return len(self.pairs[flow][0])
        return (self.companies if flow in _COMPANY_FLOWS else self.persons).distinct


def everyday(world: Economy, standing: Standing) -> Everyday:
    """Draw who deals with whom."""
    people, habits = world.population, world.habits
    rng = generator(world.spec.seed, Section.RELATIONS, 1)
    role, first = people.party_role, people.primary

    def of(mask: np.ndarray) -> Pool:
        return pool(first[mask], people.party_country[mask], people.party_scale[mask])

    retail = np.isin(role, (Role.GROCER, Role.RESTAURANT, Role.MERCHANT))
    companies = of(is_business(role))
    tills, usd, chance = _tills(world, rng)
    second = np.flatnonzero(people.account_party[1:] == people.account_party[:-1])
    made = Everyday(
        persons=of(is_person(role)),
        companies=companies,
        merchants=of(retail | (role == Role.SERVICE)),
        acquirers=of(role == Role.ACQUIRER),
        services=of(np.isin(role, (Role.SERVICE, Role.CONSTRUCTION))),
        exchanges=of(role == Role.EXCHANGE),
        acquired=first[np.flatnonzero(retail & (rng.random(len(role)) < habits.acquired_share))],
        tills=tills,
        till_usd=usd,
        till_chance=chance,
        pairs={
            Flow.SUPPLIER: _supply(world, rng, companies),
            Flow.FOREIGN: _abroad(world, rng, np.isin(role, (Role.TRADER, Role.MANUFACTURER, Role.LOGISTICS)), 4),
            Flow.REMITTANCE: _abroad(world, rng, is_person(role) & (rng.random(len(role)) < _KIN_ABROAD), 1),
            Flow.OWN: (second + 1, second),
        },
    )
    return replace(made, factor=_meeting_target(world, made, standing))


def _tills(world: Economy, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the accounts that deposit takings, USD a deposit, and the chance of one on a weekday."""
    people = world.population
    role = people.party_role
    some_merchants = (role == Role.MERCHANT) & (rng.random(len(role)) < _MERCHANT_TILLS)
    holder = np.flatnonzero(np.isin(role, (Role.GROCER, Role.RESTAURANT)) | some_merchants)
    chance = rng.choice([0.2, 0.4, 1.0], len(holder))  # weekly, twice a week, daily
    share = np.clip(world.habits.cash_share * rng.lognormal(0, 0.4, len(holder)), 0.02, 0.95)
    return people.primary[holder], people.party_scale[holder] * share / _WORKDAYS / chance, chance


def _supply(world: Economy, rng: np.random.Generator, companies: Pool) -> Pair:
    buyer = np.repeat(np.unique(companies.members), 5)
    supplier = companies.of(rng, world.population.account_country[buyer])
    keep = world.population.account_party[buyer] != world.population.account_party[supplier]
    return buyer[keep], supplier[keep]


def _abroad(world: Economy, rng: np.random.Generator, who: np.ndarray, partners: int) -> Pair:
    people, weights = world.population, world.habits.country_weights
    chosen = np.repeat(people.primary[who], partners)
    place = rng.choice(len(weights), len(chosen), p=weights)
    partner = pool(people.primary[who], people.party_country[who]).of(rng, place) if len(chosen) else chosen
    keep = people.account_country[chosen] != people.account_country[partner]
    return chosen[keep], partner[keep]


def _meeting_target(world: Economy, made: Everyday, standing: Standing) -> float:
    """Scale the everyday flows so that rows a day come to the spec's figure, standing payments included.

    Where the standing payments alone are more than was asked for, a twentieth of the everyday ones remains.
    """
    due_a_day = np.where(standing.period > 0, 1 / np.maximum(standing.period, 1), 1 / 30.4).sum()
    due_a_day += (len(made.acquired) + made.till_chance.sum()) * 5 / 7
    wanted = world.spec.accounts * world.spec.transactions_per_account_day - due_a_day
    week = (5 + 2 * np.array([STYLES[flow].weekend for flow in RATES])) / 7
    rate = np.array([RATES[flow][0] for flow in RATES]) * world.habits.rate[[int(flow) for flow in RATES]]
    expected = float((rate * week * np.array([made.payers(flow) for flow in RATES])).sum())
    return float(max(wanted, 0.05 * expected) / expected)


def everyday_rows(world: Economy, made: Everyday, day: int, rng: np.random.Generator) -> list[Rows]:
    """Make all everyday rows of one day, one batch a flow."""
    weekday = (world.spec.start_date.toordinal() + day - 1) % 7
    batches = [_flow_rows(world, made, flow, day, rng, weekend=weekday >= 5) for flow in RATES]
    if weekday < 5:
        batches.append(_settlements(world, made, day, rng))
    batches.append(_takings(world, made, day, rng, weekday=weekday))
    return batches


def _flow_rows(
    world: Economy, made: Everyday, flow: Flow, day: int, rng: np.random.Generator, *, weekend: bool
) -> Rows:
    rate, median, sigma = RATES[flow]
    expected = rate * world.habits.rate[flow] * made.factor * made.payers(flow)
    drawn = int(rng.poisson(expected * (STYLES[flow].weekend if weekend else 1.0)))
    payer, payee = _sides(world, made, flow, drawn, rng)
    people, n = world.population, len(payer)
    scale = people.party_scale[people.account_party[payer]]
    usd = np.maximum(scale * median * rng.lognormal(0, sigma * world.habits.spread[flow], n), _SMALLEST_USD)
    if flow in (Flow.ATM, Flow.BUSINESS_CASH, Flow.PERSON_CASH):
        return cash_rows(world, rng, day, flow, account=payer, usd=usd, deposit=flow is Flow.PERSON_CASH)
    if flow is Flow.CRYPTO:
        back = rng.random(n) < _CRYPTO_OUT
        payer, payee = np.where(back, payee, payer), np.where(back, payer, payee)
    fixed: dict[str, np.ndarray | int] = {}
    if flow is Flow.CARD:
        fixed["category"] = world.category[payee]
    if flow is Flow.FOREIGN:
        own = people.account_currency[payer]
        fixed = {"documented": 1, "currency": np.where(rng.random(n) < _DOLLAR_TRADE, US, own)}
    return book(world, rng, day, flow, payer=payer, payee=payee, usd=usd, **fixed)


def _sides(world: Economy, made: Everyday, flow: Flow, n: int, rng: np.random.Generator) -> Pair:
    if flow in made.pairs:
        payers, payees = made.pairs[flow]
        index = rng.integers(0, max(len(payers), 1), n if len(payers) else 0)
        return payers[index], payees[index]
    payer = (made.companies if flow in _COMPANY_FLOWS else made.persons).anyone(rng, n)
    country = world.population.account_country[payer]
    payees_of = {Flow.CARD: made.merchants, Flow.CONTRACTOR: made.services, Flow.CRYPTO: made.exchanges,
                 Flow.LARGE: made.companies}  # fmt: skip
    payee = payees_of.get(flow, made.persons).of(rng, country)
    acquirer = made.acquirers.of(rng, country)
    if flow is Flow.CARD:
        payee = np.where(rng.random(n) < world.habits.acquired_share, acquirer, payee)
    return payer, np.where(payee == payer, acquirer, payee)  # nobody pays themselves


def _settlements(world: Economy, made: Everyday, day: int, rng: np.random.Generator) -> Rows:
    people, merchant = world.population, made.acquired
    payer = made.acquirers.of(rng, people.account_country[merchant])
    monthly = people.party_scale[people.account_party[merchant]] * (1 - world.habits.cash_share)
    usd = monthly / _WORKDAYS * rng.lognormal(0, 0.35, len(merchant))
    return book(world, rng, day, Flow.SETTLEMENT, payer=payer, payee=merchant, usd=usd)


def _takings(world: Economy, made: Everyday, day: int, rng: np.random.Generator, *, weekday: int) -> Rows:
    """Pay in what shops took: Mondays bring the weekend's, and few counters are open on a weekend."""
    chance = made.till_chance * (STYLES[Flow.TAKINGS].weekend if weekday >= 5 else 1.0)
    index = np.flatnonzero(rng.random(len(made.tills)) < chance)
    usd = made.till_usd[index] * rng.lognormal(0, 0.3, len(index)) * (1.9 if weekday == 0 else 1.0)
    return cash_rows(world, rng, day, Flow.TAKINGS, account=made.tills[index], usd=usd, deposit=True, coins=True)
