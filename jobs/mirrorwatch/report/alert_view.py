"""One alert as the page shows it: a line in the ranked list, and a section with who, what, when, how much and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import polars as pl

from mirrorwatch.report.drawing import LaneDrawing, PathDrawing, draw
from mirrorwatch.report.indicators import Indicator, read_indicators
from mirrorwatch.report.inputs import DetectorNote, ReportInputs
from mirrorwatch.report.people import Directory, Party
from mirrorwatch.report.wording import chance_sentence, days, odds, sentence

_ANCHOR_LENGTH = 16  # of 64 hexadecimal digits: no two alerts of one night share so many
_ROLE_ORDER = {"collection": 0, "in": 0, "hop": 1, "payout": 2, "out": 2}  # within one group of the evidence
_SEARCHED_IDS = 40  # accounts of one alert that the page's text filter finds; the CSV holds them all


@dataclass(frozen=True)
class Line:
    """One alert in the ranked list."""

    rank: int
    anchor: str
    alert_id: str
    state: str
    typology: str
    title: str
    subject: str
    subject_id: str
    countries: str
    accounts: int
    payments: int
    amount: Decimal
    score: float
    chance: float | None
    odds: str
    first: datetime
    last: datetime
    search: str
    detailed: bool


@dataclass(frozen=True)
class Detail:
    """One alert in full. `evidence` holds the rows that the page shows, `evidence_total` how many there are."""

    line: Line
    note: DetectorNote
    case_id: str
    siblings: tuple[Line, ...]
    previous_alert_id: str
    what_changed: tuple[str, ...]
    when: str
    chance: str
    narrative: str
    where: str
    parties: tuple[Party, ...]
    indicators: tuple[Indicator, ...]
    drawing: LaneDrawing | PathDrawing | None
    would_not_fire_if: tuple[str, ...]
    next_steps: tuple[str, ...]
    evidence: tuple[dict[str, Any], ...]
    evidence_total: int
    detector_version: str
    parameters_hash: str


def read_lines(inputs: ReportInputs, directory: Directory) -> tuple[Line, ...]:
    """Read every alert as a line, by rank."""
    notes = {note.typology: note for note in inputs.detectors}
    ordered = inputs.alerts.sort("rank", "alert_id").drop("indicators", "narrative")
    return tuple(
        _line(row, notes, directory, detailed=place < inputs.limits.details)
        for place, row in enumerate(ordered.iter_rows(named=True))
    )


def _line(row: dict[str, Any], notes: dict[str, DetectorNote], directory: Directory, *, detailed: bool) -> Line:
    accounts, parties = row["account_ids"] or [], row["party_ids"] or []
    subject = row["subject_party_id"] or (parties[0] if parties else "")
    countries = sorted({directory.account(account).country for account in accounts} - {""})
    names = [directory.party(party).name for party in parties[:_SEARCHED_IDS]]
    note = notes.get(row["typology"]) or DetectorNote(row["typology"], sentence(row["typology"]))
    return Line(
        rank=row["rank"],
        anchor=f"alert-{row['alert_id'][:_ANCHOR_LENGTH]}",
        alert_id=row["alert_id"],
        state=row["state"],
        typology=row["typology"],
        title=note.title,
        subject=directory.party(subject).short_label if subject else "No subject named",
        subject_id=subject,
        countries=" ".join(countries),
        accounts=len(accounts),
        payments=len(row["transaction_ids"] or []),
        amount=row["amount_usd"] or Decimal(0),
        score=row["score"] or 0.0,
        chance=row["chance_probability"],
        odds=odds(row["chance_probability"], note.least_chance),
        first=row["first_booked_at"],
        last=row["last_booked_at"],
        search=" ".join([row["alert_id"], *accounts[:_SEARCHED_IDS], *parties[:_SEARCHED_IDS], *names]),
        detailed=detailed,
    )


def read_details(inputs: ReportInputs, lines: Sequence[Line], directory: Directory) -> tuple[Detail, ...]:
    """Read the alerts that the page shows in full, by rank."""
    top = inputs.alerts.sort("rank", "alert_id").head(inputs.limits.details)
    wanted = top.select("alert_id")
    evidence = inputs.evidence.join(wanted, on="alert_id", how="semi").partition_by("alert_id", as_dict=True)
    explanations = {
        row["alert_id"]: row
        for row in inputs.explanations.join(wanted, on="alert_id", how="semi").iter_rows(named=True)
    }
    cases = inputs.cases.sort("case_id").select("case_id", "alert_ids").explode("alert_ids")
    case_of = {alert_id: case_id for case_id, alert_id in cases.iter_rows()}
    siblings: dict[str, list[Line]] = {}
    for line in lines:
        siblings.setdefault(case_of.get(line.alert_id, ""), []).append(line)
    notes = {note.typology: note for note in inputs.detectors}
    empty = inputs.evidence.clear()
    return tuple(
        _detail(
            row,
            line,
            notes.get(line.typology, DetectorNote(line.typology, line.title)),
            case_of.get(line.alert_id, ""),
            siblings,
            evidence.get((line.alert_id,), empty),
            explanations.get(line.alert_id, {}),
            directory,
            inputs.limits.evidence_rows,
        )
        for line, row in zip(lines, top.iter_rows(named=True), strict=False)
    )


def _where(directory: Directory, accounts: list[str]) -> str:
    known = [directory.account(account) for account in accounts]
    places: dict[str, set[str]] = {}
    for account in known:
        if account.country:
            places.setdefault(account.country, set()).add(account.institution_id)
    return "; ".join(f"{country} at {', '.join(sorted(places[country]))}" for country in sorted(places))


def _detail(
    row: dict[str, Any],
    line: Line,
    note: DetectorNote,
    case_id: str,
    siblings: dict[str, list[Line]],
    evidence: pl.DataFrame,
    explanation: dict[str, Any],
    directory: Directory,
    most_rows: int,
) -> Detail:
    accounts, parties = row["account_ids"] or [], row["party_ids"] or []
    place = pl.col("role").replace_strict(_ROLE_ORDER, default=1, return_dtype=pl.Int64)
    ordered = evidence.sort("group_no", place, "step_no", "booked_at", "transaction_id", nulls_last=True)
    listed = frozenset(parties)
    return Detail(
        line=line,
        note=note,
        case_id=case_id,
        siblings=tuple(each for each in siblings.get(case_id, ()) if case_id and each is not line),
        previous_alert_id=row["previous_alert_id"] or "",
        what_changed=tuple(explanation.get("what_changed") or ()),
        when=days(line.first.date(), line.last.date()),
        chance=chance_sentence(line.chance, note.least_chance, note.rests_on),
        narrative=directory.with_names(row["narrative"] or "", listed),
        where=_where(directory, accounts),
        parties=directory.members(parties, accounts, row["subject_party_id"]),
        indicators=read_indicators(row["indicators"]),
        drawing=draw(evidence, frozenset(accounts), directory),
        would_not_fire_if=tuple(
            directory.with_names(text, listed) for text in explanation.get("would_not_fire_if") or ()
        ),
        next_steps=tuple(directory.with_names(text, listed) for text in explanation.get("next_steps") or ()),
        evidence=tuple(ordered.head(most_rows).iter_rows(named=True)),
        evidence_total=evidence.height,
        detector_version=row["detector_version"] or "",
        parameters_hash=row["parameters_hash"] or "",
    )
