"""Small findings, staged transactions and a pretend detector, for tests of the rooms that come after detection."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl

from mirrorwatch.alerts import Assembled, Baseline, Stamp, assemble
from mirrorwatch.contract import STAGED_TRANSACTIONS
from mirrorwatch.detectors.base import FINDINGS

NIGHT = date(2026, 3, 31)
FIRST_DAY = date(2026, 2, 15)
STAMPS = {
    "mirror_swap": Stamp("1", "parameters-of-mirror-swap"),
    "shell_company": Stamp("1", "parameters-of-shell-company"),
}


def staged(ids: Iterable[str], *, booked_on: date = date(2026, 3, 20), usd_minor: int = 123_45) -> pl.DataFrame:
    """One staged wire for each id, an hour apart, from account `from` to account `to`."""
    start = datetime.combine(booked_on, datetime.min.time(), UTC)
    rows = [
        {
            "transaction_id": row,
            "booked_at": start + timedelta(minutes=number),
            "originator_account_id": "from",
            "beneficiary_account_id": "to",
            "currency": "USD",
            "channel": "wire",
            "originator_country": "US",
            "beneficiary_country": "MX",
            "purpose": None,
            "booking_date": booked_on,
            "amount_minor": usd_minor,
            "usd_minor": usd_minor,
            "source_file": f"transactions/booking_date={booked_on}/part-0.parquet",
            "source_row": number,
        }
        for number, row in enumerate(ids)
    ]
    return pl.DataFrame(rows, schema=STAGED_TRANSACTIONS)


def finding(accounts: Sequence[str], transactions: Sequence[str], **changes: object) -> dict[str, Any]:
    """One finding; whatever the test doesn't name is the same for all."""
    first = datetime(2026, 3, 20, tzinfo=UTC)
    return {
        "score": 0.8,
        "chance_probability": 1e-6,
        "subject_party_id": f"party of {accounts[0]}",
        "account_ids": list(accounts),
        "party_ids": [f"party of {account}" for account in accounts],
        "transaction_ids": list(transactions),
        "first_booked_at": first,
        "last_booked_at": first + timedelta(hours=len(transactions)),
        "amount_usd_minor": 123_45 * len(transactions),
        "indicators": [
            {"code": "matches", "value": 3.0, "threshold": 2.0, "reference": "ref", "weight": 1.0, "reason": "because"}
        ],
        "narrative": f"{accounts[0]} and others moved money.",
        "would_not_fire_if": ["fewer matches"],
        "next_steps": ["ask"],
        "evidence": [
            {"transaction_id": row, "role": "collection", "group_no": 1, "step_no": number}
            for number, row in enumerate(transactions, 1)
        ],
        **changes,
    }


def findings(*rows: dict[str, Any]) -> pl.DataFrame:
    """Return a FINDINGS frame."""
    return pl.DataFrame(list(rows), schema=FINDINGS)


def night(
    found: dict[str, pl.DataFrame],
    *,
    previous: Assembled | None = None,
    superseded: Assembled | None = None,
    run_date: date = NIGHT,
    first_day: date = FIRST_DAY,
    rows: pl.DataFrame | None = None,
    stamps: dict[str, Stamp] = STAMPS,
) -> Assembled:
    """Assemble a night whose staged transactions are exactly those of its findings, unless `rows` says otherwise."""
    if rows is None:
        rows = staged(sorted({row for frame in found.values() for row in frame["transaction_ids"].explode()}))
    empty = Assembled.empty()
    baseline = Baseline(previous or empty, superseded or empty)
    return assemble(found, rows.lazy(), baseline, stamps=stamps, run_date=run_date, first_day=first_day)
