"""From a night's frames to the graph of loose ties, and from its shapes to the payments that they are made of."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from mirrorwatch.detectors.base import NightFrames
from mirrorwatch.detectors.shape_prepared import CUSTOM, LOOSE, STANDING, TRANSFERS, TURNOVER, UNUSUAL
from mirrorwatch.features import edges, unusual
from mirrorwatch.shapes.custom import told_apart
from mirrorwatch.shapes.graph import Graph, Ints, graph
from mirrorwatch.shapes.search import Shape

_WANTED = pl.Schema(
    {
        "shape": pl.Int64(), "group_no": pl.Int64(), "place": pl.Int64(), "role": pl.String(), "payer": pl.String(),
        "payee": pl.String(), "since": pl.Datetime("us", "UTC"), "until": pl.Datetime("us", "UTC"),
    }
)  # fmt: skip


@dataclass(frozen=True)
class Ground:
    """What the shapes of one night are looked for in: its transfers, who is who, and the graph of ties.

    `kinds` and `days` are what a graph is built with: kind and custom of each account, days of the window.
    A tie's payments lie within `tie_days` of its first.
    """

    paid: pl.LazyFrame
    known: pl.DataFrame
    kinds: pl.DataFrame
    days: int
    money: Graph
    tie_days: int = edges.MOST_TIE_DAYS

    def name(self, account: int) -> str:
        """Account id of a number of the graph."""
        return str(self.money.names[account])


def ground(night: NightFrames) -> Ground:
    """Build it of what was prepared; where nothing was, reads the transactions four times."""
    paid = TRANSFERS.of(night)
    known = STANDING.of(night).collect()
    kind = known.select("account_id", "kind").unique("account_id").lazy()
    days, ties = edges.window_days(paid), UNUSUAL.of(night).collect()
    declared = known.join(night.parties.select("party_id", "annual_turnover_usd").collect(), on="party_id", how="left")
    usual = unusual.means(TURNOVER.of(night).collect(), ties, declared, days)
    kinds = (
        kind.join(CUSTOM.of(night), on="account_id", how="full", coalesce=True)
        .join(usual.lazy(), on="account_id", how="left")
        .collect()
    )
    return Ground(paid, known, kinds, days, graph(_weighed(LOOSE.of(night).collect(), ties), kinds, float(days)))


def _weighed(loose: pl.DataFrame, ties: pl.DataFrame) -> pl.DataFrame:
    """`loose` with whether each tie is unusually large for its payer (`large_paid`) and its payee (`large_got`)."""
    sides = ((pl.col(f"rank_{name}") <= unusual.MOST_RANK).alias(f"large_{name}") for name in ("paid", "got"))
    flags = ties.select("payer", "payee", *sides)
    return loose.join(flags, on=("payer", "payee"), how="left", maintain_order="left").with_columns(
        pl.col("large_paid", "large_got").fill_null(value=False)
    )


def knowing(on: Ground, groups: list[Ints]) -> list[int]:
    """Of each group of accounts, how many have paid another one of it, or were paid by it, in the whole window.

    Where kinds of account are known, firms are left out: that many people pay one shop does not make them friends.
    """
    kept = [group[on.money.kind[group] == 0] if told_apart(on.money) else group for group in groups]
    rows = pl.DataFrame(
        {
            "group": np.repeat(np.arange(len(kept)), [len(each) for each in kept]),
            "account_id": on.money.names[np.concatenate([*kept, np.zeros(0, np.int64)])],
        }
    )
    joined = edges.among(on.paid, rows)
    count = dict(joined.group_by("group").agg(pl.len()).iter_rows())
    return [count.get(number, 0) for number in range(len(groups))]


def _rows(on: Ground, number: int, shape: Shape, slack_days: float) -> list[tuple[object, ...]]:
    """One row a tie of the shape, as _WANTED; the tie that closes a ring may be a little before or after the rest."""
    money = on.money
    begun = [datetime.fromtimestamp(int(at), UTC) for at in money.at[list(shape.ties)]]
    last = timedelta(days=on.tie_days)
    rows: list[tuple[object, ...]] = [
        (
            number,
            group,
            place,
            role,
            on.name(int(money.payer[tie])),
            on.name(int(money.payee[tie])),
            start,
            start + last,
        )
        for place, (tie, group, role, start) in enumerate(
            zip(shape.ties, shape.layers, shape.roles, begun, strict=True)
        )
    ]
    if shape.closed:
        rows.append(_closing(on, number, shape, begun, slack_days))
    return rows


def _closing(on: Ground, number: int, shape: Shape, begun: list[datetime], slack_days: float) -> tuple[object, ...]:
    ends = on.name(shape.suspects[-1]), on.name(shape.suspects[0])
    slack = timedelta(days=slack_days)
    return (number, max(shape.layers) + 1, len(begun), "hop", *ends, min(begun) - slack, max(begun) + slack)


def closes(on: Ground, files: list[Shape], slack_days: float) -> list[bool]:
    """Whether each chain's last account also pays its first, within the chain's time and `slack_days` around it."""
    if not files:
        return []
    ends = [_rows(on, number, replace(file, closed=True), slack_days)[-1] for number, file in enumerate(files)]
    found = set(edges.payments_of(on.paid, pl.DataFrame(ends, schema=_WANTED, orient="row"))["shape"].to_list())
    return [number in found for number in range(len(files))]


def payments(on: Ground, shapes: list[Shape], slack_days: float) -> pl.DataFrame:
    """One row a payment of a shape: shape, group_no, step_no, role, payer, payee, transaction_id, booked_at, usd_minor.

    Sorted by shape, group and step. Of the payments over a tie that is not loose only the one that closes the ring
    stands, the last within the times.
    """
    wanted = [row for number, shape in enumerate(shapes) for row in _rows(on, number, shape, slack_days)]
    rows = edges.payments_of(on.paid, pl.DataFrame(wanted, schema=_WANTED, orient="row"))
    closing = pl.col("group_no") == pl.col("group_no").max().over("shape")
    rings = pl.Series([number for number, shape in enumerate(shapes) if shape.closed], dtype=pl.Int64)
    regular = closing & pl.col("shape").is_in(rings.to_list())
    order = ("shape", "group_no", "place", "booked_at", "transaction_id")
    return (
        rows.sort(*order)
        .filter(~regular | (pl.col("transaction_id") == pl.col("transaction_id").last().over("shape", "group_no")))
        .with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("shape", "group_no").alias("step_no"))
        .select("shape", "group_no", "step_no", "role", "payer", "payee", "transaction_id", "booked_at", "usd_minor")
    )
