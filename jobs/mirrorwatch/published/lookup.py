"""Find one published alert by its id or the beginning of it, and gather all that is known of it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from mirrorwatch.contract import ALERTS, EVIDENCE, EXPLANATIONS
from mirrorwatch.errors import UsageError
from mirrorwatch.published.verifying import Published
from mirrorwatch.store.shelf import Shelf

_WORDS = tuple(name for name in EXPLANATIONS.names() if name != "alert_id")


@dataclass(frozen=True)
class Found:
    """An alert's row and the night that it stands in."""

    alert: pl.DataFrame
    night: date


def find(shelf: Shelf, prefix: str, night: date | None = None, *, live: bool = False) -> Found:
    """Find the alert whose id begins with `prefix`: in `night`, else in the latest night that has it.

    With `live`, rows that withdraw it are passed over. Raises UsageError when there is none, or more than one.
    """
    prefix = prefix.strip().lower()
    if night:
        require(shelf, night)
    nights = [night] if night else list(reversed(shelf.nights))
    for candidate in nights:
        alerts = shelf.table("alerts", candidate, ALERTS)
        rows = alerts.filter(pl.col("alert_id").str.starts_with(prefix))
        if live:
            rows = rows.filter(pl.col("state") != "withdrawn")
        if rows.height > 1:
            ids = ", ".join(rows["alert_id"].str.head(len(prefix) + 4).head(5))
            raise UsageError(f"{rows.height} alerts begin with '{prefix}'.", remedy=f"Give more of it: {ids}.")
        if rows.height:
            return Found(rows, candidate)
    raise UsageError(
        f"No {'live ' if live else ''}alert begins with '{prefix}'.",
        where=f"{shelf.location}, {f'the night of {night}' if night else f'{len(nights)} published night(s)'}",
        remedy="Take the id from OUT/alerts or the report.",
    )


def require(shelf: Shelf, night: date) -> None:
    """Raise UsageError when `night` is not published: the command named the wrong one."""
    if night not in shelf.nights:
        latest = ", ".join(known.isoformat() for known in shelf.nights[-3:]) or "none"
        raise UsageError(
            f"No night of {night} is published.",
            where=shelf.location,
            remedy=f"Name a published night with --date (the latest: {latest}).",
        )


def published(shelf: Shelf, found: Found) -> Published:
    """Gather what `verify` compares."""
    return Published(found.alert, _rows(shelf, "evidence", EVIDENCE, found), shelf.manifest(found.night))


def explained(shelf: Shelf, found: Found) -> dict[str, Any]:
    """Gather what `explain` says, as JSON values (money and times as text)."""
    words = _rows(shelf, "explanations", EXPLANATIONS, found)
    evidence = _rows(shelf, "evidence", EVIDENCE, found)
    return {
        **_json(found.alert)[0],
        **{name: words[name].to_list()[0] or [] if words.height else [] for name in _WORDS},
        "evidence": _json(evidence.drop("alert_id")),
    }


def _rows(shelf: Shelf, name: str, schema: pl.Schema, found: Found) -> pl.DataFrame:
    return shelf.table(name, found.night, schema).filter(pl.col("alert_id") == found.alert["alert_id"].item())


def _json(frame: pl.DataFrame) -> list[dict[str, Any]]:
    moments = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.Datetime)]
    textual = [name for name, dtype in frame.schema.items() if dtype.is_decimal() or dtype == pl.Date]
    return frame.with_columns(
        pl.col(moments).dt.strftime("%Y-%m-%dT%H:%M:%S%.fZ"), pl.col(textual).cast(pl.String)
    ).to_dicts()
