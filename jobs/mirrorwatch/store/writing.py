"""Write tables and JSON so that the same content always gives the same bytes, and a half-written file is never seen."""

import os
from pathlib import Path

import polars as pl

from mirrorwatch.canonical import canonical_json
from mirrorwatch.errors import MirrorwatchError

# Stated rather than left to Polars' defaults: another default in a later version would change every file's hash.
_COMPRESSION_LEVEL = 3
_ROW_GROUP_ROWS = 100_000


def write_table(frame: pl.DataFrame, path: Path, schema: pl.Schema) -> None:
    """Write `frame` as one Parquet file at `path`, whole or not at all.

    Raises MirrorwatchError when the frame's columns or types are not those of `schema`.
    """
    if frame.schema != schema:
        raise MirrorwatchError(
            f"A table was built with other columns than its contract: {_difference(frame.schema, schema)}.",
            where=str(path),
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.part")
    frame.write_parquet(aside, compression="zstd", compression_level=_COMPRESSION_LEVEL, row_group_size=_ROW_GROUP_ROWS)
    aside.replace(path)


def write_json(value: object, path: Path) -> None:
    """Write `value` as canonical JSON with a final newline, whole or not at all, and on the disk before it is named."""
    write_text(canonical_json(value) + "\n", path)


def write_text(text: str, path: Path) -> None:
    """Write `text` at `path`, whole or not at all, and on the disk before it is named."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.part")
    with aside.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    aside.replace(path)


def _difference(found: pl.Schema, wanted: pl.Schema) -> str:
    missing = [name for name in wanted if name not in found]
    surplus = [name for name in found if name not in wanted]
    other = [
        f"{name} is {found[name]}, not {wanted[name]}"
        for name in wanted
        if found.get(name, wanted[name]) != wanted[name]
    ]
    parts = [f"missing {missing}" if missing else "", f"surplus {surplus}" if surplus else "", "; ".join(other)]
    return ", ".join(part for part in parts if part) or "same columns in another order"
