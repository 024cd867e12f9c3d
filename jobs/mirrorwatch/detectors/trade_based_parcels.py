"""Sub-pattern: runs of parcels just under the value that enters free of duty, while a rule says so.

The limits are read from the rulebook: `CC_de_minimis` is country CC's, `CC_de_minimis_aa_bb` its own rule for goods of
countries aa and bb, which goes before the first where the book has it. Each document is judged by what held on the day
it was issued. Where no rule bound on that day it says nothing: there was no duty to avoid by staying under a value.
"""

import re
from collections.abc import Iterable
from datetime import date

import polars as pl

from mirrorwatch.detectors.trade_based_claims import NOTHING, PARTNER_PAYMENTS, Claims, claims, usual_rate
from mirrorwatch.detectors.trade_based_claims import counted as counted_units
from mirrorwatch.detectors.trade_based_parameters import TradeParameters
from mirrorwatch.features.invoices import Settled
from mirrorwatch.features.trade import PAIR
from mirrorwatch.rulebook import Rulebook, Rules

RULE = re.compile(r"(?P<country>[a-z]{2})_de_minimis(?P<origins>(_[a-z]{2})*)")
MAIN_SHARE = 0.4  # of an importer's documents: a retail buyer's purchases are of every value
LIMITS = pl.Schema(
    {
        "issued_on": pl.Date(),
        "destination_country": pl.String(),
        "origin_country": pl.String(),  # null: every other
        "limit_minor": pl.Int64(),  # null: the rule bound nobody on that day
        "rule": pl.String(),
    }
)


def limits(rulebook: Rulebook, days: Iterable[date], cents: dict[str, float]) -> pl.DataFrame:
    """LIMITS in US cents, one row a day, destination and origin.

    `cents`: US cents a hundredth of each currency; a limit in a currency that the night does not show is left out.
    """
    rows = [row for day in sorted(set(days)) for row in _held(rulebook.on(day), cents)]
    return pl.DataFrame(rows, schema=LIMITS, orient="row")


def _held(rules: Rules, cents: dict[str, float]) -> list[tuple[date, str, str | None, int | None, str]]:
    rows: list[tuple[date, str, str | None, int | None, str]] = []
    for name, held in sorted(rules.held.items()):
        found = RULE.fullmatch(name)
        if found is None:
            continue
        rate = cents.get(held.version.currency, 1.0 if held.version.currency == "USD" else None)
        binds = held.in_force and held.version.amount is not None and rate is not None
        limit = round(held.minor * (rate or 0)) if binds else None
        origins = [part.upper() for part in found["origins"].split("_") if part]
        country, cited = found["country"].upper(), held.rule.reference
        rows += [(rules.day, country, origin, limit, cited) for origin in origins or [None]]
    return rows


def rates(transactions: pl.LazyFrame) -> dict[str, float]:
    """US cents a hundredth of each currency of the night, from sums."""
    table = transactions.group_by("currency").agg(pl.col("usd_minor").sum(), pl.col("amount_minor").sum()).collect()
    return {row[0]: row[1] / row[2] for row in table.iter_rows() if row[2]}


def _with_limit(papers: pl.DataFrame, bounds: pl.DataFrame) -> pl.DataFrame:
    own = bounds.filter(pl.col("origin_country").is_not_null()).with_columns(special=pl.lit(value=True))
    common = bounds.filter(pl.col("origin_country").is_null()).drop("origin_country")
    rows = papers.join(own, on=("issued_on", "destination_country", "origin_country"), how="left").join(
        common, on=("issued_on", "destination_country"), how="left", suffix="_common"
    )
    special = pl.col("special").fill_null(value=False)
    return rows.with_columns(
        pl.when(special).then("limit_minor").otherwise("limit_minor_common").alias("limit_minor"),
        pl.when(special).then("rule").otherwise("rule_common").alias("rule"),
    ).drop_nulls("limit_minor")


def under_limit(papers: pl.DataFrame, found: Settled, bounds: pl.DataFrame, parameters: TradeParameters) -> Claims:
    """Find importers whose documents crowd just under the limit, beside those of all others that night."""
    worth = pl.col("declared_minor") / pl.max_horizontal(pl.col("parcels").fill_null(1), pl.lit(1))
    odd = worth.is_between(pl.col("limit_minor") * parameters.least_under_limit, pl.col("limit_minor"))
    rows = _with_limit(papers, bounds).with_columns(odd=odd)
    if rows.is_empty():
        return NOTHING
    rows = rows.with_columns(usual=pl.lit(usual_rate(rows)))
    told = counted_units(rows, parameters.least_parcel_documents).filter(
        pl.col("level") != "exporter",
        pl.col("chance") <= parameters.most_chance,
        pl.col("odd") >= MAIN_SHARE * pl.col("rows"),
    )
    return _told(rows.filter("odd"), told, found)


def _told(rows: pl.DataFrame, told: pl.DataFrame, found: Settled) -> Claims:
    if told.is_empty():
        return NOTHING
    unit = ("under_limit|" + pl.col("level") + "|" + pl.col("unit")).alias("unit")
    as_pair = rows.with_columns(level=pl.lit("pair"), unit=pl.col("importer") + "|" + pl.col("exporter"))
    as_importer = rows.with_columns(level=pl.lit("importer"), unit=pl.col("importer"))
    seen = pl.concat([as_pair, as_importer]).join(told.select("level", "unit"), on=("level", "unit"), how="semi")
    paid = found.valued.drop("document_id", "declared_minor", *PAIR).rename({"issued_on": "of"})
    named = found.valued.select("document_id", "transaction_id")
    by_name = seen.drop("transaction_id").join(named, on="document_id", how="inner")
    tied = seen.drop_nulls("transaction_id")
    payments = pl.concat([by_name.select(tied.columns), tied])
    payments = payments.join(paid, on="transaction_id", how="inner").with_columns(
        role=pl.lit("under_limit"), payer_account=pl.col("importer_account"), payee_account=pl.col("exporter_account")
    )
    once = payments.select("level", "unit", "transaction_id", "usd_minor").unique()
    moved = once.group_by("level", "unit").agg(pl.col("usd_minor").sum().alias("moved_minor"))
    moved = moved.join(_as_stood(seen), on=("level", "unit"))
    values = told.join(moved, on=("level", "unit"), how="inner").with_columns(
        unit, pattern=pl.lit("under_limit"), size=pl.col("odd").cast(pl.Float64), share=pl.col("odd") / pl.col("rows")
    )
    often = pl.len().over("level", "unit", "exporter") >= PARTNER_PAYMENTS
    named_by = pl.concat(
        [
            seen.select(unit, party_id="importer"),
            seen.filter((pl.col("level") == "pair") & often).select(unit, party_id="exporter"),
        ]
    )
    return claims(values, payments.with_columns(unit), named_by)


def _as_stood(seen: pl.DataFrame) -> pl.DataFrame:
    """Each unit's rules and the days of issue on which they held (level, unit, note)."""
    first, last = (pl.col(name).cast(pl.String) for name in ("first", "last"))
    several = ", in force on every day of issue from " + first + " to " + last
    days = pl.when(first == last).then(", in force on " + first).otherwise(several)
    spans = seen.group_by("level", "unit", "rule").agg(
        pl.col("issued_on").min().alias("first"), pl.col("issued_on").max().alias("last")
    )
    said = spans.select("level", "unit", note=pl.col("rule") + days)
    return said.group_by("level", "unit").agg(pl.col("note").sort().str.join("; "))
