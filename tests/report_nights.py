"""Nights to write reports of: a realistic one, an empty one, a stopped one, a hostile one and a very large one."""

import hashlib
import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
from tests.report_schemes import chain_rows, frame, identity, swap_rows

from mirrorwatch import contract
from mirrorwatch.report import QUARANTINE_COUNTS, DetectorNote, NightFacts, ReportInputs

RUN_DATE = date(2026, 3, 14)
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


def alert_row(rank: int, typology: str, state: str, evidence: list[dict[str, Any]], **more: object) -> dict[str, Any]:
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
    ("US-4401-0931", "P-US-1", "CHASUS33XXX", "US", "USD"),
    ("US-4402-0931", "P-US-1", "CHASUS33XXX", "US", "USD"),
    ("US-4403-0931", "P-US-2", "CHASUS33XXX", "US", "USD"),
    ("US-4404-0931", "P-US-2", "CHASUS33XXX", "US", "USD"),
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
    between, unique = "expect_column_values_to_be_between", "expect_column_values_to_be_unique"
    rows = [
        check("transactions", between, "amount", "critical", 131, "-5.00", "Zero or less is a broken export."),
        check("parties", "expect_column_values_to_not_be_null", "occupation", "warning", 4120, "4.12 %", "Income."),
        check("accounts", unique, "account_id", "critical", 0, "", "One account, one row."),
        check("fx_rates", between, "usd_per_unit", "critical", 0, "0.0064 to 1.37", "No currency is worth 4 dollars."),
    ]
    return frame(rows, contract.QUALITY)


def check(
    dataset: str, expectation: str, column: str, severity: str, unexpected: int, observed: str, reason: str
) -> dict[str, Any]:
    """One expectation's result; it failed when anything was unexpected."""
    return {
        "dataset": dataset,
        "expectation": expectation,
        "column": column,
        "severity": severity,
        "success": unexpected == 0,
        "unexpected_count": unexpected,
        "unexpected_fraction": unexpected / 100_000,
        "observed": observed,
        "reason": reason,
    }


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


SWAP_STORY = (
    "Four accounts in the United States collected cash twelve times; each time three accounts of one Mexican trading "
    "company paid out the same worth in pesos, less 0.4 to 2.8 %, to people with no tie to the depositors. No payment "
    "joins the two sides."
)
CHAIN_STORY = (
    "Golden Harbour Trading received USD 382,000 from six payers and passed it on through Eastern Pearl, Maple Bridge "
    "and Harborline within a day a hop, keeping about 1.5 %. None of the four pays wages, tax, rent or utilities."
)
GONE_STORY = "Withdrawn: two of its five payouts were reversed on 13 March; three matches are not enough."


def alerts_of(swaps: list[dict[str, Any]], hops: list[dict[str, Any]], old: list[dict[str, Any]]) -> pl.DataFrame:
    """Return a new mirror swap, a changed chain of four companies, and a withdrawn mirror swap."""
    new = alert_row(
        1,
        "mirror_swap",
        "new",
        swaps,
        score=0.971,
        chance_probability=2.5e-5,
        subject_party_id="P-US-1",
        account_ids=[row[0] for row in ACCOUNTS[:7]],
        party_ids=["P-MX-1", "P-US-1", "P-US-2"],
        indicators=SWAP_INDICATORS,
        narrative=SWAP_STORY,
    )
    changed = alert_row(
        2,
        "shell_company",
        "changed",
        hops,
        score=0.884,
        subject_party_id="P-HK-1",
        previous_alert_id=identity("chain before"),
        account_ids=["CA-31007", "HK-20011", "HK-20044", "US-90210"],
        party_ids=["P-CA-1", "P-HK-1", "P-HK-2", "P-US-3"],
        indicators=CHAIN_INDICATORS,
        narrative=CHAIN_STORY,
    )
    withdrawn = alert_row(
        3,
        "mirror_swap",
        "withdrawn",
        old,
        score=0.412,
        chance_probability=0.0041,
        subject_party_id="P-US-2",
        account_ids=["US-4403-0931"],
        party_ids=["P-US-2"],
        indicators=[],
        narrative=GONE_STORY,
    )
    return frame([new, changed, withdrawn], contract.ALERTS)


def case(number: int, alert_ids: list[str], typology: str) -> dict[str, Any]:
    """Return an open case over some alerts."""
    lists = {"alert_ids": alert_ids, "account_ids": [], "party_ids": [], "typologies": [typology]}
    return {"case_id": identity("case", number), "score": 0.9, "opened_on": RUN_DATE, "state": "open", **lists}


def ordinary_night() -> ReportInputs:
    """Three alerts, as a night would give them: a mirror swap, a chain of four, and one withdrawn."""
    swap, chain, gone = identity("swap"), identity("chain"), identity("gone")
    swaps, hops, old = swap_rows(swap, 12, 7), chain_rows(chain, 6, 11), swap_rows(gone, 3, 5)
    explained = [
        {
            "alert_id": swap,
            "would_not_fire_if": ["fewer than 9 of the 12 swaps had matched", "the lag limit were under 6 hours"],
            "next_steps": ["Ask Bluewater Produce for the source of the cash.", "Look for a licensed remitter."],
        },
        {
            "alert_id": chain,
            "would_not_fire_if": ["two of the four companies paid wages"],
            "next_steps": ["Ask for the invoices named in the payment texts.", "Identify Harborline's owner."],
        },
    ]
    table = completeness()
    return ReportInputs(
        run_date=RUN_DATE,
        facts=replace(FACTS, rows_read=table["row_count"].sum()),
        alerts=alerts_of(swaps, hops, old),
        cases=frame([case(1, [swap, gone], "mirror_swap"), case(2, [chain], "shell_company")], contract.CASES),
        evidence=frame([*swaps, *hops, *old], contract.EVIDENCE),
        explanations=frame(explained, contract.EXPLANATIONS),
        completeness=table,
        quarantine_counts=quarantine_counts(),
        blindness=blindness(),
        quality=quality(),
        accounts=accounts(),
        parties=parties(),
        detectors=NOTES,
    )


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
    """Return a night that a gate stopped."""
    failure = "Dataset transactions: 131 amounts are not above zero, and none may be."
    return replace(empty_night(), quality=quality(), facts=replace(empty_night().facts, gate_failures=(failure,)))


HOSTILE = '<script>document.title="owned"</script><img src=x onerror=alert(1)>"\'\u202egnp.exe\x07{{ 7*7 }}'


def hostile_night() -> ReportInputs:
    """Return the ordinary night with markup, control characters, formulas and endless words for texts."""
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
    draw = random.Random(3)  # noqa: S311 - a world, not a secret
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
