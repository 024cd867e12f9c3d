"""Nights to write reports of: a realistic one, an empty one, a stopped one, a hostile one and a very large one."""

import hashlib
import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import polars as pl

from mirrorwatch import contract
from mirrorwatch.report import QUARANTINE_COUNTS, DetectorNote, NightFacts, ReportInputs

RUN_DATE = date(2026, 3, 14)
START = datetime(2026, 1, 29, tzinfo=UTC)
NOTES = (
    DetectorNote("mirror_swap", "Mirror swap", "Two domestic payments that settle each other.",
                 (("FinCEN advisory FIN-2025-A003", "footnote 28"),)),
    DetectorNote("shell_company", "Shell company chain", "Companies that only pass money on.",
                 (("FinCEN advisory FIN-2024-A002", "footnote 45"),)),
)  # fmt: skip
FACTS = NightFacts(
    rows_read=1_204_545,
    monitored_usd_minor=381_244_109_233,
    window_start=date(2026, 1, 29),
    window_end=RUN_DATE,
    code_version="0.1.0",
    configuration_hash=hashlib.sha256(b"configuration").hexdigest(),
    input_count=52,
    inputs_sha256=hashlib.sha256(b"inputs").hexdigest(),
    run_id="2026-03-14-7c1f",
    previous_manifest_sha256=hashlib.sha256(b"previous").hexdigest(),
    control_totals_differ=0,
)


