"""Trade-based laundering: goods explain money that they are not worth, or that nobody bought or shipped.

Variants: `no_purchases` (export or marketplace income with nothing bought behind it, at times with export tax rebates),
`misinvoiced` (paid far above or below the documents), `phantom` (payments for shipments without documents, or with ones
that tell of no parcels), `paid_again` (one shipment paid many times), `de_minimis` (runs of parcels just under 800 USD;
only in worlds that end while the rule held).
Easy: young firms with hardly any staff, round sums, documents that name their payment, 2 to 4 times (or a quarter to
half) of the declared value, three to five equal payments for one shipment, every parcel between 760 and 799.99 USD.
Hard: trading firms of the background with their ordinary trade (of `no_purchases` one with staff, rent and customers),
honest shipments between the same two, 20 to 40 in a hundred above or below, half of the documents without a payment,
instalments, re-issued documents with changed values, some purchases (a twelfth of the income at most), parcels between
600 and 799.99 USD that several share one payment.
The labels name both sides where both must know, and of `no_purchases` the seller alone.
"""

from collections.abc import Callable
from datetime import date

import numpy as np

from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.goods import fund
from mirrorwatch.synth.innocents.business import operate, sell
from mirrorwatch.synth.places import COUNTRY_CODES, US
from mirrorwatch.synth.planting import COVER, Label, Planter
from mirrorwatch.synth.population import BUSINESSES, PERSONS, Role
from mirrorwatch.synth.schemes.trade_case import (
    HS_CODES,
    TRADES,
    Case,
    count_of,
    drawn_goods,
    named_payment,
    pay_for_goods,
    span_of,
    worth_of,
    young_firm,
)
from mirrorwatch.synth.schemes.trade_invoices import misinvoiced, paid_again, phantom
from mirrorwatch.synth.spec import TypologySpec

_CHINA_EXEMPTION_ENDED = date(2025, 5, 2)  # duty-free entry under 800 USD for goods of China and Hong Kong
_EXEMPTION_ENDED = date(2025, 8, 29)  # for goods of everywhere else
_DUTY_FREE = 799.99


def plant_trade_based(planter: Planter, spec: TypologySpec, label_id: str) -> None:
    """Plant one scheme of a variant that the world's dates and countries allow, and its label."""
    case = Case(planter, Label(label_id, spec.typology, spec.difficulty), spec.difficulty == "hard")
    variants: list[Callable[[Case], list[int]]] = [_no_purchases, misinvoiced, phantom, paid_again]
    if _parcel_sources(planter):
        variants.append(_de_minimis)
    planter.finish(case.label, variants[int(planter.rng.integers(0, len(variants)))](case))


# income without purchases -------------------------------------------------------------------------------------


def _no_purchases(case: Case) -> list[int]:
    planter, rng = case.planter, case.planter.rng
    home, abroad = planter.two_countries()
    seller = _working_firm(planter, home) if case.hard else young_firm(planter, home)
    number, marketplace = count_of(case, (9, 15), (12, 20)), rng.random() < 0.4
    usd = worth_of(case, number, (20_000, 90_000), (8_000, 50_000))
    if not case.hard and not marketplace:
        usd = rng.choice([25_000.0, 50_000.0, 50_000.0, 100_000.0], number)
    at = planter.office(planter.recent(number, after_days=3), home)
    if marketplace:
        payer = planter.strangers(home, 1, (Role.ACQUIRER,))
        case.label.add(1, "income", planter.pay(Flow.SETTLEMENT, at, payer, seller, usd=usd))
    else:
        payers = planter.strangers(abroad, count_of(case, (1, 3), (3, 6)), BUSINESSES)
        for start, worth in zip(at, usd.tolist(), strict=True):
            sides = (int(rng.choice(payers)), seller)
            planted = pay_for_goods(case, 1, "income", sides, np.array([start]), worth)
            if case.hard and rng.random() < 0.5:
                hs_code, parcels = drawn_goods(rng)
                planter.document(seller, sides[0], worth * rng.normal(1, 0.02), int(start), hs_code=hs_code,
                                 parcels=parcels, row=named_payment(case, planted))  # fmt: skip
    if not marketplace and rng.random() < 0.6:
        _rebates(case, seller, float(usd.sum()))
    _use_income(case, seller, float(usd.sum()))
    return [seller]


