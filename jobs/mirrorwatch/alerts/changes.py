"""What is different since an alert was last published: the accounts, transactions and amounts that came or went."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from mirrorwatch.alerts.reasons import fates

# A screenful of ids; the evidence tables of the two nights hold them all.
MOST_NAMED = 20
_SCHEMA = pl.Schema({"alert_id": pl.String(), "what_changed": pl.List(pl.String())})
_Row = dict[str, Any]


@dataclass(frozen=True)
class Published:
    """What was published of alerts before: ALERTS, EVIDENCE and EXPLANATIONS, the latest word on each alert first."""

    alerts: pl.DataFrame
    evidence: pl.DataFrame
    explanations: pl.DataFrame

    def rows(self, alert_id: str) -> dict[str, _Row]:
        """Return an alert's evidence by transaction."""
        return _by_transaction(self.evidence.filter(alert_id=alert_id))


def what_changed(
    alerts: pl.DataFrame, evidence: pl.DataFrame, before: Published, rows: pl.DataFrame, first_day: date
) -> pl.DataFrame:
    """Say what is different: alert_id, what_changed (sentences; null where nothing is, or nothing was before).

    `alerts` and `evidence` are tonight's live ones, `rows` the staged transactions of tonight's evidence and of the
    evidence before, `first_day` the first booking date that is looked at.
    """
    known = {row["alert_id"]: row for row in reversed(before.alerts.to_dicts())}
    said = dict(before.explanations.select("alert_id", "what_changed").reverse().iter_rows())
    told = []
    for row in alerts.iter_rows(named=True):
        then = known.get(row["previous_alert_id"] or row["alert_id"])
        if row["state"] == "changed":
            sentences = [*_changed(row, then, evidence, before, rows, first_day)] if then else said.get(row["alert_id"])
        else:
            sentences = [*_figures(row, then)] if row["state"] == "unchanged" and then else None
        told.append((row["alert_id"], sentences or None))
    return pl.DataFrame(told, schema=_SCHEMA, orient="row")


def _changed(
    row: _Row, then: _Row, evidence: pl.DataFrame, before: Published, rows: pl.DataFrame, first_day: date
) -> Iterator[str]:
    again = then["run_date"] == row["run_date"]
    published = "this night's earlier publication" if again else f"the night of {then['run_date']}"
    yield f"It was alert {then['alert_id'][:12]} of {published}."
    if any(row[name] != then[name] for name in ("detector_version", "parameters_hash")):
        yield "The detector, its parameters or the rules changed in between."
    yield from _accounts(row["account_ids"], then["account_ids"])
    now, old = _by_transaction(evidence.filter(alert_id=row["alert_id"])), before.rows(then["alert_id"])
    if added := [now[name] for name in sorted(now.keys() - old.keys())]:
        yield _transactions(added, "added")
    if gone := [old[name] for name in sorted(old.keys() - now.keys())]:
        yield _transactions(gone, "gone")
        ids = [each["transaction_id"] for each in gone]
        lost = before.evidence.filter(pl.col("transaction_id").is_in(ids), alert_id=then["alert_id"])
        fate = fates(lost.unique("transaction_id"), rows, first_day)  # both nights may hold the alert
        yield from _why_gone(fate.row(0, named=True), first_day)
    yield from _figures(row, then)


def _accounts(now: Sequence[str], then: Sequence[str]) -> Iterator[str]:
    for change, names in (("added", set(now) - set(then)), ("gone", set(then) - set(now))):
        if names:
            yield f"{_count(len(names), 'account')} {change}: {_listed(sorted(names))}."


def _transactions(items: Sequence[_Row], change: str) -> str:
    each = [f"{item['transaction_id']} ({item['booked_at']:%Y-%m-%d}, USD {item['amount_usd']:,})" for item in items]
    total = sum(item["amount_usd"] for item in items)
    return f"{_count(len(items), 'transaction')} {change}, USD {total:,} in all: {_listed(each)}."


def _why_gone(fate: _Row, first_day: date) -> Iterator[str]:
    left = fate["total"] - fate["before"] - fate["gone"]
    if fate["before"]:
        yield f"Of those gone, {fate['before']} left the lookback window, which begins on {first_day}."
    if fate["gone"]:
        yield f"Of those gone, {fate['gone']} can no longer be found in the data, or say something else there."
    if left:
        yield f"Of those gone, {left} can still be found in the data, outside this pattern."


def _figures(row: _Row, then: _Row) -> Iterator[str]:
    if row["amount_usd"] != then["amount_usd"]:
        yield f"The amount was USD {then['amount_usd']:,} and is USD {row['amount_usd']:,}."
    if f"{row['score']:.3f}" != f"{then['score']:.3f}":
        yield f"The score was {then['score']:.3f} and is {row['score']:.3f}."


def _by_transaction(evidence: pl.DataFrame) -> dict[str, _Row]:
    return {row["transaction_id"]: row for row in evidence.iter_rows(named=True)}


def _count(number: int, one: str) -> str:
    return f"{number:,} {one}{'' if number == 1 else 's'}"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more
