"""Everyday payments that follow no calendar: cards, cash, friends, suppliers, trade abroad, large purchases."""

from dataclasses import dataclass

import numpy as np

from mirrorwatch.synth.economy import Economy, book, cash_rows
from mirrorwatch.synth.flows import STYLES, Flow
from mirrorwatch.synth.places import US
from mirrorwatch.synth.pools import Pool, pool
from mirrorwatch.synth.population import Role, is_business, is_person
from mirrorwatch.synth.recurring import Standing
from mirrorwatch.synth.rows import Rows
from mirrorwatch.synth.seeds import Section, generator

# payments a payer and weekday, median as a share of the payer's monthly income or turnover, sigma of the logarithm
RATES: dict[Flow, tuple[float, float, float]] = {
    Flow.CARD: (0.45, 0.006, 1.0),
    Flow.ATM: (0.04, 0.03, 0.7),
    Flow.PERSON_CASH: (0.008, 0.2, 1.3),
    Flow.P2P: (0.05, 0.02, 1.1),
    Flow.PRIVATE: (0.006, 0.8, 1.3),
    Flow.REMITTANCE: (0.006, 0.1, 0.7),
    Flow.CRYPTO: (0.004, 0.1, 1.2),
    Flow.CONTRACTOR: (0.015, 0.08, 1.1),
    Flow.SUPPLIER: (0.3, 0.025, 1.3),
    Flow.FOREIGN: (0.15, 0.08, 1.1),
    Flow.LARGE: (0.012, 0.5, 1.3),
    Flow.OWN: (0.04, 0.15, 1.0),
    Flow.DRAWINGS: (0.012, 0.08, 0.9),
    Flow.BUSINESS_CASH: (0.02, 0.05, 0.8),
    Flow.REFUND: (0.01, 0.002, 1.0),
}
_SMALLEST_USD = 0.5


@dataclass(frozen=True)
class Everyday:
    """Pools that the days draw from, the fixed business relations, and the factor that meets the asked-for activity."""

    persons: Pool
    companies: Pool
    merchants: Pool
    acquirers: Pool
    services: Pool
    exchanges: Pool
    acquired: np.ndarray  # merchants whose takings an acquirer pays out
    tills: np.ndarray  # accounts that deposit cash takings
    till_usd: np.ndarray
    till_chance: np.ndarray
    supply: tuple[np.ndarray, np.ndarray]  # buyer, supplier of each domestic relation
    trade: tuple[np.ndarray, np.ndarray]  # importer, exporter
    kin: tuple[np.ndarray, np.ndarray]  # sender, receiver abroad
    own: tuple[np.ndarray, np.ndarray]  # two accounts of one holder
    factor: float


def everyday(world: Economy, standing: Standing) -> Everyday:
    """Draws who deals with whom."""
    people, habits = world.population, world.habits
    rng = generator(world.spec.seed, Section.RELATIONS, 1)
    role, country, scale, first = people.party_role, people.party_country, people.party_scale, people.primary

    def of(mask: np.ndarray, *, weighted: bool = True) -> Pool:
        return pool(first[mask], country[mask], scale[mask] if weighted else None)

    retail = np.isin(role, (Role.GROCER, Role.RESTAURANT, Role.MERCHANT))
    companies, persons = of(is_business(role)), of(is_person(role))
    till = np.flatnonzero(
        np.isin(role, (Role.GROCER, Role.RESTAURANT)) | ((role == Role.MERCHANT) & (rng.random(len(role)) < 0.25))
    )
    chance = rng.choice([0.2, 0.4, 1.0], len(till))
    monthly = scale[till] * np.clip(habits.cash_share * rng.lognormal(0, 0.4, len(till)), 0.02, 0.95)
    second = np.flatnonzero(people.account_party[1:] == people.account_party[:-1])
    made = Everyday(
        persons=persons,
        companies=companies,
        merchants=of(retail | (role == Role.SERVICE)),
        acquirers=of(role == Role.ACQUIRER),
        services=of(np.isin(role, (Role.SERVICE, Role.CONSTRUCTION))),
        exchanges=of(role == Role.EXCHANGE),
        acquired=first[np.flatnonzero(retail & (rng.random(len(role)) < habits.acquired_share))],
        tills=first[till],
        till_usd=monthly / 21 / chance,
        till_chance=chance,
        supply=_supply(world, rng, companies),
        trade=_abroad(world, rng, np.isin(role, (Role.TRADER, Role.MANUFACTURER, Role.LOGISTICS)), 4),
        kin=_abroad(world, rng, is_person(role) & (rng.random(len(role)) < 0.1), 1),
        own=(second + 1, second),
        factor=1.0,
    )
    return _meeting_target(world, made, standing)


