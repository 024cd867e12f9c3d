"""A hand-written data folder of a few rows, and a pretend detector that finds what the rows themselves say.

A transaction whose purpose is `scheme NAME` belongs to the pretend finding NAME, so that a test plants, changes and
removes findings by writing rows, and everything behind detection can be tested in a second.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from pydantic import Field

from mirrorwatch import detectors, night
from mirrorwatch.contract import ACCOUNTS, FX_RATES, INDICATOR, PARTIES, QUALITY, TRANSACTIONS
from mirrorwatch.detectors.base import FINDINGS, Detector, NightFrames, Parameters, Source
from mirrorwatch.night import steps
from mirrorwatch.store.staging import staged
from mirrorwatch.store.writing import write_table

DAY = date(2026, 3, 31)


class PretendParameters(Parameters):
    """What the pretend detector may be told."""

    minimum_rows: int = Field(default=1, ge=1)


def _find(frames: NightFrames, parameters: PretendParameters) -> pl.LazyFrame:
    marked = frames.transactions.filter(pl.col("purpose").str.starts_with("scheme ")).sort(
        "booked_at", "transaction_id"
    )
    accounts = pl.concat_list(
        pl.col("originator_account_id").unique().sort().implode(), pl.col("beneficiary_account_id").unique().implode()
    )
    item = pl.struct(
        transaction_id="transaction_id",
        role=pl.lit("collection"),
        group_no=pl.lit(1, pl.Int64),
        step_no=pl.int_range(1, pl.len() + 1, dtype=pl.Int64),
    )
    indicator = pl.struct(
        code=pl.lit("marked_rows"),
        value=pl.len().cast(pl.Float64),
        threshold=pl.lit(float(parameters.minimum_rows)),
        reference=pl.lit("the test"),
        weight=pl.lit(1.0),
        reason=pl.lit("rows say so"),
    ).cast(INDICATOR)
    return (
        marked.group_by("purpose", maintain_order=True)
        .agg(
            score=pl.lit(0.5) + pl.len() / 100,
            chance_probability=pl.lit(0.001),
            subject_party_id=pl.lit("P-") + pl.col("originator_account_id").first(),
            account_ids=accounts.explode().unique().sort(),
            party_ids=(pl.lit("P-") + accounts.explode().unique().sort()),
            transaction_ids=pl.col("transaction_id").unique().sort(),
            first_booked_at=pl.col("booked_at").min(),
            last_booked_at=pl.col("booked_at").max(),
            amount_usd_minor=pl.col("usd_minor").sum(),
            indicators=indicator.first().implode(),
            narrative=pl.format("{} moved {} payments.", pl.col("purpose").first(), pl.len()),
            would_not_fire_if=pl.lit("fewer marked rows").first().implode(),
            next_steps=pl.lit("read the purposes").first().implode(),
            evidence=item,
        )
        .filter(pl.col("transaction_ids").list.len() >= parameters.minimum_rows)
        .select(FINDINGS.names())
    )


PRETEND = Detector(
    typology="mirror_swap",
    version="pretend",
    title="Pretend",
    summary="Finds what the rows themselves say.",
    parameters=PretendParameters,
    sources=(Source("None", "tests/worlds.py"),),
    detect=_find,
)
OTHER = Detector(
    typology="shell_company",
    version="pretend",
    title="Pretend, and finds nothing",
    summary="Finds nothing.",
    parameters=PretendParameters,
    sources=(Source("None", "tests/worlds.py"),),
    detect=lambda frames, parameters: _find(frames, parameters).head(0),
)


def _assess(plan: night.Plan) -> dict[str, object]:
    """Stand in for the suites: one expectation, which fails when some purpose is `broken`."""
    broken = staged(plan.work, "transactions").filter(pl.col("purpose") == "broken").collect().height
    row = {
        "dataset": "transactions",
        "expectation": "purposes_are_whole",
        "column": "purpose",
        "severity": "critical",
        "success": broken == 0,
        "unexpected_count": broken,
        "unexpected_fraction": None,
        "observed": None,
        "reason": "a test broke them",
    }
    write_table(pl.DataFrame([row], schema=QUALITY), plan.folder.rows("quality"), QUALITY)
    return {"failed": broken}


def put_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace the real detectors and suites, which take seconds, by pretend ones."""
    monkeypatch.setattr(detectors, "DETECTORS", (PRETEND, OTHER))
    monkeypatch.setattr(steps, "_assess_own_outputs", lambda _: None)
    monkeypatch.setitem(night.STEPS, "assess", _assess)  # type: ignore[arg-type]


@dataclass
class World:
    """Rows to be written as a data folder in the contract's layout."""

    rows: list[dict[str, object]] = field(default_factory=list)

    def pay(
        self,
        identifier: str,
        purpose: str,
        *,
        day: date = DAY,
        payer: str = "A",
        payee: str | None = None,
        **changes: object,
    ) -> "World":
        """Add a payment of 1,000 USD at noon of `day`, to an account known for this payer alone."""
        row = {
            "transaction_id": identifier,
            "booked_at": datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=12),
            "originator_account_id": payer,
            "beneficiary_account_id": payee or f"{payer}-2",
            "amount": "1000.00",
            "currency": "USD",
            "channel": "wire",
            "originator_country": "US",
            "beneficiary_country": "US",
            "purpose": purpose,
            **changes,
        }
        self.rows.append(row)
        return self

    def write(self, folder: Path) -> Path:
        """Write transactions by day, and the accounts, parties and rates that they need."""
        everything = pl.DataFrame(
            [{**row, "amount": None} for row in self.rows], schema=TRANSACTIONS.schema
        ).with_columns(
            amount=pl.Series([row["amount"] for row in self.rows], dtype=pl.String)
            .str.to_decimal(scale=2)
            .cast(TRANSACTIONS.schema["amount"])
        )
        for (day,), part in everything.group_by(pl.col("booked_at").dt.date(), maintain_order=True):
            _write(part, folder / "transactions" / f"booking_date={day}")
        names = sorted(
            {str(row[side]) for row in self.rows for side in ("originator_account_id", "beneficiary_account_id")}
        )
        _write(_accounts(names), folder / "accounts")
        _write(_parties(names), folder / "parties")
        rates = {
            "rate_date": [DAY - timedelta(days=days) for days in range(60)],
            "currency": "USD",
            "usd_per_unit": 1.0,
        }
        _write(pl.DataFrame(rates, schema_overrides=FX_RATES.schema), folder / "fx_rates")
        return folder


def ordinary(days: int = 10) -> World:
    """Return a world without any scheme: one payment a day."""
    world = World()
    for number in range(days):
        world.pay(f"o{number}", "rent", day=DAY - timedelta(days=number), payer=f"C{number % 3}", payee="landlord")
    return world


def _accounts(names: list[str]) -> pl.DataFrame:
    columns = {
        "account_id": names,
        "party_id": [f"P-{name}" for name in names],
        "institution_id": "BANKUS33",
        "country": "US",
        "currency": "USD",
        "account_type": "personal",
        "opened_on": date(2020, 1, 1),
        "closed_on": None,
    }
    return pl.DataFrame(columns, schema=ACCOUNTS.schema)


def _parties(names: list[str]) -> pl.DataFrame:
    columns = {"party_id": [f"P-{name}" for name in names], "party_type": "person", "name": names, "country": "US"}
    rest = {column.name: None for column in PARTIES.columns if column.name not in columns}
    return pl.DataFrame({**columns, **rest}, schema=PARTIES.schema)


def _write(frame: pl.DataFrame, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    frame.write_parquet(folder / "part-0.parquet")
