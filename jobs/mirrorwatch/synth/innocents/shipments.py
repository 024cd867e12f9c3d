"""Payments that differ from their documents for an honest reason, and income from abroad that needs no goods."""

import numpy as np

from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.innocents.business import operate, sell
from mirrorwatch.synth.places import US
from mirrorwatch.synth.planting import Planter
from mirrorwatch.synth.population import BUSINESSES, Role
from mirrorwatch.synth.rows import CHANNEL, NONE

_MAKERS = (Role.MANUFACTURER, Role.TRADER)
_HS = ("847130", "851762", "940360", "841391", "870899")


def _importer(planter: Planter) -> tuple[int, int, int]:
    """Add an importer with staff and customers; returns its party, its account and a supplier's account abroad."""
    home, abroad = planter.two_countries()
    party = planter.new_company(home, age_days=2_600, monthly_usd=250_000, industry_code="4659", employees=9)
    account = planter.account(party)
    sell(planter, account, int(planter.days * 0.7), 6_000)
    operate(planter, party, staff=5)
    return party, account, int(planter.strangers(abroad, 1, _MAKERS)[0])


def _wire(planter: Planter, at: np.ndarray, payer: int, payee: int, usd: float) -> int:
    """Pay once for goods; returns the planted number."""
    planted = planter.pay(Flow.FOREIGN, at, payer, payee, usd=usd, currency=US, channel=CHANNEL["wire"])
    return int(planted[0])


def _document(planter: Planter, exporter: int, importer: int, usd: float, at: np.ndarray, row: int) -> None:
    rng = planter.rng
    planter.document(exporter, importer, usd, int(at[0]), row=row, hs_code=str(rng.choice(_HS)),
                     parcels=int(rng.integers(10, 300)))  # fmt: skip


def instalment_importer(planter: Planter) -> list[int]:
    """Plant an importer that pays 30 in a hundred on order and the rest weeks later, for one or two part shipments."""
    rng = planter.rng
    party, account, supplier = _importer(planter)
    home = int(planter.people.account_country[account])
    for day in planter.some(int(rng.integers(5, 9))).tolist():
        value = float(30_000 * rng.lognormal(0, 0.5))
        at = planter.office(day, home)
        _wire(planter, at, account, supplier, value * 0.3)
        rest = planter.lagged(at, (240, 600), home, weekdays=True)
        row = _wire(planter, rest, account, supplier, value * 0.7)
        shipments = int(rng.integers(1, 3))
        for _ in range(shipments):
            _document(planter, supplier, account, value / shipments, rest, row if shipments == 1 else NONE)
    return [party]


def cif_freight_on_top(planter: Planter) -> list[int]:
    """Plant an importer that pays freight and insurance, 7 to 14 in a hundred, on top of the declared value."""
    rng = planter.rng
    party, account, supplier = _importer(planter)
    home = int(planter.people.account_country[account])
    for day in planter.some(int(rng.integers(8, 14))).tolist():
        value, at = float(15_000 * rng.lognormal(0, 0.5)), planter.office(day, home)
        row = _wire(planter, at, account, supplier, value * (1 + rng.uniform(0.07, 0.14)))
        _document(planter, supplier, account, value, at, row)
    return [party]


def corrected_invoice(planter: Planter) -> list[int]:
    """Plant an importer that pays three wrong invoices: each comes back in full and is paid again as declared."""
    rng = planter.rng
    party, account, supplier = _importer(planter)
    home = int(planter.people.account_country[account])
    days = planter.some(int(rng.integers(8, 12)))
    wrong = set(rng.choice(len(days), 3, replace=False).tolist())
    for position, day in enumerate(days.tolist()):
        value, at = float(18_000 * rng.lognormal(0, 0.5)), planter.office(day, home)
        if position in wrong:
            minor = np.array([round(value * rng.uniform(1.3, 2.5) * 100)])
            sent = planter.pay(Flow.FOREIGN, at, account, supplier, amount=minor, currency=US, channel=CHANNEL["wire"])
            back = planter.lagged(at, (20, 70), home, weekdays=True)
            if sent[0] != NONE:
                planter.pay(Flow.REVERSAL, back, supplier, account, amount=minor, currency=US, channel=CHANNEL["wire"],
                            reverses=sent)  # fmt: skip
            at = planter.lagged(back, (2, 30), home, weekdays=True)
        row = _wire(planter, at, account, supplier, value)
        _document(planter, supplier, account, value, at, row)
    return [party]


def services_exporter(planter: Planter) -> list[int]:
    """Plant a software house: clients abroad pay each month, wages are most of what it spends, and it ships nothing."""
    rng = planter.rng
    home, abroad = planter.two_countries()
    company = planter.new_company(home, age_days=2_200, monthly_usd=160_000, industry_code="6201", employees=14)
    account = planter.account(company)
    for client in planter.strangers(abroad, int(rng.integers(4, 8)), BUSINESSES).tolist():
        months = planter.monthly()
        fee = float(18_000 * rng.lognormal(0, 0.6))
        at = planter.office(months, home)
        planter.pay(Flow.FOREIGN, at, client, account, usd=fee * rng.normal(1, 0.1, len(months)).clip(0.7, 1.4),
                    currency=US, channel=CHANNEL["wire"])  # fmt: skip
    operate(planter, company, staff=14)
    return [company]
