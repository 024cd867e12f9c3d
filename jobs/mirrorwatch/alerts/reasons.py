"""Why an alert was withdrawn, in words, from what can be seen: its evidence, the window, the data, the settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

# A transaction says something else when any of these differs; USD values and file positions may move without that.
_SAID = ("booked_at", "originator_account_id", "beneficiary_account_id", "amount", "currency", "channel")


@dataclass(frozen=True)
class Stamp:
    """With what a detector ran."""

    version: str
    parameters_hash: str


def reasons(
    withdrawn: pl.DataFrame,
    *,
    evidence: pl.DataFrame,
    rows: pl.DataFrame,
    window: tuple[date, date],
    stamps: Mapping[str, Stamp],
    continued_by: Mapping[str, str],
) -> pl.DataFrame:
    """Say why each alert of `withdrawn` (ALERTS) is gone: alert_id, reason.

    `evidence` holds the withdrawn alerts' rows as they were published, `rows` the same transactions as staged today
    (evidence columns), `window` the first and last booking date that are looked at, `continued_by` the alert of
    tonight that shares most with a withdrawn one. Every reason that holds is given.
    """
    facts = withdrawn.select(
        "alert_id",
        settings=~_ran_with(stamps),
        successor=pl.col("alert_id").replace_strict(continued_by, default=None, return_dtype=pl.String),
    ).join(fates(evidence, rows, window[0]), on="alert_id", how="left", maintain_order="left")
    facts = facts.with_columns(pl.col("total", "before", "gone").fill_null(0))
    sentences = pl.concat_list(
        _when(pl.col("settings"), pl.lit("The detector, its parameters or the rules changed.")),
        _when(
            pl.col("before") > 0,
            pl.format(
                "{} of its {} transactions left the lookback window, which begins on {}.",
                "before", "total", pl.lit(window[0].isoformat()),
            ),
        ),
        _when(
            pl.col("gone") > 0,
            pl.format("{} of its {} transactions are no longer in the data, or read otherwise.", "gone", "total"),
        ),
        _when(
            pl.col("successor").is_not_null(),
            pl.format("Alert {} now tells of some of the same accounts.", pl.col("successor").str.head(12)),
        ),
    ).list.drop_nulls()  # fmt: skip
    explained = (
        "Its transactions are all still there, but with today's data they are explained otherwise "
        "or no longer stand out."
    )
    reason = pl.when(sentences.list.len() > 0).then(sentences.list.join(" ")).otherwise(pl.lit(explained))
    return facts.select("alert_id", reason=reason)


def _when(condition: pl.Expr, sentence: pl.Expr) -> pl.Expr:
    return pl.when(condition).then(sentence).otherwise(pl.lit(None, pl.String))


def _ran_with(stamps: Mapping[str, Stamp]) -> pl.Expr:
    """Whether an alert's detector ran tonight with the version and parameters that the alert names."""
    versions = {typology: stamp.version for typology, stamp in stamps.items()}
    hashes = {typology: stamp.parameters_hash for typology, stamp in stamps.items()}
    typology = pl.col("typology")
    same_version = typology.replace_strict(versions, default="", return_dtype=pl.String) == pl.col("detector_version")
    same_hash = typology.replace_strict(hashes, default="", return_dtype=pl.String) == pl.col("parameters_hash")
    return same_version & same_hash


def fates(evidence: pl.DataFrame, rows: pl.DataFrame, first_day: date) -> pl.DataFrame:
    """Per alert: its transactions, those before the window, and those in it that are gone or read otherwise."""
    today = rows.select("transaction_id", *(pl.col(name).alias(f"now_{name}") for name in _SAID), there=pl.lit(True))  # noqa: FBT003
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"now_{name}")) for name in _SAID)
    before = pl.col("booked_at").dt.date() < first_day
    return (
        evidence.join(today, on="transaction_id", how="left")
        .group_by("alert_id")
        .agg(
            total=pl.len(),
            before=before.sum(),
            gone=(~before & ~(pl.col("there").fill_null(value=False) & same)).sum(),
        )
    )
