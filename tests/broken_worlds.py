"""A good world of a few hundred rows on disk, and functions that break it, each in one way.

Every function takes the data folder. Two accounts pay each other in dollars and pesos, 120 rows a day and currency.
"""

import os
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe
from tests.intake_worlds import DAY_BEFORE, RUN_DATE, World, accounts, booking, frame, parties

LOOKBACK_DAYS = 12
ROWS_A_DAY = 240
ROWS = LOOKBACK_DAYS * ROWS_A_DAY
CURRENCIES = ("MXN", "USD")
Harm = Callable[[Path], object]


def transactions(day: date = RUN_DATE) -> str:
    """Path of a day's transactions below the data folder."""
    return f"transactions/booking_date={day}/part-0.parquet"


FILE = transactions()
FILE_AGAIN = FILE.replace("part-0", "part-1")
ACCOUNTS, FX_RATES, CONTROL_TOTALS = (f"{name}/part-0.parquet" for name in ("accounts", "fx_rates", "control_totals"))


def write(folder: Path) -> Path:
    """Write the good world, one day longer than a night looks back."""
    days = [RUN_DATE - timedelta(days=back) for back in range(LOOKBACK_DAYS + 1)]
    bookings = {day: _bookings(number, day) for number, day in enumerate(days)}
    world = World(folder, days=bookings)
    world.datasets = {
        "accounts": accounts(),
        "parties": parties(),
        "fx_rates": pl.DataFrame({"rate_date": days, "currency": "MXN", "usd_per_unit": 0.0543}),
        "control_totals": pl.concat(_totals(day, rows) for day, rows in bookings.items()),
    }
    return world.write().folder


def _bookings(number: int, day: date) -> pl.DataFrame:
    return frame(
        *(
            booking(number * 1000 + row, day, amount=Decimal(row), currency=CURRENCIES[row % 2])
            for row in range(1, ROWS_A_DAY + 1)
        )
    )


def _totals(day: date, rows: pl.DataFrame) -> pl.DataFrame:
    sums = rows.group_by("currency").agg(row_count=pl.len().cast(pl.Int64), total_amount=pl.col("amount").sum())
    return sums.select(pl.lit(day).alias("booking_date"), "currency", "row_count", "total_amount").sort("currency")


def changed(path: str, change: Callable[[pl.DataFrame], pl.DataFrame]) -> Harm:
    """Rewrite one file of the world through a function of its rows."""

    def harm(data: Path) -> None:
        change(pl.read_parquet(data / path, hive_partitioning=False)).write_parquet(data / path)

    return harm


def column(name: str, values: pl.Expr) -> Harm:
    """Replace a whole column of the run date's file, its type too."""
    return changed(FILE, lambda frame: frame.with_columns(values.alias(name)))


def value(name: str, value: pl.Expr, row: int, path: str) -> Harm:
    """Put `value` into one row of a column."""
    put = pl.when(pl.int_range(pl.len()) == row).then(value).otherwise(pl.col(name))
    return changed(path, lambda frame: frame.with_columns(put.alias(name)))


def text(name: str, text: str, row: int, path: str) -> Harm:
    """Write a column as text, with `text` in one row."""
    put = pl.when(pl.int_range(pl.len()) == row).then(pl.lit(text)).otherwise(pl.col(name).cast(pl.String))
    return changed(path, lambda frame: frame.with_columns(put.alias(name)))