def _supply(world: Economy, rng: np.random.Generator, companies: Pool) -> tuple[np.ndarray, np.ndarray]:
    buyer = np.repeat(np.unique(companies.members), 5)
    supplier = companies.of(rng, world.population.account_country[buyer])
    keep = world.population.account_party[buyer] != world.population.account_party[supplier]
    return buyer[keep], supplier[keep]


def _abroad(world: Economy, rng: np.random.Generator, who: np.ndarray, partners: int) -> tuple[np.ndarray, np.ndarray]:
    people = world.population
    chosen = np.repeat(people.primary[who], partners)
    place = rng.choice(len(world.habits.country_weights), len(chosen), p=world.habits.country_weights)
    partner = pool(people.primary[who], people.party_country[who]).of(rng, place) if len(chosen) else chosen
    keep = people.account_country[chosen] != people.account_country[partner]
    return chosen[keep], partner[keep]


def _meeting_target(world: Economy, made: Everyday, standing: Standing) -> Everyday:
    """Scales the everyday flows so that rows a day come to the spec's figure, standing payments included."""
    monthly = np.where(standing.period > 0, 30.4 / np.maximum(standing.period, 1), 1).sum() / 30.4
    others = len(made.acquired) + made.till_chance.sum()
    wanted = world.spec.accounts * world.spec.transactions_per_account_day - monthly - others * 0.8
    busy = (5 + 2 * np.array([STYLES[flow].weekend for flow in RATES])) / 7
    size = np.array([_payers(made, flow) for flow in RATES], dtype=float)
    base = np.array([RATES[flow][0] for flow in RATES]) * world.habits.rate[[int(flow) for flow in RATES]]
    expected = float((base * size * busy).sum())
    return Everyday(**{**made.__dict__, "factor": max(wanted, 0.05 * expected) / expected})


def _payers(made: Everyday, flow: Flow) -> int:
    if flow in (Flow.SUPPLIER, Flow.LARGE, Flow.DRAWINGS, Flow.BUSINESS_CASH, Flow.REFUND):
        return len(np.unique(made.companies.members))
    pairs = {Flow.FOREIGN: made.trade, Flow.REMITTANCE: made.kin, Flow.OWN: made.own}
    return len(pairs[flow][0]) if flow in pairs else len(np.unique(made.persons.members))


def everyday_rows(world: Economy, made: Everyday, day: int, rng: np.random.Generator) -> list[Rows]:
    """All everyday rows of one day, one batch a flow."""
    weekend = (world.spec.start_date.toordinal() + day - 1) % 7 >= 5  # noqa: PLR2004
    batches = [_flow_rows(world, made, flow, day, rng, weekend=weekend) for flow in RATES]
    if not weekend:
        batches.append(_settlements(world, made, day, rng))
    batches.append(_takings(world, made, day, rng, weekend=weekend))
    return batches


