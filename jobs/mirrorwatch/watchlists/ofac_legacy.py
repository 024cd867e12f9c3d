"""OFAC's delimited files: `sdn.csv`, `alt.csv`, `add.csv`, `sdn_comments.csv`; likewise `cons_prim.csv` and so on.

Columns and nulls (`-0-`) as in OFAC's data specification of 25 September 2023: no header, fields parted by a comma
(.csv), an at sign (.del) or a bar (.pip), or at fixed places (.ff). The same columns are read from Parquet, by name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

import polars as pl

from mirrorwatch.errors import InputError
from mirrorwatch.watchlists.delimited import decoded, rows
from mirrorwatch.watchlists.found import Found
from mirrorwatch.watchlists.ofac_remarks import said
from mirrorwatch.watchlists.ofac_rows import addresses, aliases, entries, orphans, vessels
from mirrorwatch.watchlists.tables import SKIPPED

Text = tuple[str, BinaryIO]  # a file's name and its bytes


@dataclass(frozen=True)
class Part:
    """One of the four files: its columns, and the widths that they have in the fixed-field edition."""

    columns: tuple[str, ...]
    widths: tuple[int, ...]


PARTS = {
    "sdn": Part(
        ("ent_num", "sdn_name", "sdn_type", "program", "title", "call_sign", "vess_type", "tonnage", "grt", "vess_flag",
         "vess_owner", "remarks"),
        (10, 350, 12, 200, 200, 8, 25, 14, 8, 40, 150, 1000),
    ),
    "alt": Part(("ent_num", "alt_num", "alt_type", "alt_name", "alt_remarks"), (10, 10, 8, 350, 200)),
    "add": Part(
        ("ent_num", "add_num", "address", "city_state", "country", "add_remarks"), (10, 10, 750, 116, 250, 200)
    ),
    "comments": Part(("ent_num", "remarks"), (10, 1_000_000)),
}  # fmt: skip
_DELIMITERS = {".csv": ",", ".del": "@", ".pip": "|"}
_NULL = "-0-"
_SAID = ("source_file", "source_position")


def part_of(name: str) -> str | None:
    """Return which of the four files a file name means; None when it is none of OFAC's names."""
    stem = PurePath(name).stem.lower()
    if "comments" in stem:
        return "comments"
    known = (("sdn", ("sdn", "cons_prim", "prim")), ("alt", ("alt", "cons_alt")), ("add", ("add", "cons_add")))
    return next(
        (part for part, stems in known if stem in stems or stem.startswith(tuple(f"{s}_" for s in stems))), None
    )


def read(files: Sequence[Text]) -> Found:
    """Read the files of one list. Raises InputError when the main file is missing or a file's structure is broken."""
    notes: list[str] = []
    skipped: list[tuple[object, ...]] = []
    tables = {part: pl.DataFrame(schema=_schema(part)) for part in PARTS}
    for name, stream in files:
        part = part_of(name)
        if part is None:
            raise InputError(
                f"{name!r} is none of OFAC's file names.", where=name,
                remedy="Give it OFAC's name again: sdn.csv, alt.csv, add.csv, sdn_comments.csv, or cons_prim.csv etc.",
            )  # fmt: skip
        tables[part] = pl.concat([tables[part], _table(part, name, stream, notes, skipped)])
    if tables["sdn"].is_empty():
        raise InputError(
            "The list's main file is missing or empty.", where=", ".join(name for name, _ in files),
            remedy="Name sdn.csv (or cons_prim.csv) too, with alt.csv, add.csv and sdn_comments.csv.",
        )  # fmt: skip
    return _found(tables, notes, pl.DataFrame(skipped, SKIPPED, orient="row"))


