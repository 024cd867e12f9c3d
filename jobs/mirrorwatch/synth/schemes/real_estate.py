"""Property bought with money of no plain origin: many who have nothing to do with each other pay for one unit.

Variants: `many_payers` (strangers each send drafts or wires for one unit), `shell_payers` (firms without a trade do),
`structured_drafts` (one buyer's drafts, each below the reporting limit, from several accounts). The payee is a
developer, an escrow or a title company with ordinary customers of its own, and is no suspect.

Easy: the payers' incomes cannot carry it, all pay within two weeks in round sums, most name the unit. Hard: payers of
ordinary means with their own lives, weeks apart, uneven sums by several channels, few texts, the money lent to them by
third parties some days before, and part of it kept.
"""

from dataclasses import dataclass

import numpy as np

from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.innocents.business import customers, operate
from mirrorwatch.synth.planting import Planter
from mirrorwatch.synth.population import BUSINESSES, PERSONS, Role
from mirrorwatch.synth.rows import CHANNEL, NONE
from mirrorwatch.synth.schemes.staging import IN, OUT, Scheme, hands, over_counter, stage, stretch, worth
from mirrorwatch.synth.schemes.structuring import below_limit, limited_country
from mirrorwatch.synth.spec import TypologySpec

_POOR = (Role.STUDENT, Role.HOMEMAKER, Role.RETIRED)
_DRAFTS = ("cashiers_check", "wire")
_VARIED = ("cashiers_check", "wire", "check", "instant")
# what a payee is: industry, account type. Developers build; escrow, title and law firms hold the money until closing.
_PAYEES = (("4100", "business"), ("6810", "business"), ("6820", "escrow"), ("6910", "escrow"))
_SECTORS = ("4690", "7020", "8299", "6499", "4649")
_UNIT_NAMES = ("Unit {n}", "Apt {n} deposit", "Lot {n}", "Tower B {n}", "Closing {n}")


@dataclass(frozen=True)
class _Sale:
    """One unit: where, whom its price goes to, what a text says of it and how often one does."""

    country: int
    payee: int
    text: int
    named: float


def plant_real_estate(planter: Planter, spec: TypologySpec, label_id: str) -> None:
    """Plant one scheme; its label names the accounts that pay for the unit."""
    variants = {"many_payers": _many_payers, "shell_payers": _shell_payers, "structured_drafts": _structured_drafts}
    stage(planter, spec, label_id, variants)


def _sale(scheme: Scheme, country: int) -> _Sale:
    """Set up the payee, who sells other units to others: each of those pays for its own."""
    planter, rng = scheme.planter, scheme.planter.rng
    industry, kind = _PAYEES[int(rng.integers(0, len(_PAYEES)))]
    firm = planter.new_company(country, age_days=3_000, monthly_usd=400_000, industry_code=industry)
    account = planter.account(firm) if kind == "business" else planter.new_account(firm, country, kind=kind)

    def others() -> None:
        number = int(rng.integers(8, 16))
        usd = 45_000 * rng.lognormal(0, 0.8, number) * scheme.level(country)
        at = planter.office(planter.some(number), country)
        planter.pay(Flow.PROPERTY, at, customers(planter, country, number), account, usd=usd)
        if kind == "escrow":
            sellers = planter.strangers(country, number, PERSONS)
            paid = planter.lagged(at, (24, 240), country, weekdays=True)
            planter.pay(Flow.PROPERTY, paid, account, sellers, usd=usd * 0.96)
        else:
            builders = planter.strangers(country, number, (Role.CONSTRUCTION, Role.SERVICE))
            planter.pay(Flow.SUPPLIER, planter.office(planter.some(number), country), account, builders, usd=usd * 0.7)
        operate(planter, firm, staff=3)

    scheme.beside(others)
    words = str(rng.choice(_UNIT_NAMES)).replace("{n}", str(int(rng.integers(101, 3_999))))
    return _Sale(
        country, account, planter.text(words), float(rng.uniform(0.0, 0.4) if scheme.hard else rng.uniform(0.6, 1))
    )