def identity(*parts: object) -> str:
    """An id as the alerts have them: 64 hexadecimal digits."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def frame(rows: Iterable[dict[str, Any]], schema: pl.Schema) -> pl.DataFrame:
    """Rows as a frame; columns that a row does not give are null."""
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def payment(
    alert_id: str,
    number: int,
    role: str,
    group: int,
    step: int,
    at: datetime,
    origin: str | None,
    target: str | None,
    amount: Decimal,
    currency: str,
    rate: Decimal,
    channel: str,
    countries: str,
    purpose: str | None,
) -> dict[str, Any]:
    """One row of evidence."""
    return {
        "alert_id": alert_id, "transaction_id": f"TX-{alert_id[:4]}-{number:05d}", "role": role, "group_no": group,
        "step_no": step, "booked_at": at, "originator_account_id": origin, "beneficiary_account_id": target,
        "amount": amount, "currency": currency, "amount_usd": (amount * rate).quantize(Decimal("0.01")),
        "channel": channel, "originator_country": countries[:2], "beneficiary_country": countries[3:],
        "purpose": purpose, "source_file": f"transactions/booking_date={at:%Y-%m-%d}/part-0.parquet",
        "source_row": 1000 + number * 17,
    }  # fmt: skip


def cents(value: float) -> Decimal:
    """A float as money."""
    return Decimal(round(value * 100)) / 100


def swap_rows(alert_id: str, swaps: int, seed: int) -> list[dict[str, Any]]:
    """Evidence of a mirror swap: cash collected in the US in one to three parts, pesos paid out in Mexico."""
    draw = random.Random(seed)
    rate = Decimal("0.0571")
    rows = []
    for swap in range(1, swaps + 1):
        at = START + timedelta(hours=draw.uniform(20, 1000))
        worth, fee = draw.uniform(6_000, 48_000), draw.uniform(0.004, 0.028)
        parts, pays = draw.randint(1, 3), draw.randint(1, 2)
        for part in range(1, parts + 1):
            account, paid_at = f"US-{draw.randint(4401, 4404)}-0931", at + timedelta(minutes=draw.randint(0, 500))
            rows.append(payment(alert_id, len(rows), "collection", swap, part, paid_at, None, account,
                                cents(worth / parts), "USD", Decimal(1), "cash_deposit", "US US", None))  # fmt: skip
        for part in range(1, pays + 1):
            account, paid_at = f"MX-{draw.randint(70, 72)}-118820", at + timedelta(hours=draw.uniform(-3, 26))
            amount = cents(worth * (1 - fee) / pays / float(rate))
            rows.append(payment(alert_id, len(rows), "payout", swap, parts + part, paid_at, account,
                                f"MX-{draw.randint(300, 380)}-5561", amount, "MXN", rate, "instant", "MX MX",
                                draw.choice(["pago factura", "anticipo", None])))  # fmt: skip
    return rows


def chain_rows(alert_id: str, units: int, seed: int) -> list[dict[str, Any]]:
    """Evidence of a chain: payers, four companies in order, receivers; each unit of money is followed through."""
    draw = random.Random(seed)
    companies = ["HK-20011", "HK-20044", "CA-31007", "US-90210"]
    rows = []
    for unit in range(1, units + 1):
        at, worth = START + timedelta(hours=draw.uniform(10, 800)), draw.uniform(30_000, 95_000)
        stops = [f"HK-7{draw.randint(1, 6)}", *companies, f"US-5{draw.randint(1, 3)}"]
        for step, (origin, target) in enumerate(zip(stops, stops[1:], strict=False), start=1):
            role = "in" if step == 1 else "out" if step == len(stops) - 1 else "hop"
            rows.append(payment(alert_id, len(rows), role, unit, step, at, origin, target, cents(worth), "USD",
                                Decimal(1), "wire", f"{origin[:2]} {target[:2]}", f"INV {draw.randint(100, 999)}"))  # fmt: skip
            at, worth = at + timedelta(hours=draw.uniform(5, 50)), worth * draw.uniform(0.96, 1.0)
    return rows


def indicator(code: str, value: float, threshold: float, weight: float, reason: str, reference: str) -> dict[str, Any]:
    """One indicator as the contract holds it."""
    return {"code": code, "value": float(value), "threshold": float(threshold), "weight": weight, "reason": reason,
            "reference": reference}  # fmt: skip


SWAP_INDICATORS = [
    indicator("matched_swaps", 12, 3, 0.52, "Twelve payouts answer collections in amount, after a fee, and in time.",
              "FIN-2025-A003, footnote 28"),
    indicator("chance_of_matches", 2.5e-5, 1e-3, 0.3, "Ordinary activity of these accounts would give 1.1 matches.",
              "null model, docs/mirror-swap.md"),
    indicator("median_lag_hours", 11.4, 48, 0.1, "The payout follows within hours.", "FIN-2025-A003: nearly instantly"),
    indicator("fee_spread", 0.0071, 0.03, 0.05, "The differences look like one price list.", "WSJ 2015: 0.3 to 3 %"),
]  # fmt: skip
CHAIN_INDICATORS = [
    indicator("passed_on_share", 0.985, 0.9, 0.4, "Nearly all that comes in goes out.", "FIN-2024-A002, footnote 45"),
    indicator("dwell_hours", 21.7, 72, 0.25, "A dollar stays less than a day in each company.", "FINTRAC 2018"),
    indicator("absent_costs", 4, 3, 0.2, "No payroll, tax, rent or utilities in 45 days.", "FFIEC manual, p. 251"),
    indicator("shared_director", 1, 1, 0.1, "One person directs three of the four companies.", "FATF and Egmont 2018"),
]


def alert_row(rank: int, typology: str, state: str, evidence: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """One alert whose amount, dates and transactions are those of its evidence."""
    booked = [row["booked_at"] for row in evidence]
    return {
        "alert_id": evidence[0]["alert_id"], "run_date": RUN_DATE, "typology": typology, "state": state, "rank": rank,
        "transaction_ids": sorted(row["transaction_id"] for row in evidence), "first_booked_at": min(booked),
        "last_booked_at": max(booked), "detector_version": "1", "parameters_hash": identity("parameters", typology),
        "amount_usd": sum((row["amount_usd"] for row in evidence if row["role"] != "payout"), Decimal(0)), **more,
    }  # fmt: skip


PARTIES = [
    ("P-US-1", "organisation", "Bluewater Produce Imports LLC", "US", "4630", date(2024, 11, 4)),
    ("P-US-2", "person", "Liang Wei", "US", None, date(2001, 5, 2)),
    ("P-MX-1", "organisation", "Comercializadora del Norte S.A. de C.V.", "MX", "4690", date(2023, 2, 17)),
    ("P-HK-1", "organisation", "Golden Harbour Trading Ltd 金港貿易有限公司", "HK", "4690", date(2025, 6, 30)),
    ("P-HK-2", "organisation", "Eastern Pearl Resources Ltd", "HK", "4690", date(2025, 7, 2)),
    ("P-CA-1", "organisation", "Maple Bridge Consulting Inc.", "CA", "7020", date(2025, 4, 12)),
    ("P-US-3", "organisation", "Harborline Logistics Group LLC", "US", "5229", date(2025, 8, 1)),
    ("P-US-4", "organisation", "Westgate Escrow Services", "US", "6910", date(1998, 3, 3)),
]
ACCOUNTS = [
    *((f"US-{number}-0931", "P-US-1" if number < 4403 else "P-US-2", "CHASUS33XXX", "US", "USD") for number in range(4401, 4405)),
    *((f"MX-{number}-118820", "P-MX-1", "BCMRMXMMXXX", "MX", "MXN") for number in range(70, 73)),
    ("HK-20011", "P-HK-1", "HSBCHKHHXXX", "HK", "USD"),
    ("HK-20044", "P-HK-2", "HSBCHKHHXXX", "HK", "USD"),
    ("CA-31007", "P-CA-1", "ROYCCAT2XXX", "CA", "USD"),
    ("US-90210", "P-US-3", "BOFAUS3NXXX", "US", "USD"),
    ("US-51", "P-US-4", "BOFAUS3NXXX", "US", "USD"),
]  # fmt: skip


def accounts() -> pl.DataFrame:
    names = ("account_id", "party_id", "institution_id", "country", "currency")
    more = {"account_type": "business", "opened_on": date(2025, 9, 8)}
    return frame((dict(zip(names, row, strict=True)) | more for row in ACCOUNTS), contract.ACCOUNTS.schema)


def parties() -> pl.DataFrame:
    names = ("party_id", "party_type", "name", "country", "industry_code", "born_or_incorporated_on")
    return frame((dict(zip(names, row, strict=True)) for row in PARTIES), contract.PARTIES.schema)


def completeness() -> pl.DataFrame:
    rows = []
    for offset in range(45):
        on = FACTS.window_start + timedelta(days=offset)
        for currency, share in (("USD", 15_000), ("MXN", 6_000), ("HKD", 3_000), ("CAD", 2_700)):
            number = share + (offset * 37) % 211 - (9_000 if on.weekday() > 4 and currency == "USD" else 0)
            rows.append((on, currency, "monitored", "", number, Decimal(number * 317)))
    rows.append((date(2026, 3, 9), "USD", "rejected", "amount is not above zero", 131, Decimal(0)))
    rows.append((date(2026, 3, 9), "USD", "rejected", "originator account unknown", 83, Decimal("41877.15")))
    rows.append((date(2026, 3, 11), "CNY", "rejected", "no rate for CNY within 7 days", 12, Decimal("88000.00")))
    rows.append((date(2026, 3, 2), "USD", "not_applicable", "reversed on the same day", 402, Decimal("904113.20")))
    return pl.DataFrame(rows, schema=contract.COMPLETENESS, orient="row")


def quality() -> pl.DataFrame:
    rows = [
        ("transactions", "expect_column_values_to_be_between", "amount", "critical", False, 131, 0.0001087, "-5.00", "A booking moves money: zero or less is a broken export."),
        ("parties", "expect_column_values_to_not_be_null", "occupation", "warning", False, 4120, 0.0412, "4.12 %", "Income mismatch cannot be judged without it."),
        ("accounts", "expect_column_values_to_be_unique", "account_id", "critical", True, 0, 0.0, "", "One account, one row."),
        ("fx_rates", "expect_column_values_to_be_between", "usd_per_unit", "critical", True, 0, 0.0, "0.0064 to 1.37", "No currency is worth more than 4 dollars."),
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=contract.QUALITY, orient="row")


def blindness() -> pl.DataFrame:
    rows = [
        ("shell_company", "ownership_circle", "dataset ownership is absent", 8_113, Decimal("918221340.18")),
        ("mirror_swap", "same_group", "dataset ownership is absent", 100_204, Decimal("3812441092.33")),
        ("shell_company", "shared_phone", "phone is null", 310, Decimal("4410233.00")),
    ]
    return pl.DataFrame(rows, schema=contract.BLINDNESS, orient="row")


def quarantine_counts() -> pl.DataFrame:
    place = "transactions/booking_date=2026-03-09/part-0.parquet"
    rows = [
        ("transactions", "amount is not above zero", 131, place, 4),
        ("transactions", "originator account unknown", 83, place, 90),
        ("transactions", "no rate for CNY within 7 days", 12, place.replace("09", "11"), 7),
    ]
    return pl.DataFrame(rows, schema=QUARANTINE_COUNTS, orient="row")


def ordinary_night() -> ReportInputs:
    """Three alerts, as a night would give them: a mirror swap, a chain of four, and one withdrawn."""
    swap, chain, gone = identity("swap"), identity("chain"), identity("gone")
    swaps, hops, old = swap_rows(swap, 12, 7), chain_rows(chain, 6, 11), swap_rows(gone, 3, 5)
    alerts = [
        alert_row(1, "mirror_swap", "new", swaps, score=0.971, chance_probability=2.5e-5, subject_party_id="P-US-1",
                  account_ids=[row[0] for row in ACCOUNTS[:7]], party_ids=["P-MX-1", "P-US-1", "P-US-2"],
                  indicators=SWAP_INDICATORS,
                  narrative="Four accounts in the United States collected cash twelve times; each time three accounts of "
                  "one Mexican trading company paid out the same worth in pesos, less 0.4 to 2.8 %, to people with no "
                  "tie to the depositors. No payment joins the two sides."),
        alert_row(2, "shell_company", "changed", hops, score=0.884, subject_party_id="P-HK-1",
                  previous_alert_id=identity("chain before"), indicators=CHAIN_INDICATORS,
                  account_ids=["CA-31007", "HK-20011", "HK-20044", "US-90210"],
                  party_ids=["P-CA-1", "P-HK-1", "P-HK-2", "P-US-3"],
                  narrative="Golden Harbour Trading received USD 382,000 from six payers and passed it on through Eastern "
                  "Pearl, Maple Bridge and Harborline within a day a hop, keeping about 1.5 %. None of the four pays "
                  "wages, tax, rent or utilities."),
        alert_row(3, "mirror_swap", "withdrawn", old, score=0.412, chance_probability=0.0041, subject_party_id="P-US-2",
                  account_ids=["US-4403-0931"], party_ids=["P-US-2"], indicators=[],
                  narrative="Withdrawn: two of its five payouts were reversed on 13 March; three matches are not enough."),
    ]  # fmt: skip
    explained = [
        {"alert_id": swap, "would_not_fire_if": ["fewer than 9 of the 12 swaps had matched", "the lag limit were under 6 hours"],
         "next_steps": ["Ask Bluewater Produce for the source of the cash.", "Check whether a licensed remitter uses these accounts."]},
        {"alert_id": chain, "would_not_fire_if": ["two of the four companies paid wages"],
         "next_steps": ["Ask for the invoices named in the payment texts.", "Identify the beneficial owner of Harborline."]},
    ]  # fmt: skip
    cases = [
        {"case_id": identity("case 1"), "alert_ids": [swap, gone], "account_ids": [], "party_ids": [], "typologies": ["mirror_swap"], "score": 0.971, "opened_on": RUN_DATE, "state": "open"},
        {"case_id": identity("case 2"), "alert_ids": [chain], "account_ids": [], "party_ids": [], "typologies": ["shell_company"], "score": 0.884, "opened_on": RUN_DATE, "state": "open"},
    ]  # fmt: skip
    table = completeness()
    return ReportInputs(
        RUN_DATE, replace(FACTS, rows_read=table["row_count"].sum()), frame(alerts, contract.ALERTS),
        frame(cases, contract.CASES), frame([*swaps, *hops, *old], contract.EVIDENCE),
        frame(explained, contract.EXPLANATIONS), table, quarantine_counts(), blindness(), quality(), accounts(),
        parties(), NOTES,
    )  # fmt: skip


def empty_night() -> ReportInputs:
    """Nothing found, nothing wrong."""
    night = ordinary_night()
    whole = night.completeness.filter(pl.col("outcome") == "monitored")
    return replace(
        night, alerts=night.alerts.clear(), cases=night.cases.clear(), evidence=night.evidence.clear(),
        explanations=night.explanations.clear(), blindness=night.blindness.clear(), completeness=whole,
        quarantine_counts=night.quarantine_counts.clear(), quality=night.quality.filter("success"),
        accounts=night.accounts.clear(), parties=night.parties.clear(),
        facts=replace(night.facts, rows_read=whole["row_count"].sum()),
    )  # fmt: skip


def stopped_night() -> ReportInputs:
    """A gate stopped it."""
    failure = "Dataset transactions: 131 amounts are not above zero, and none may be."
    return replace(empty_night(), quality=quality(), facts=replace(empty_night().facts, gate_failures=(failure,)))


HOSTILE = '<script>document.title="owned"</script><img src=x onerror=alert(1)>"\'\u202egnp.exe\x07{{ 7*7 }}'


def hostile_night() -> ReportInputs:
    """The ordinary night with markup, control characters, formulas and endless words wherever the data may hold text."""
    night = ordinary_night()
    endless = "W" * 3000
    name = pl.when(pl.col("party_id") == "P-US-1").then(pl.lit(HOSTILE)).when(pl.col("party_id") == "P-US-2")
    parties = night.parties.with_columns(
        name.then(pl.lit(endless)).otherwise(pl.lit("=cmd|' /C calc'!A0")).alias("name")
    )
    evidence = night.evidence.with_columns(pl.lit(HOSTILE).alias("purpose"))
    alerts = night.alerts.with_columns(pl.lit("=1+1 " + HOSTILE).alias("narrative"))
    quality = night.quality.with_columns(pl.lit("@SUM(1) " + HOSTILE).alias("observed"))
    return replace(night, parties=parties, evidence=evidence, alerts=alerts, quality=quality)


def large_night(number: int = 3000) -> ReportInputs:
    """Thousands of alerts, each with a handful of payments."""
    night = ordinary_night()
    draw = random.Random(3)
    alerts, evidence = [], []
    for rank in range(1, number + 1):
        typology, make = draw.choice([("mirror_swap", swap_rows), ("shell_company", chain_rows)])
        rows = make(identity(typology, rank), 4, rank)
        evidence += rows
        alerts.append(
            alert_row(rank, typology, draw.choice(["new", "changed", "unchanged"]), rows, score=1 - rank / (number + 1),
                      chance_probability=rank / 1e7 if typology == "mirror_swap" else None,
                      subject_party_id=f"P-{rank:05d}", account_ids=["US-4401-0931"], party_ids=[f"P-{rank:05d}"],
                      indicators=SWAP_INDICATORS, narrative=f"Alert {rank}.")
        )  # fmt: skip
    return replace(night, alerts=frame(alerts, contract.ALERTS), evidence=frame(evidence, contract.EVIDENCE))