def _working_firm(planter: Planter, country: int) -> int:
    """Add a trading firm of years with staff, rent, tax and some customers at home; returns its account."""
    industry, trade = TRADES[int(planter.rng.integers(0, len(TRADES)))]
    age, staff = int(planter.rng.integers(700, 2_500)), int(planter.rng.integers(2, 5))
    turnover, name = float(planter.rng.uniform(30_000, 60_000)), planter.firm_name(country, trade)
    party = planter.new_company(country, age_days=age, monthly_usd=turnover, industry_code=industry,
                                employees=staff + 1, name=name)  # fmt: skip
    operate(planter, party, staff=staff)
    sell(planter, planter.account(party), int(planter.rng.integers(6, 13)), 2_500)
    return planter.account(party)


def _rebates(case: Case, seller: int, income: float) -> None:
    """Let the tax office refund 9 to 13 in a hundred of what was exported, in two payments."""
    planter, country = case.planter, int(case.planter.people.account_country[seller])
    at = planter.office(planter.recent(2), country)
    usd = income * planter.rng.uniform(0.09, 0.13) * planter.rng.dirichlet([6.0, 6.0])
    office = planter.strangers(country, 1, (Role.TAX_OFFICE,))
    case.label.add(2, "rebate", planter.pay(Flow.TAX, at, office, seller, usd=usd))


def _use_income(case: Case, seller: int, income: float) -> None:
    """Pass most of it on to people; where it is hard, buy for a twelfth of it at most as well."""
    planter, rng = case.planter, case.planter.rng
    country = int(planter.people.account_country[seller])
    number = int(rng.integers(6, 14))
    at = planter.office(planter.recent(number), country)
    payees = planter.strangers(country, number, PERSONS)
    usd = income * 0.85 * rng.dirichlet(np.full(number, 4.0))
    case.label.add(0, COVER, planter.pay(Flow.PRIVATE, at, seller, payees, usd=usd))
    if case.hard:
        at = planter.office(planter.recent(4), country)
        usd = income * rng.uniform(0.02, 1 / 12) * rng.dirichlet(np.full(4, 4.0))
        shops = planter.strangers(country, 4, BUSINESSES)
        apart = np.flatnonzero(shops != seller)
        case.label.add(0, COVER, planter.pay(Flow.SUPPLIER, at[apart], seller, shops[apart], usd=usd[apart]))


# parcels under the duty-free value ----------------------------------------------------------------------------


def _parcel_sources(planter: Planter) -> list[int]:
    """List the countries whose parcels entered the US free of duty until this world's end; none where it has no US."""
    spec = planter.world.spec
    if "US" not in spec.countries:
        return []
    from_china = [code for code in ("CN", "HK") if spec.end_date < _CHINA_EXEMPTION_ENDED]
    others = [code for code in ("MX", "CA", "GB") if spec.end_date < _EXEMPTION_ENDED]
    return [COUNTRY_CODES.index(code) for code in from_china or others if code in spec.countries]


def _de_minimis(case: Case) -> list[int]:
    planter, rng = case.planter, case.planter.rng
    buyer = planter.account(planter.take(US, (Role.MERCHANT, Role.TRADER))) if case.hard else young_firm(planter, US)
    source = int(rng.choice(_parcel_sources(planter)))
    sellers = [young_firm(planter, source) for _ in range(count_of(case, (4, 7), (4, 7)))]
    parties = planter.people.account_party[sellers].tolist()
    for party in parties[: max(2, len(sellers) // 2)] if case.hard else parties:
        planter.share_contact(party, parties[0], "phone")
    number = count_of(case, (40, 70), (30, 50))
    values = np.round(rng.uniform(*span_of(case, (760, _DUTY_FREE), (600, _DUTY_FREE)), number), 2)
    starts = planter.office(planter.recent(number, after_days=2), US)
    batches = rng.integers(1, 4, number) if case.hard else np.ones(number, dtype=np.int64)
    first, group = 0, 1
    while first < number:
        batch = values[first : first + int(batches[first])]
        seller = sellers[group - 1] if group <= len(sellers) else int(rng.choice(sellers))
        at = int(starts[first])
        paid = float(batch.sum()) * (rng.uniform(1.0, 1.6) if case.hard else 1.0)  # what they are really worth
        planted = pay_for_goods(case, group, "payment", (buyer, seller), np.array([at]), paid)
        for value in batch.tolist():
            planter.document(seller, buyer, value, at, row=named_payment(case, planted), parcels=1, before=(0, 5),
                             hs_code=str(rng.choice(HS_CODES)))  # fmt: skip
        first, group = first + len(batch), group + 1
    if not case.hard:
        case.label.add(0, COVER, fund(planter, buyer, float(values.sum())))
    return [buyer, *sellers]