def _pay(
    scheme: Scheme, sale: _Sale, at: np.ndarray, payers: np.ndarray, usd: np.ndarray, *, exact: bool = False
) -> None:
    """Pay for the unit: drafts and wires in round sums, or uneven ones by more channels. `exact`: as given."""
    planter, rng, people = scheme.planter, scheme.planter.rng, scheme.planter.people
    currency = people.account_currency[payers].astype(np.int64)
    minor = planter.minor(usd, currency, at)
    if not exact and (not scheme.hard or rng.random() < 0.3):
        minor = np.maximum(minor // 50_000, 1) * 50_000
    channels = rng.choice(_VARIED if scheme.hard else _DRAFTS, len(at))
    codes = np.array([CHANNEL[str(name)] for name in channels])
    if exact:
        codes = np.full(len(at), CHANNEL["cashiers_check"])
        codes[rng.random(len(at)) < 0.3] = CHANNEL["money_order"]
    codes = np.where(people.account_country[payers] != sale.country, CHANNEL["wire"], codes)
    text = np.where(rng.random(len(at)) < sale.named, sale.text, NONE)
    planted = planter.pay(Flow.PROPERTY, at, payers, sale.payee, amount=minor, currency=currency, channel=codes,
                          purpose=text)  # fmt: skip
    scheme.note(OUT, 1, planted)


def _fund(scheme: Scheme, at: np.ndarray, payers: np.ndarray, usd: np.ndarray) -> None:
    """Let third parties pay the payers what they will send on, some days before each payment."""
    planter, rng, people = scheme.planter, scheme.planter.rng, scheme.planter.people
    lenders = planter.bystanders(planter.any_country(), 4, BUSINESSES)
    before = planter.lagged(at, (-150, -10), people.account_country[payers].astype(np.int64))
    sources = rng.choice(lenders, len(at))
    crosses = people.account_country[sources] != people.account_country[payers]
    codes = np.where(crosses, CHANNEL["wire"], CHANNEL[str(rng.choice(("instant", "check", "wire")))])
    planted = planter.pay(
        Flow.PRIVATE, before, sources, payers, usd=usd * rng.uniform(1.0, 1.12, len(at)), channel=codes
    )
    scheme.note(IN, 1, planted)


def _price(scheme: Scheme, country: int) -> float:
    return float(scheme.planter.rng.uniform(280_000, 900_000)) * scheme.level(country)


def _many_payers(scheme: Scheme) -> None:
    rng = scheme.planter.rng
    sale = _sale(scheme, scheme.planter.any_country())
    number = scheme.number((6, 10), (6, 11))
    payers = np.array([scheme.mule(sale.country, PERSONS if scheme.hard else _POOR) for _ in range(number)])
    parts = scheme.number((1, 2), (1, 3))
    at, who = _moments(scheme, sale, payers, parts, 14, 32)
    usd = _price(scheme, sale.country) * rng.dirichlet(np.full(len(at), 3.0 if scheme.hard else 12.0))
    _pay(scheme, sale, at, who, usd)
    if scheme.hard:
        _fund(scheme, at, who, usd)


def _moments(
    scheme: Scheme, sale: _Sale, payers: np.ndarray, parts: int, easy_days: int, hard_days: int
) -> tuple[np.ndarray, np.ndarray]:
    """Draw when each payer pays its so many parts; sorted by time."""
    planter, number = scheme.planter, len(payers) * parts
    days = planter.rng.choice(stretch(planter, hard_days if scheme.hard else easy_days, 2, before=8), number)
    order = planter.rng.permutation(np.repeat(payers, parts))
    return np.sort(planter.office(days, sale.country)), order


def _shell_payers(scheme: Scheme) -> None:
    planter, rng = scheme.planter, scheme.planter.rng
    sale = _sale(scheme, scheme.planter.any_country())
    shells = []
    for _ in range(scheme.number((3, 5), (3, 5))):
        shell = planter.new_company(
            planter.any_country() if rng.random() < 0.6 else sale.country,
            age_days=int(rng.integers(500, 2_500) if scheme.hard else rng.integers(30, 300)),
            monthly_usd=8_000.0,
            owned=scheme.hard,
            industry_code=str(rng.choice(_SECTORS)),
            employees=0 if rng.random() < 0.6 else None,
        )
        shells.append(scheme.suspect(shell))
    payers = np.array(shells)
    at, who = _moments(scheme, sale, payers, scheme.number((1, 2), (2, 3)), 14, 30)
    usd = _price(scheme, sale.country) * rng.dirichlet(np.full(len(at), 3.0 if scheme.hard else 12.0))
    _pay(scheme, sale, at, who, usd)
    _fund(scheme, at, who, usd)


def _structured_drafts(scheme: Scheme) -> None:
    """Let one buyer, from own and others' accounts, bring cash and buy drafts below the limit with it."""
    planter, rng = scheme.planter, scheme.planter.rng
    sale = _sale(scheme, limited_country(planter))
    payers = np.array([scheme.mule(sale.country, PERSONS) for _ in range(scheme.number((2, 2), (3, 5)))])
    number = scheme.number((14, 20), (16, 28))
    days = np.sort(rng.choice(stretch(planter, 12 if not scheme.hard else 32, 4, before=4), number))
    at = np.sort(planter.office(days, sale.country))
    who = payers[np.arange(number) % len(payers)]
    before = planter.lagged(at, (-70, -3) if scheme.hard else (-26, -1), sale.country, (9.0, 17.5), weekdays=True)
    cash = below_limit(scheme, sale.country, number)
    known = (0.1, 0.5) if scheme.hard else (0.8, 1.0)
    runners = hands(scheme, sale.country, runners=(2, 3), counters=(2, 5), known=known)
    scheme.note(IN, 1, over_counter(scheme, runners, before, who, cash))
    usd = worth(planter, cash, sale.country, before) * rng.uniform(0.97, 0.999, number)
    _pay(scheme, sale, at, who, usd, exact=True)