def truncated(data: Path) -> None:
    content = (data / FILE).read_bytes()
    (data / FILE).write_bytes(content[: len(content) // 2])


def overwritten(content: bytes, path: str = FILE) -> Harm:
    return lambda data: (data / path).write_bytes(content)


def damaged_page(data: Path) -> None:
    """Overwrite the one page of a column."""
    rows = pl.read_parquet(data / FILE, hive_partitioning=False)
    pq.write_table(rows.to_arrow(), data / FILE, compression="zstd", use_dictionary=False)
    column = pq.read_metadata(data / FILE).row_group(0).column(0)
    content = bytearray((data / FILE).read_bytes())
    start, size = column.data_page_offset, column.total_compressed_size
    content[start : start + size] = b"\x55" * size
    (data / FILE).write_bytes(content)


def copied(path: str, to: str) -> Harm:
    """Deliver a file once more, byte for byte."""
    return lambda data: shutil.copyfile(data / path, data / to)


def removed(path: str) -> Harm:
    return lambda data: shutil.rmtree((data / path).parent)


def latin_1(data: Path) -> None:
    """Write one text of row 7 in Latin-1."""
    rows = pl.read_parquet(data / FILE, hive_partitioning=False)
    texts = [b"caf\xe9" if row == 7 else b"invoice" for row in range(rows.height)]
    raw = pa.array(texts, pa.binary())
    table = rows.to_arrow()
    bad = pa.StringArray.from_buffers(len(raw), raw.buffers()[1], raw.buffers()[2])
    pq.write_table(table.set_column(table.schema.get_field_index("purpose"), "purpose", bad), data / FILE)


def encrypted(*, footer: bool) -> Harm:
    """Encrypt a file, its footer too or its columns only."""

    def harm(data: Path) -> None:
        rows = pl.read_parquet(data / FILE, hive_partitioning=False).to_arrow()
        keys = pe.create_encryption_properties(footer_key=b"0123456789abcdef", plaintext_footer=not footer)
        pq.write_table(rows, data / FILE, encryption_properties=keys)

    return harm


def folder_in_place(data: Path) -> None:
    content = (data / FILE).read_bytes()
    (data / FILE).unlink()
    (data / FILE).mkdir()
    (data / FILE / "part-0.parquet").write_bytes(content)


def pipe_in_place(data: Path) -> None:
    (data / FILE).unlink()
    os.mkfifo(data / FILE)


def link_to_nothing(data: Path) -> None:
    (data / FILE).with_name("part-1.parquet").symlink_to("elsewhere.parquet")


def moved(path: str, to: str) -> Harm:
    """Put a file elsewhere."""

    def harm(data: Path) -> None:
        (data / to).parent.mkdir(parents=True, exist_ok=True)
        (data / path).rename(data / to)

    return harm


def a_day_late(data: Path) -> None:
    """Put the day before's bookings into the run date's partition, under ids of their own."""
    late = pl.col("booked_at") - timedelta(days=1)
    changed(FILE, lambda rows: rows.with_columns(late))(data)


def day_missing(data: Path) -> None:
    """Leave a day out where no control totals say what it should hold."""
    shutil.rmtree((data / CONTROL_TOTALS).parent)
    shutil.rmtree((data / transactions(DAY_BEFORE)).parent)


def tomorrow(data: Path) -> None:
    """Deliver a partition that belongs to the next night, one of its files still on the way."""
    target = data / transactions(RUN_DATE + timedelta(days=1))
    target.parent.mkdir()
    shutil.copyfile(data / FILE, target)
    target.with_name("part-1.parquet.filepart").write_bytes(b"PAR1")


def mixed(data: Path) -> None:
    """Write one day in other types, with one column that may be null fewer."""
    rows = changed(
        transactions(DAY_BEFORE),
        lambda rows: rows.with_columns(pl.col("amount").cast(pl.Float64), pl.col("booked_at").dt.to_string()).drop(
            "purpose"
        ),
    )
    rows(data)


def one_in_ten(data: Path) -> None:
    """Make every tenth amount of every day negative."""
    tenth = pl.int_range(pl.len()) % 10 == 0
    spoilt = pl.when(tenth).then(-pl.col("amount")).otherwise(pl.col("amount"))
    for path in sorted((data / "transactions").rglob("*.parquet")):
        changed(str(path.relative_to(data)), lambda rows: rows.with_columns(spoilt.alias("amount")))(data)


def last_row_lost(data: Path) -> None:
    """Lose the last row of the run date, which the source's control totals count."""
    changed(FILE, lambda rows: rows.head(-1))(data)
