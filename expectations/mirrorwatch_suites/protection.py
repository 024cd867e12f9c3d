"""What an expectation protects, from its columns and from what each detector declares to need."""

from collections.abc import Mapping, Sequence
from typing import Any

from mirrorwatch import detectors
from mirrorwatch.contract import DATASETS
from mirrorwatch.intake.dependants import dependants, everyone_depends

_COLUMN_KEYS = ("column", "column_A", "column_B")
# Suites that don't look at one dataset as it was read: whose rows theirs are made from, and which column of it each of
# theirs stands for; the others stand for the rows themselves.
_SOURCES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "transactions_accounts": (
        "accounts",
        {"account_on_file": "account_id", "opened_on": "opened_on", "closed_on": "closed_on"},
    ),
    "transactions_parties": ("transactions", {"party_on_file": "conductor_party_id"}),
    "transactions_fx_rates": ("transactions", {}),
    "transactions_control_totals": ("transactions", {}),
    "accounts_parties": ("accounts", {"party_on_file": "party_id"}),
    "ownership_parties": (
        "ownership",
        {"share_sum": "share", "owned_on_file": "owned_party_id", "owners": "owner_party_id"},
    ),
    "trade_documents_parties": (
        "trade_documents",
        {"exporter_on_file": "exporter_party_id", "importer_on_file": "importer_party_id"},
    ),
    "completeness": ("transactions", {}),
    "completeness_days": ("transactions", {}),
}
_READERS = "whoever reads or scripts against the published alerts and cases"


def protection(suite: str, arguments: Mapping[str, Any]) -> str:
    """Return the sentence that says what an expectation with these arguments protects."""
    if suite in {"alerts", "cases"}:
        return f"Protects {_READERS}."
    dataset, columns = source_of(suite, columns_of(arguments))
    if everyone_depends(dataset, columns):
        return "Protects every detector."
    told: dict[str, list[str]] = {}
    for one in dependants(dataset, columns, detectors.DETECTORS):
        told.setdefault(one.detector, []).append(one.indicator)
    named = [f"{detector} ({', '.join(dict.fromkeys(indicators))})" for detector, indicators in sorted(told.items())]
    return f"Protects {'; '.join(named)}." if named else "No detector draws on it; people who read the evidence do."


def columns_of(arguments: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the columns that an expectation's arguments name."""
    named = [arguments[key] for key in _COLUMN_KEYS if key in arguments]
    return tuple(named or arguments.get("column_list", ()))


def source_of(suite: str, columns: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Return the dataset and those of its columns that a suite's columns stand for; none stands for the rows."""
    if suite in _SOURCES:
        dataset, named = _SOURCES[suite]
        return dataset, tuple(named[column] for column in columns if column in named)
    own = next((list(dataset.schema) for dataset in DATASETS if dataset.name == suite), [])
    return suite, tuple(columns) if all(column in own for column in columns) else ()
