"""Rejected rows as they were read, with where they lie and every reason."""

import polars as pl

from mirrorwatch.contract import QUARANTINE, ROW_KEY, Dataset
from mirrorwatch.intake.conform import FAULTS, reason_of_faults

LARGEST_PART = 500_000  # rejected rows sorted in memory at once: some 200 MB of row text


def quarantined(raw: pl.LazyFrame, schema: pl.Schema, decisions: pl.DataFrame, dataset: Dataset) -> pl.LazyFrame:
    """Return QUARANTINE for the rows of `raw` (lineage spelt out) that `decisions` reject.

    `row_json` holds each of `schema`'s columns as text, so that no digit is lost on the way.
    """
    rejected = decisions.filter(pl.col(FAULTS) != 0)
    told = {
        faults: [f"{reason.code}: {reason.text}" for reason in reason_of_faults(dataset, faults)]
        for faults in rejected.get_column(FAULTS).unique().to_list()
    }
    reasons = pl.LazyFrame(
        {FAULTS: list(told), "reasons": list(told.values())}, schema={FAULTS: pl.Int64, "reasons": pl.List(pl.String)}
    )
    row = pl.struct(_text(pl.col(name), dtype).alias(name) for name, dtype in schema.items())
    return (
        raw.with_columns(_wide(name, dtype) for name, dtype in schema.items() if isinstance(dtype, pl.Decimal))
        .join(rejected.lazy(), on=ROW_KEY, how="inner")
        .join(reasons, on=FAULTS, how="left")
        .select(
            pl.lit(dataset.name).alias("dataset"),
            "source_file",
            "source_row",
            "reasons",
            row.struct.json_encode().alias("row_json"),
        )
        .match_to_schema(QUARANTINE)
    )


def _wide(name: str, dtype: pl.Decimal) -> pl.Expr:
    """Give a decimal all digits: Polars' joins panic on a value that has more than its column says (a damaged file)."""
    return pl.col(name).cast(pl.Decimal(38, dtype.scale), strict=False)


def _text(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if isinstance(dtype, pl.List | pl.Array):
        items = column.arr.to_list() if isinstance(dtype, pl.Array) else column
        return items.list.eval(_text(pl.element(), dtype.inner))  # type: ignore[arg-type]
    if isinstance(dtype, pl.Struct):
        fields = [_text(column.struct.field(field.name), field.dtype) for field in dtype.fields]  # type: ignore[arg-type]
        return pl.struct(fields) if fields else pl.lit("{}")
    if isinstance(dtype, pl.Binary):
        return column.bin.encode("hex")
    if isinstance(dtype, pl.Duration):
        return column.dt.to_string("iso")
    return column.cast(pl.String)