def _flow_rows(
    world: Economy, made: Everyday, flow: Flow, day: int, rng: np.random.Generator, *, weekend: bool
) -> Rows:
    rate, median, sigma = RATES[flow]
    expected = rate * world.habits.rate[flow] * made.factor * _payers(made, flow)
    n = int(rng.poisson(expected * (STYLES[flow].weekend if weekend else 1.0)))
    payer, payee = _sides(world, made, flow, n, rng)
    people, n = world.population, len(payer)
    scale = people.party_scale[people.account_party[payer]]
    usd = np.maximum(scale * median * rng.lognormal(0, sigma * world.habits.spread[flow], n), _SMALLEST_USD)
    if flow in (Flow.ATM, Flow.BUSINESS_CASH):
        return cash_rows(world, rng, day, flow, payer, usd, deposit=False)
    if flow is Flow.PERSON_CASH:
        return cash_rows(world, rng, day, flow, payer, usd, deposit=True)
    if flow is Flow.CRYPTO:  # a third of the time back into money
        payer, payee = _swapped(payer, payee, rng.random(n) < 0.35)  # noqa: PLR2004
    if flow is Flow.CARD:
        return book(world, rng, day, flow, payer, payee, usd, category=world.category[payee])
    if flow is Flow.FOREIGN:
        return book(world, rng, day, flow, payer, payee, usd, documented=1, currency=_trade_currency(world, rng, payer))
    return book(world, rng, day, flow, payer, payee, usd)


def _trade_currency(world: Economy, rng: np.random.Generator, payer: np.ndarray) -> np.ndarray:
    own = world.population.account_currency[payer]
    return np.where(rng.random(len(payer)) < 0.6, US, own)


def _sides(
    world: Economy, made: Everyday, flow: Flow, n: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    pairs = {Flow.SUPPLIER: made.supply, Flow.FOREIGN: made.trade, Flow.REMITTANCE: made.kin, Flow.OWN: made.own}
    if flow in pairs:
        payers, payees = pairs[flow]
        index = rng.integers(0, max(len(payers), 1), n if len(payers) else 0)
        return payers[index], payees[index]
    company = flow in (Flow.LARGE, Flow.DRAWINGS, Flow.BUSINESS_CASH, Flow.REFUND)
    payer = (made.companies if company else made.persons).anyone(rng, n)
    country = world.population.account_country[payer]
    payee = _payee_pool(made, flow).of(rng, country)
    if flow is Flow.CARD:
        payee = np.where(rng.random(n) < world.habits.acquired_share, made.acquirers.of(rng, country), payee)
    return payer, np.where(payee == payer, made.acquirers.of(rng, country), payee)


def _payee_pool(made: Everyday, flow: Flow) -> Pool:
    named = {Flow.CARD: made.merchants, Flow.CONTRACTOR: made.services, Flow.CRYPTO: made.exchanges,
             Flow.LARGE: made.companies}  # fmt: skip
    return named.get(flow, made.persons)


def _swapped(first: np.ndarray, second: np.ndarray, swap: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.where(swap, second, first), np.where(swap, first, second)


def _settlements(world: Economy, made: Everyday, day: int, rng: np.random.Generator) -> Rows:
    people = world.population
    merchant = made.acquired
    payer = made.acquirers.of(rng, people.account_country[merchant])
    share = 1 - world.habits.cash_share
    usd = people.party_scale[people.account_party[merchant]] * share / 21 * rng.lognormal(0, 0.35, len(merchant))
    return book(world, rng, day, Flow.SETTLEMENT, payer, merchant, usd)


def _takings(world: Economy, made: Everyday, day: int, rng: np.random.Generator, *, weekend: bool) -> Rows:
    """Shops pay in what they took: Mondays bring the weekend's, and few counters are open on a weekend."""
    monday = (world.spec.start_date.toordinal() + day - 1) % 7 == 0
    chance = made.till_chance * (STYLES[Flow.TAKINGS].weekend if weekend else 1.0)
    index = np.flatnonzero(rng.random(len(made.tills)) < chance)
    usd = made.till_usd[index] * rng.lognormal(0, 0.3, len(index)) * (1.9 if monday else 1.0)
    return cash_rows(world, rng, day, Flow.TAKINGS, made.tills[index], usd, deposit=True, coins=True)