def _found(tables: dict[str, pl.DataFrame], notes: list[str], skipped: pl.DataFrame) -> Found:
    sdn, alt, add = (_without_nulls(tables[part]) for part in ("sdn", "alt", "add"))
    whole = _with_comments(sdn, tables["comments"])
    details = pl.concat([aliases(alt), addresses(add), vessels(sdn), said(whole)])
    left_out = pl.concat([skipped, orphans(alt, sdn, "alias"), orphans(add, sdn, "address")])
    known = details.join(sdn.select(id="ent_num").unique(), on="id", how="semi", maintain_order="left")
    return Found(entries(sdn), known, left_out, None, tuple(notes))


def _table(part: str, name: str, stream: BinaryIO, notes: list[str], skipped: list[tuple[object, ...]]) -> pl.DataFrame:
    suffix = PurePath(name).suffix.lower()
    if suffix == ".parquet":
        return _parquet(part, name, stream)
    if suffix == ".ff":
        cut = _fixed(part, decoded(stream.read(), name, notes))
    else:
        cut = list(rows(stream, name, _DELIMITERS.get(suffix, ","), notes))
    wanted = len(PARTS[part].columns)
    sound = [(*cells, name, line) for line, cells in cut if len(cells) == wanted]
    broken = [(name, line, f"{len(cells)} fields, not {wanted}") for line, cells in cut if len(cells) != wanted]
    if len(broken) > len(sound):
        raise InputError(
            f"Most rows do not have the {wanted} fields of OFAC's {part} file: the first has {broken[0][2]}.",
            where=f"{name}, line {broken[0][1]}", remedy="Download the file again, or check how it is delimited.",
        )  # fmt: skip
    skipped.extend(broken)
    return pl.DataFrame(sound, _schema(part), orient="row")


def _parquet(part: str, name: str, stream: BinaryIO) -> pl.DataFrame:
    try:
        frame = pl.read_parquet(stream)
        lowered = frame.rename({column: column.lower() for column in frame.columns})
        chosen = lowered.select(pl.col(PARTS[part].columns).cast(pl.String))
    except pl.exceptions.PolarsError as error:
        raise InputError(
            f"The Parquet does not hold OFAC's columns of {part}: {str(error).splitlines()[0]}.", where=name,
            remedy=f"Give it the columns {', '.join(PARTS[part].columns)}.",
        ) from error  # fmt: skip
    numbered = chosen.with_row_index("source_position").with_columns(pl.lit(name).alias("source_file"))
    return numbered.select(pl.col(column).cast(dtype) for column, dtype in _schema(part).items())


def _fixed(part: str, text: str) -> list[tuple[int, list[str]]]:
    starts = [sum(PARTS[part].widths[:index]) for index in range(len(PARTS[part].widths))]
    places = list(zip(starts, PARTS[part].widths, strict=True))
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip("\x1a ")]
    return [(number, [line[start : start + width].strip() for start, width in places]) for number, line in lines]


def _schema(part: str) -> pl.Schema:
    texts = dict.fromkeys(PARTS[part].columns, pl.String())
    return pl.Schema({**texts, "source_file": pl.String(), "source_position": pl.Int64()})


def _without_nulls(frame: pl.DataFrame) -> pl.DataFrame:
    texts = [column for column in frame.columns if column not in _SAID]
    stripped = [pl.col(column).str.strip_chars() for column in texts if column != "remarks"]
    kept = frame.with_columns(*stripped, *([pl.col("remarks")] if "remarks" in texts else []))
    none = [
        pl.when(~pl.col(each).str.strip_chars().is_in([_NULL, ""])).then(pl.col(each)).alias(each) for each in texts
    ]
    return kept.with_columns(none)


def _with_comments(sdn: pl.DataFrame, comments: pl.DataFrame) -> pl.DataFrame:
    """Put remarks that were cut at 1,000 characters together again; the spill-over goes on in the middle of a word."""
    spilled = comments.select(pl.col("ent_num").str.strip_chars(), spilled="remarks").unique("ent_num", keep="first")
    whole = pl.concat_str("remarks", "spilled", ignore_nulls=True)
    return sdn.join(spilled, on="ent_num", how="left", maintain_order="left").with_columns(remarks=whole)
