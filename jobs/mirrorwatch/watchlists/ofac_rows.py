"""The rows of OFAC's delimited files as entries and details; pure expressions over the publisher's columns."""

import polars as pl

from mirrorwatch.watchlists.ofac_terms import ENTITY_TYPES
from mirrorwatch.watchlists.tables import FOUND_DETAILS, FOUND_ENTRIES, SKIPPED, STRONG


def entries(sdn: pl.DataFrame) -> pl.DataFrame:
    """Return FOUND_ENTRIES of the main file, nulls taken out."""
    programmes = pl.col("program").str.replace_all("] [", "; ", literal=True).str.strip_chars("[] ")
    kind = pl.col("sdn_type").str.to_lowercase().fill_null("").replace_strict(ENTITY_TYPES, default="other")
    chosen = {"id": pl.col("ent_num"), "name": pl.col("sdn_name"), "entity_type": kind, "programme": programmes}
    return _shaped(sdn, chosen, FOUND_ENTRIES)


def aliases(alt: pl.DataFrame) -> pl.DataFrame:
    """Return one alias for each row of the file of alternate names."""
    chosen = _detail("alias", label="alt_type", value="alt_name", note="alt_remarks") | {"quality": pl.lit(STRONG)}
    return _shaped(alt, chosen, FOUND_DETAILS)


def addresses(add: pl.DataFrame) -> pl.DataFrame:
    """Return one address for each row of the file of addresses, those that name a country alone too."""
    lines = pl.concat_str("address", "city_state", separator=", ", ignore_nulls=True).replace("", None)
    value = pl.coalesce(lines, "country", pl.lit("unknown"))
    chosen = _detail("address", value="address", country="country", note="add_remarks") | {"value": value}
    return _shaped(add, chosen, FOUND_DETAILS)


def vessels(sdn: pl.DataFrame) -> pl.DataFrame:
    """Return what the main file's own columns say beside name and programme: offices, flags, call signs, owners."""
    columns = (
        ("position", None, "title"), ("flag", None, "vess_flag"), ("identifier", "Call sign", "call_sign"),
        ("link", "owned_by", "vess_owner"), ("remark", "Vessel type", "vess_type"), ("remark", "Tonnage", "tonnage"),
        ("remark", "Gross registered tonnage", "grt"),
    )  # fmt: skip
    said = [_column(sdn, kind, label, column) for kind, label, column in columns]
    return pl.concat(said)


def orphans(rows: pl.DataFrame, sdn: pl.DataFrame, what: str) -> pl.DataFrame:
    """Return SKIPPED: the rows that belong to no entry of the main file."""
    alone = rows.join(sdn, on="ent_num", how="anti", maintain_order="left")
    reason = f"{what} of an entry that the main file does not have"
    return alone.select("source_file", "source_position", pl.lit(reason, pl.String).alias("reason")).cast(SKIPPED)


def _column(sdn: pl.DataFrame, kind: str, label: str | None, column: str) -> pl.DataFrame:
    chosen = _detail(kind, value=column, **({"country": column} if kind == "flag" else {}))
    return _shaped(
        sdn.filter(pl.col(column).is_not_null()), chosen | {"label": pl.lit(label, pl.String)}, FOUND_DETAILS
    )


def _detail(kind: str, **columns: str) -> dict[str, pl.Expr]:
    return {"id": pl.col("ent_num"), "kind": pl.lit(kind), **{name: pl.col(column) for name, column in columns.items()}}


def _shaped(frame: pl.DataFrame, chosen: dict[str, pl.Expr], schema: pl.Schema) -> pl.DataFrame:
    places = {"source_file": pl.col("source_file"), "source_position": pl.col("source_position")}
    given = chosen | places
    return frame.select(given.get(name, pl.lit(None)).cast(dtype).alias(name) for name, dtype in schema.items())
