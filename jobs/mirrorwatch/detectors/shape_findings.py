"""From shapes to findings: their payments, figures, score and words."""

import polars as pl

from mirrorwatch.detectors.base import FINDINGS, Floor
from mirrorwatch.detectors.shape_night import Ground, payments
from mirrorwatch.detectors.shape_parameters import ShapeParameters
from mirrorwatch.detectors.shape_terms import scored
from mirrorwatch.detectors.shape_words import Words, cleared, narrative, next_steps
from mirrorwatch.shapes.chance import at_least_one
from mirrorwatch.shapes.search import Shape

# Accounts are taken to choose strangers independently; how far that holds is not known to more places.
FLOOR = Floor(1e-8, "independent choices of strangers, which is not known to hold to more places")
WRITTEN = ("narrative", "would_not_fire_if", "next_steps")


def _figures(rows: pl.DataFrame) -> pl.DataFrame:
    """One row a shape: lists and figures from its payments; `layers` are each group's payers, then the last payees.

    The amount is what set out: the payments of the first group.
    """
    tie = ("shape", "group_no", "payer", "payee")
    over = rows.group_by(tie).agg(pl.col("usd_minor").sum().alias("usd"), pl.len().alias("count"))
    per_tie = over.group_by("shape").agg(
        pl.len().cast(pl.Float64).alias("ties"),
        pl.col("usd").log().std().fill_null(0.0).alias("amounts_apart"),
        (pl.col("count") == 1).mean().alias("one_off_share"),
    )
    span = pl.col("booked_at").max() - pl.col("booked_at").min()
    item = pl.struct("transaction_id", "role", "group_no", "step_no")
    per_shape = rows.group_by("shape").agg(
        pl.col("transaction_id").unique().sort().alias("transaction_ids"),
        pl.col("booked_at").min().alias("first_booked_at"),
        pl.col("booked_at").max().alias("last_booked_at"),
        pl.col("usd_minor").filter(pl.col("group_no") == 1).sum().alias("amount_usd_minor"),
        (span.dt.total_seconds() / 86_400).alias("days"),
        pl.len().alias("payments"),
        item.sort_by("group_no", "step_no").alias("evidence"),
        pl.struct("booked_at", "usd_minor").sort_by("group_no", "step_no").alias("moments"),
    )
    payers = rows.group_by("shape", "group_no").agg(pl.col("payer").unique().sort().alias("layer"))
    last = rows.filter(pl.col("group_no") == pl.col("group_no").max().over("shape"))
    ends = last.group_by("shape").agg(pl.col("payee").unique().sort().alias("layer"))
    ends = ends.with_columns(pl.lit(1_000_000, dtype=pl.Int64).alias("group_no")).select(payers.columns)
    layers = pl.concat([payers, ends]).sort("shape", "group_no").group_by("shape", maintain_order=True)
    return per_shape.join(per_tie, on="shape").join(layers.agg(pl.col("layer").alias("layers")), on="shape")


def _suspects(on: Ground, shapes: list[Shape]) -> pl.DataFrame:
    """One row a shape: accounts in order of the money, the first as subject, their parties, and chance."""
    party = dict(on.known.select("account_id", "party_id").iter_rows())
    order = [[on.name(account) for account in shape.suspects] for shape in shapes]
    expected = [max(shape.expected, FLOOR.probability) for shape in shapes]
    return pl.DataFrame(
        {
            "shape": range(len(shapes)),
            "order": order,
            "subject": [accounts[0] for accounts in order],
            "subject_party_id": [party.get(accounts[0], accounts[0]) for accounts in order],
            "party_ids": [sorted({party[one] for one in accounts if one in party}) for accounts in order],
            "expected": expected,
            "chance_probability": [max(at_least_one(each), FLOOR.probability) for each in expected],
        },
        schema_overrides={"shape": pl.Int64, "order": pl.List(pl.String), "party_ids": pl.List(pl.String)},
    )


def findings(
    on: Ground, shapes: list[Shape], words: Words, parameters: ShapeParameters, slack_days: float = 0.0
) -> pl.LazyFrame:
    """Write FINDINGS of `shapes`, sorted by score and first account."""
    if not shapes:
        return pl.LazyFrame(schema=FINDINGS)
    values = _figures(payments(on, shapes, slack_days)).join(_suspects(on, shapes), on="shape").sort("shape")
    known = scored(values.with_columns((-pl.col("expected").log10()).alias("beyond_chance")))
    texts = [
        (row["shape"], narrative(row, words), cleared(row, words, parameters.most_expected), next_steps(row, words))
        for row in known.iter_rows(named=True)
    ]
    schema = pl.Schema({"shape": pl.Int64(), **{name: FINDINGS[name] for name in WRITTEN}})
    return (
        known.join(pl.DataFrame(texts, schema=schema, orient="row"), on="shape", how="inner")
        .with_columns(pl.col("order").list.unique().list.sort().alias("account_ids"))
        .select(FINDINGS.names())
        .cast(FINDINGS)
        .sort(pl.col("score") * -1, pl.col("account_ids").list.first(), pl.col("transaction_ids").list.first())
        .lazy()
    )
