"""Backgrounds of a million transactions and more over given days, to hide labelled patterns in.

Each has assumptions of its own, and none is a bank. What they share is said in `benchmarks/detection.py`.

world       Our own generator without schemes: people, firms, wages, rents, shops, thirty kinds of innocents, a dozen
            means of payment. It was written beside the detectors, so it is the friendliest of the three.
licit       The licit transactions of IBM's AMLSim, their 720 days pressed into these. Fixed lists of counterparties,
            each paid many times; one means, one kind of account, no hours of the day.
scale_free  Drawn here: how often accounts pay and are paid is Pareto distributed, independently; half of all payments
            go to one of three regular payees, the others to anybody, the popular first. Three means, each account
            having its favourite. No hours, weekdays or months.
"""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from mirrorwatch.contract import ACCOUNTS, OWNERSHIP, PARTIES, STAGED_TRANSACTIONS
from mirrorwatch.detectors.base import NightFrames

# Of the payments between two accounts in the first thousand licit rows of HI-Small, without cash and cards.
MEANS = {"check": 0.64, "ach": 0.27, "wire": 0.09}
ROWS = ("originator_account_id", "beneficiary_account_id", "booked_at", "usd_minor", "channel")


def _from(rows: pl.DataFrame, accounts: pl.Series, kinds: list[str], run_date: date) -> NightFrames:
    """Make the frames of a night; every account is held by a party of its own."""
    told = rows.sort(ROWS).with_row_index("number").with_columns(
        transaction_id=pl.format("background-{}", "number"),
        amount_minor="usd_minor",
        booking_date=pl.col("booked_at").dt.date(),
        currency=pl.lit("USD"),
    )  # fmt: skip
    held = pl.DataFrame({"account_id": accounts, "account_type": kinds}).with_columns(
        party_id=pl.format("party-{}", "account_id")
    )
    transactions, accounts_held, parties, ownership = (
        frame.match_to_schema(schema, missing_columns="insert", extra_columns="ignore").lazy()
        for frame, schema in (
            (told, STAGED_TRANSACTIONS),
            (held, ACCOUNTS.schema),
            (held, PARTIES.schema),
            (held.head(0), OWNERSHIP.schema),
        )
    )
    return NightFrames(run_date.isoformat(), transactions, accounts_held, parties, ownership, frozenset({"ownership"}))


def world(seed: int, count: int, run_date: date, days: int, scratch: Path) -> NightFrames:
    """Our own generator's world of about `count` transactions without schemes, written and staged below `scratch`."""
    from mirrorwatch.intake.frames import night_frames
    from mirrorwatch.intake.stage import StageRequest, stage
    from mirrorwatch.synth.spec import WorldSpec
    from mirrorwatch.synth.world import write_world

    spec = WorldSpec.without_schemes(seed, accounts=round(count / 18), days=days, end_date=run_date)
    write_world(spec, scratch / "world", scratch / "labels")
    stage(StageRequest(str(scratch / "world"), run_date, days), scratch / "work")
    return night_frames(scratch / "work", run_date)


def licit(data: Path, run_date: date, days: int) -> NightFrames:
    """AMLSim's licit transactions, pressed into the `days` that end with `run_date`."""
    start = datetime.combine(run_date - timedelta(days=days - 1), datetime.min.time(), UTC)
    second = pl.col("ts") - pl.col("ts").min()
    span = pl.col("ts").max() - pl.col("ts").min() + 86_400
    rows = pl.read_parquet(data / "transactions.parquet").filter(pl.col("alert_id").is_null()).sort("tx_id")
    # the simulator knows days only: a day's payments are laid side by side in it
    within = pl.int_range(pl.len()).over("ts") / pl.len().over("ts") * 86_400
    rows = rows.select(
        pl.col("src").cast(pl.String).alias(ROWS[0]),
        pl.col("dst").cast(pl.String).alias(ROWS[1]),
        (pl.lit(start) + pl.duration(seconds=(second + within) / span * days * 86_400)).alias("booked_at"),
        (pl.col("amount") * 100).round().cast(pl.Int64).alias("usd_minor"),
        pl.lit("ach").alias("channel"),
    ).with_columns(pl.col("booked_at").cast(pl.Datetime("us", "UTC")))
    accounts = pl.concat([rows[ROWS[0]], rows[ROWS[1]]]).unique().sort()
    return _from(rows, accounts, ["personal"] * len(accounts), run_date)


def scale_free(seed: int, count: int, run_date: date, days: int) -> NightFrames:
    """`count` payments between `count` / 18 accounts, drawn anew for each seed."""
    dice = np.random.default_rng(seed)
    size = round(count / 18)
    # exponents of degrees in payment networks are reported between 2 and 2.5; here of the weights' tails
    pays, paid = (dice.pareto(1.3, size) + 0.2 for _ in range(2))
    payer = dice.choice(size, count, p=pays / pays.sum())
    regular = dice.choice(size, (size, 3), p=paid / paid.sum())
    stranger = dice.choice(size, count, p=paid / paid.sum())
    payee = np.where(dice.random(count) < 0.5, regular[payer, dice.integers(3, size=count)], stranger)  # noqa: PLR2004
    means = np.array(list(MEANS))
    usual = dice.choice(len(means), size, p=list(MEANS.values()))
    other = dice.choice(len(means), count, p=list(MEANS.values()))
    by = np.where(dice.random(count) < 0.7, usual[payer], other)  # noqa: PLR2004 : mostly the favourite
    start = datetime.combine(run_date - timedelta(days=days - 1), datetime.min.time(), UTC)
    rows = pl.DataFrame(
        {
            ROWS[0]: [f"S{one:07}" for one in payer],
            ROWS[1]: [f"S{one:07}" for one in payee],
            "usd_minor": np.maximum(dice.lognormal(9.5, 1.8, count), 1).astype(np.int64),
            "channel": means[by],
            "second": dice.integers(days * 86_400, size=count),
        }
    ).with_columns((pl.lit(start) + pl.duration(seconds="second")).cast(pl.Datetime("us", "UTC")).alias("booked_at"))
    accounts = pl.Series([f"S{one:07}" for one in range(size)])
    kinds = np.where(dice.random(size) < 0.8, "personal", "business").tolist()  # noqa: PLR2004 : four in five
    return _from(rows.filter(pl.col(ROWS[0]) != pl.col(ROWS[1])), accounts, kinds, run_date)
