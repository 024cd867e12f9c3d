"""Add a pair to the bank's file of dismissed pairs, with what was looked at, so that it counts no longer than that."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl

from mirrorwatch.contract import WATCHLIST_DETAILS
from mirrorwatch.errors import UsageError
from mirrorwatch.intake.beside import beside
from mirrorwatch.intake.stage import stage_only
from mirrorwatch.night import planning
from mirrorwatch.night.planning import Plan
from mirrorwatch.night.screening import require_writable, the_list
from mirrorwatch.report.sheets import harmless
from mirrorwatch.screening import DISMISSALS, NEEDED, evidence_hash, names_hash
from mirrorwatch.screening.agreeing import compared
from mirrorwatch.store.dismissals import read_dismissals
from mirrorwatch.store.locking import locked
from mirrorwatch.store.staging import staged
from mirrorwatch.store.writing import write_table, write_text

_NEEDED = frozenset({"parties", "watchlist", "watchlist_details", "watchlist_listings"})


@dataclass(frozen=True)
class Dismissal:
    """Who says that a party and an entry are not one, why, and until when (None: as long as nothing changes)."""

    party_id: str
    entry_id: str
    reason: str
    by: str
    until: date | None


def dismiss(plan: Plan, made: Dismissal, path: Path) -> pl.DataFrame:
    """Add the dismissal, made on the plan's day, to the CSV or Parquet at `path`; return all that it then holds.

    Raises UsageError for a party or entry that the data does not know, an empty reason or name, another ending, or a
    file below the data.
    """
    require_writable(path, plan.data, "A file of dismissed pairs")
    for option, text in (("--reason", made.reason), ("--by", made.by)):
        if not text.strip():
            raise UsageError("A dismissal says why, and who made it.", where=option, remedy="Give it some words.")
    if made.until is not None and made.until < plan.run_date:
        raise UsageError(f"It would have ended before {plan.run_date}.", where="--until", remedy="Give a later day.")
    row = _row(plan, made)
    with locked(path.with_name(f".{path.name}.lock"), "dismissing a pair"):
        before = read_dismissals(path, DISMISSALS, NEEDED) if path.exists() else pl.DataFrame(schema=DISMISSALS)
        every = pl.concat([before, row])
        _write(every, path)
    return every


def _write(rows: pl.DataFrame, path: Path) -> None:
    if path.suffix.lower() == ".csv":
        write_text(harmless(rows).write_csv(), path)
    else:
        write_table(rows, path, DISMISSALS)


def _row(plan: Plan, made: Dismissal) -> pl.DataFrame:
    stage_only(replace(planning.request(plan, plan.configuration()), dismissed=None), plan.work, _NEEDED)
    party = _one(staged(plan.work, "parties"), "party_id", made.party_id, "--party")
    entry = _one(the_list(plan), "entry_id", made.entry_id, "--entry")
    told = entry.select("entry_id", "programme", listed_country="country", party_id=pl.lit(made.party_id))
    details = beside(plan.work, WATCHLIST_DETAILS.name)
    beside_names = compared(told.lazy(), party.lazy(), details).collect().row(0, named=True)
    names = [entry["name"].item(), *(entry["aliases"].item() if entry["aliases"].item() is not None else ())]
    row = {
        "party_id": made.party_id, "entry_id": made.entry_id, "reason": made.reason.strip(),
        "dismissed_by": made.by.strip(), "dismissed_on": plan.run_date, "until": made.until,
        "party_hash": names_hash([party["name"].item()]), "entry_hash": names_hash(names),
        "evidence_hash": evidence_hash(beside_names),
    }  # fmt: skip
    return pl.DataFrame([row], schema=DISMISSALS)


def _one(rows: pl.LazyFrame, key: str, value: str, option: str) -> pl.DataFrame:
    found = rows.filter(pl.col(key) == value).head(1).collect()
    if found.is_empty():
        raise UsageError(f"No {key} of the data is {value!r}.", where=option, remedy="Give one that `screen` names.")
    return found
