"""Payments out of line with trade documents: over- and under-invoicing, phantom shipments, one shipment paid again."""

import numpy as np

from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.goods import abroad_partners, fund
from mirrorwatch.synth.places import US
from mirrorwatch.synth.planting import COVER
from mirrorwatch.synth.rows import DAY_US
from mirrorwatch.synth.schemes.trade_case import (
    Case,
    count_of,
    drawn_goods,
    honest_shipments,
    named_payment,
    pay_for_goods,
    span_of,
    two_sides,
    worth_of,
    young_firm,
)


def misinvoiced(case: Case) -> list[int]:
    """Plant shipments all paid above, or all paid below, what their documents declare; returns both accounts."""
    planter, rng = case.planter, case.planter.rng
    sides = two_sides(case)
    over = rng.random() < 0.5
    span = span_of(case, (2.0, 4.0), (1.2, 1.4)) if over else span_of(case, (0.25, 0.5), (0.6, 0.8))
    number = count_of(case, (7, 12), (9, 15))
    country = int(planter.people.account_country[sides[0]])
    starts = planter.office(planter.recent(number, after_days=8), country)
    declared = worth_of(case, number, (15_000, 80_000), (8_000, 60_000))
    for group, (start, value) in enumerate(zip(starts, declared.tolist(), strict=True), start=1):
        parts = int(rng.integers(1, 4)) if case.hard else 1
        paid = value * float(rng.uniform(*span))
        planted = pay_for_goods(case, group, "payment", sides, np.array([start]), paid, parts=parts)
        hs_code, parcels = drawn_goods(rng)
        planter.document(sides[1], sides[0], value, int(start), row=named_payment(case, planted), hs_code=hs_code,
                         parcels=parcels, before=(0, 25 if case.hard else 6))  # fmt: skip
    if case.hard:
        honest_shipments(case, sides, float(np.median(declared)))
    else:
        case.label.add(0, COVER, fund(planter, sides[0], float(declared.sum()) * span[1]))
    return [*sides]


def phantom(case: Case) -> list[int]:
    """Plant payments for goods that no document, or one of hardly any parcels, tells of; returns both accounts."""
    planter, rng = case.planter, case.planter.rng
    importer, exporter = two_sides(case)
    if case.hard:  # the exporter buys and ships nothing, whoever pays it
        exporter = young_firm(planter, int(planter.people.account_country[exporter]))
    number = count_of(case, (7, 12), (8, 14))
    starts = planter.office(planter.recent(number, after_days=8), int(planter.people.account_country[importer]))
    usd = worth_of(case, number, (30_000, 150_000), (10_000, 60_000))
    for group, (start, value) in enumerate(zip(starts, usd.tolist(), strict=True), start=1):
        parts = int(rng.integers(1, 3)) if case.hard else 1
        planted = pay_for_goods(case, group, "payment", (importer, exporter), np.array([start]), value, parts=parts)
        if rng.random() < 0.5:
            none = int(rng.integers(0, 3)) if case.hard else 0
            planter.document(exporter, importer, value, int(start), hs_code=drawn_goods(rng)[0],
                             row=named_payment(case, planted), parcels=none)  # fmt: skip
    if case.hard:
        partners = abroad_partners(planter, importer, 3)
        at = planter.office(planter.recent(6), int(planter.people.account_country[importer]))
        worth = float(np.median(usd)) * rng.lognormal(0, 0.5, 6)
        case.label.add(0, COVER, planter.pay(Flow.FOREIGN, at, importer, rng.choice(partners, 6), usd=worth,
                                             currency=US, documented=1))  # fmt: skip
    else:
        case.label.add(0, COVER, fund(planter, importer, float(usd.sum())))
    return [importer, exporter]


def paid_again(case: Case) -> list[int]:
    """Plant shipments each paid several times, on copies of their documents; returns the accounts of both sides."""
    planter, rng = case.planter, case.planter.rng
    sides = importer, exporter = two_sides(case)
    second = _second_account(case, exporter)
    country = int(planter.people.account_country[importer])
    shipments = count_of(case, (2, 3), (3, 5))
    values = worth_of(case, shipments, (20_000, 90_000), (12_000, 60_000))
    starts = planter.office(planter.recent(shipments, after_days=20), country)
    for group, (start, value) in enumerate(zip(starts, values.tolist(), strict=True), start=1):
        hs_code, parcels = drawn_goods(rng)
        times = count_of(case, (3, 5), (3, 4))
        later = np.sort(planter.lagged(np.repeat(start, times - 1), (48, 440), country, weekdays=True))
        for at in (start, *later.tolist()):
            paid = value * (rng.uniform(0.96, 1.04) if case.hard else 1.0)
            payee = second if rng.random() < 0.4 or (group, at) == (1, int(later[0])) else exporter
            planted = pay_for_goods(case, group, "payment", (importer, payee), np.array([at]), float(paid))
            if at == start or rng.random() < 0.6:  # the same papers again, a little changed where it is hard
                days = (at - start) // DAY_US
                again = (0, 4) if case.hard else (int(days) + 3, int(days) + 3)
                planter.document(exporter, importer, float(paid), int(at), hs_code=hs_code, parcels=parcels,
                                 before=again, row=named_payment(case, planted))  # fmt: skip
    if case.hard:
        honest_shipments(case, sides, float(np.median(values)))
    else:
        case.label.add(0, COVER, fund(planter, importer, float(values.sum()) * 4))
    return sorted({importer, exporter, second})


def _second_account(case: Case, exporter: int) -> int:
    """Give the exporter another account for a part of the payments; an easy one has only the first."""
    if not case.hard:
        return exporter
    people = case.planter.people
    return case.planter.new_account(int(people.account_party[exporter]), int(people.account_country[exporter]))
