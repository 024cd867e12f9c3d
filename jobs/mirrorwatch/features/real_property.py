"""Payments to developers, agents, landlords and escrow: which they are, and which unit or file their texts name."""

import polars as pl

from mirrorwatch.features.chemistry import starts_with

# Building of houses (developers declare it) and real estate of every kind: sale, letting, agents, title.
TRADES = ("41", "68")
_MORTGAGE = r"(?i)mortgage|home loan|hipoteca|按揭|房贷"
_PROPERTY = (
    r"(?i)\b(?:unit|apt|apartment|condo|lot|plot|parcel|escrow|closing|title|down ?payment|earnest|townhouse|penthouse|"
    r"depto|departamento|lote|inmueble|enganche|escritura)\b|购房|房款|首付|定金|楼盘"
)
# A word for a home or a file and what follows it, else any code of three signs or more that has a digit.
_NAMED = (
    r"(?i)(?:unit|apt|apartment|suite|ste|condo|lot|plot|parcel|file|escrow|closing|house|flat|tower|no|depto|lote|"
    r"unidad|loan|mortgage|#)[\s.:#-]*([a-z]{0,3}-?\d+[a-z]?)\b"
)
_CODE = r"(?i)\b([a-z]{0,3}-?\d[a-z0-9-]{2,})\b"
_YEAR = r"^(?:19|20)\d\d$"


def is_property(trade: str, account_type: str) -> pl.Expr:
    """Whether an account takes money for property by trade, or holds it in escrow."""
    return starts_with(trade, TRADES).fill_null(value=False) | (pl.col(account_type) == "escrow").fill_null(value=False)


def speaks_of_property(text: str) -> pl.Expr:
    """Whether a text speaks of the purchase of a home. Null: false."""
    return pl.col(text).str.contains(_PROPERTY).fill_null(value=False)


def speaks_of_mortgage(text: str) -> pl.Expr:
    """Whether a text speaks of a mortgage. Null: false."""
    return pl.col(text).str.contains(_MORTGAGE).fill_null(value=False)


def references(rows: pl.DataFrame) -> pl.DataFrame:
    """One row a payment and unit, lot, file or house number named by its `purpose`: transaction_id, reference, worded.

    worded: a word for a home or a file stands before it; without any in the text, every code counts. Of several after
    such words the longest is taken: a file tells more than the flat's number in its address.
    """
    named, codes = (pl.col("purpose").str.extract_all(pattern) for pattern in (_NAMED, _CODE))
    texts = rows.select("transaction_id", "purpose").drop_nulls()
    worded = named.list.len() > 0
    found = texts.select(
        "transaction_id", worded=worded, reference=pl.when(worded).then(named).otherwise(codes)
    ).explode("reference", empty_as_null=False)
    bare = pl.col("reference").str.to_lowercase().str.extract(r"([a-z]{0,3}-?\d[a-z0-9-]*)$").str.replace_all("-", "")
    return (
        found.with_columns(bare.alias("reference"))
        .drop_nulls()
        .select("transaction_id", "reference", "worded")
        .filter(~pl.col("reference").str.contains(_YEAR))
        .with_columns(size=pl.col("reference").str.len_chars())
        .filter(~pl.col("worded") | (pl.col("size") == pl.col("size").max().over("transaction_id")))
        .drop("size")
        .unique()
        .sort("transaction_id", "reference")
    )
