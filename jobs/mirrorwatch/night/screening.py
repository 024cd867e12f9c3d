"""Screening on its own: who of a data folder, or whether one name, is called like somebody on the list of a day."""

from pathlib import Path

import polars as pl

from mirrorwatch.contract import PARTIES, TRANSACTIONS, WATCHLIST, WATCHLIST_DETAILS, WATCHLIST_LISTINGS
from mirrorwatch.errors import InputError, UsageError
from mirrorwatch.intake.beside import DISMISSED, beside
from mirrorwatch.intake.stage import stage_only
from mirrorwatch.night import planning
from mirrorwatch.night.planning import Plan
from mirrorwatch.report.sheets import harmless
from mirrorwatch.screening import HITS, ScreeningParameters, evidence_hash, names_hash, screen
from mirrorwatch.screening.hits import PARTY
from mirrorwatch.store.layout import is_remote, local_folder
from mirrorwatch.store.staging import staged
from mirrorwatch.store.writing import write_table, write_text

_LISTS = frozenset({WATCHLIST.name, WATCHLIST_DETAILS.name, WATCHLIST_LISTINGS.name})
_BANK = frozenset({"parties", "accounts", "transactions", "fx_rates"})
_ENDINGS = {".csv", ".parquet"}
ASKED = "asked"  # party_id of a name that no party of the data has to bear
SCREENED = pl.Schema(
    {
        "rank": pl.Int64(),  # 1 = the surest; no ties
        **HITS,
        "listed_on": pl.Date(),  # null where nobody says since when
        "accounts": pl.Int64(),  # of a party: how many accounts it has; of text: sides of its payments
        # What a dismissal keeps of the hit, null for text
        "party_hash": pl.String(),
        "entry_hash": pl.String(),
        "evidence_hash": pl.String(),
    }
)
_ORDER = ["score", "side", "entry_id", "party_id", "subject_name", "matched_name"]
_FALLING = [True, False, False, False, False, False]


def screen_data(plan: Plan, parameters: ScreeningParameters) -> pl.DataFrame:
    """Screen the parties of a data folder, both sides of every payment among them, and remittance texts: SCREENED.

    Raises InputError where there is no list.
    """
    stage_only(planning.request(plan, plan.configuration()), plan.work, _BANK | _LISTS)
    parties, transactions = (staged(plan.work, name) for name in ("parties", "transactions"))
    held = staged(plan.work, "accounts").group_by("party_id").agg(accounts=pl.len().cast(pl.Int64))
    return _screened(plan, parties, transactions, held, parameters)


def screen_name(plan: Plan, name: str, kind: str | None, parameters: ScreeningParameters) -> pl.DataFrame:
    """Screen one name, of a person or an organisation or (None) of either, against the lists of a data folder.

    Words weigh by how many listed names hold them, since nobody else is looked at.
    """
    stage_only(planning.request(plan, plan.configuration()), plan.work, _LISTS)
    row = {"party_id": [ASKED], "party_type": [kind], "name": [name]}
    asked = pl.LazyFrame({**row, **{each: [None] for each in PARTIES.schema if each not in row}}, schema=PARTIES.schema)
    nobody = pl.LazyFrame(schema={"party_id": pl.String, "accounts": pl.Int64})
    return _screened(plan, asked, pl.LazyFrame(schema=TRANSACTIONS.schema), nobody, parameters)


def _screened(
    plan: Plan, parties: pl.LazyFrame, transactions: pl.LazyFrame, held: pl.LazyFrame, parameters: ScreeningParameters
) -> pl.DataFrame:
    watchlist = the_list(plan)
    found = screen(
        parties,
        transactions,
        watchlist,
        plan.run_date,
        dismissals=beside(plan.work, DISMISSED),
        details=beside(plan.work, WATCHLIST_DETAILS.name),
        parameters=parameters,
    )
    listed = watchlist.select("entry_id", "listed_on", "name", "aliases").unique("entry_id")
    both = found.join(held, on="party_id", how="left").join(listed, on="entry_id", how="left").collect()
    ordered = _with_hashes(both).sort(_ORDER, descending=_FALLING, nulls_last=True)
    sides = pl.when(pl.col("side") == PARTY).then(pl.col("accounts").fill_null(0)).otherwise(
        pl.col("account_ids").list.len().cast(pl.Int64)
    )  # fmt: skip
    told = ordered.with_columns(rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int64), accounts=sides)
    return told.select(SCREENED.names()).match_to_schema(SCREENED)


def the_list(plan: Plan) -> pl.LazyFrame:
    """Scan the staged watchlist. Raises InputError where it is empty."""
    watchlist = staged(plan.work, WATCHLIST.name)
    if watchlist.head(1).collect().is_empty():
        remedy = "Import one: mirrorwatch watchlist import FILE… --data DATA --as-of D."
        raise InputError("There is no watchlist to screen against.", where=f"{plan.data}/watchlist", remedy=remedy)
    return watchlist


def _with_hashes(found: pl.DataFrame) -> pl.DataFrame:
    """Add what a dismissal would keep of each hit of a party."""
    kept: dict[str, list[str | None]] = {"party_hash": [], "entry_hash": [], "evidence_hash": []}
    for hit in found.iter_rows(named=True):
        of_party = hit["side"] == PARTY
        kept["party_hash"].append(names_hash([hit["subject_name"]]) if of_party else None)
        kept["entry_hash"].append(names_hash([hit["name"], *(hit["aliases"] or ())]) if of_party else None)
        kept["evidence_hash"].append(evidence_hash(hit) if of_party else None)
    return found.with_columns(pl.Series(name, values, dtype=pl.String) for name, values in kept.items())


def require_writable(path: Path, data: str, called: str) -> None:
    """Refuse, before anything is read, a file of another ending, or below the data that it could take the place of.

    Raises UsageError, which calls it as `called` says.
    """
    if path.suffix.lower() not in _ENDINGS:
        raise UsageError(f"{called} ends in .csv or .parquet.", where=str(path))
    if path.is_dir():
        raise UsageError(f"{called} cannot be a folder.", where=str(path))
    if not is_remote(data) and path.resolve().is_relative_to(local_folder(data).resolve()):
        raise UsageError(
            f"{called} cannot lie below the data, which is only read.",
            where=str(path),
            remedy="Name a place outside DATA.",
        )


def write_hits(found: pl.DataFrame, path: Path) -> None:
    """Write SCREENED as .csv (lists joined by `; `, nothing that a spreadsheet would run), else as Parquet."""
    if path.suffix.lower() == ".csv":
        flat = found.with_columns(pl.col(pl.List(pl.String)).list.join("; "))
        return write_text(harmless(flat).write_csv(), path)
    return write_table(found, path, SCREENED)
