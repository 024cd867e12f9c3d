"""Small data folders for the intake's tests: a lawful world of a few rows, to be broken one thing at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from mirrorwatch.contract import TRANSACTIONS
from mirrorwatch.detectors.base import Detector
from mirrorwatch.intake.stage import StageRequest, stage
from mirrorwatch.intake.summary import StageSummary
from mirrorwatch.store.mapping import Mapping, parse_mapping

RUN_DATE = date(2026, 3, 31)
DAY_BEFORE = RUN_DATE - timedelta(days=1)


def booking(number: int, day: date = RUN_DATE, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - a value of any column
    """Return one lawful transaction of `number` dollars on `day`."""
    row: dict[str, Any] = dict.fromkeys(TRANSACTIONS.schema)
    row |= {
        "transaction_id": f"T{number}",
        "booked_at": datetime(day.year, day.month, day.day, 9, 30),  # noqa: DTZ001 - no zone means UTC
        "originator_account_id": "A1",
        "beneficiary_account_id": "A2",
        "amount": Decimal(number),
        "currency": "USD",
        "channel": "wire",
        "originator_country": "US",
        "beneficiary_country": "MX",
        "purpose": "invoice",
    }
    return row | changes


def frame(*rows: dict[str, Any], **types: pl.DataType) -> pl.DataFrame:
    """Return transactions in the contract's types, but for the columns that `types` names."""
    schema = {**TRANSACTIONS.schema, "booked_at": pl.Datetime("us"), **types}
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def accounts() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "account_id": ["A1", "A2", "A3"],
            "party_id": ["P1", "P2", "P3"],
            "institution_id": ["BANKUS33"] * 3,
            "country": ["US", "MX", "US"],
            "currency": ["USD", "MXN", "USD"],
            "account_type": ["personal", "business", "business"],
            "opened_on": [date(2020, 1, 1)] * 3,
            "closed_on": pl.Series([None] * 3, dtype=pl.Date),
        }
    )


def parties() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "party_id": ["P1", "P2", "P3"],
            "party_type": ["person", "organisation", "organisation"],
            "name": ["Ann", "Orion Trading", "Vega Foods"],
            "country": ["US", "MX", "US"],
            "occupation": ["nurse", None, None],
        }
    )


def fx_rates() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "rate_date": [RUN_DATE - timedelta(days=3), DAY_BEFORE],
            "currency": ["MXN", "CNY"],
            "usd_per_unit": [0.0543, 0.1387],
        }
    )


@dataclass
class World:
    """A data folder in the making. `days` maps a booking date to its transactions."""

    folder: Path
    days: dict[date, pl.DataFrame] = field(default_factory=lambda: {RUN_DATE: frame(booking(1), booking(2))})
    datasets: dict[str, pl.DataFrame] = field(
        default_factory=lambda: {"accounts": accounts(), "parties": parties(), "fx_rates": fx_rates()}
    )

    def write(self) -> "World":
        """Write the folder as the contract lays it out."""
        for day, rows in self.days.items():
            self.put(f"transactions/booking_date={day}/part-0.parquet", rows)
        for name, rows in self.datasets.items():
            self.put(f"{name}/part-0.parquet", rows)
        return self

    def put(self, path: str, rows: pl.DataFrame) -> Path:
        """Write one more file."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        rows.write_parquet(target)
        return target


@dataclass(frozen=True)
class Staged:
    """What one intake left behind."""

    work: Path
    summary: StageSummary

    def table(self, name: str) -> pl.DataFrame:
        """Read a table of the work folder, in file order."""
        return pl.read_parquet(sorted((self.work / name).glob("*.parquet")))

    @property
    def transactions(self) -> pl.DataFrame:
        """The monitored transactions, by id."""
        return self.table("staged/transactions").sort("transaction_id")

    @property
    def reasons(self) -> dict[tuple[str, int], list[str]]:
        """Reason codes by (file, row) of every rejected row."""
        rows = self.table("quarantine").select("source_file", "source_row", "reasons").iter_rows()
        return {(file, row): [reason.split(":")[0] for reason in reasons] for file, row, reasons in rows}

    @property
    def codes(self) -> list[list[str]]:
        """Reason codes of the rejected rows, in order."""
        return list(self.reasons.values())


def run(
    world: World,
    *,
    lookback_days: int = 5,
    mapping: dict[str, Any] | Mapping | None = None,
    detectors: Sequence[Detector] = (),
) -> Staged:
    """Run the intake over a written world."""
    parsed = mapping if isinstance(mapping, Mapping) else parse_mapping(mapping or {})
    request = StageRequest(str(world.folder), RUN_DATE, lookback_days, mapping=parsed)
    work = world.folder.parent / f"{world.folder.name}-work"
    return Staged(work, stage(request, work, detectors))
