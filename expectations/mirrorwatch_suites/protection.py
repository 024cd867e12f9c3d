"""What an expectation protects, from its columns and from what each detector declares to need."""

from collections.abc import Mapping, Sequence
from typing import Any

from mirrorwatch import detectors
from mirrorwatch.contract import DATASETS
from mirrorwatch.intake.dependants import dependants, everyone_depends

_COLUMN_KEYS = ("column", "column_A", "column_B")
# Suites that don't look at one dataset as it was read: whose rows their columns are made from.
SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "transactions_accounts": ("transactions",),
    "transactions_parties": ("transactions",),
    "transactions_fx_rates": ("transactions",),
    "transactions_control_totals": ("transactions",),
    "accounts_parties": ("accounts",),
    "ownership_parties": ("ownership",),
    "trade_documents_parties": ("trade_documents",),
    "completeness": ("transactions",),
    "completeness_days": ("transactions",),
}
_READERS = "whoever reads or scripts against the published alerts and cases"


def protection(suite: str, arguments: Mapping[str, Any]) -> str:
    """Return the sentence that says what an expectation with these arguments protects."""
    if suite in {"alerts", "cases"}:
        return f"Protects {_READERS}."
    told: dict[str, list[str]] = {}
    for dataset, columns in subjects(suite, columns_of(arguments)):
        if everyone_depends(dataset, columns):
            return "Protects every detector."
        for dependant in dependants(dataset, columns, detectors.DETECTORS):
            told.setdefault(dependant.detector, []).append(dependant.indicator)
    named = [f"{detector} ({', '.join(dict.fromkeys(indicators))})" for detector, indicators in sorted(told.items())]
    return f"Protects {'; '.join(named)}." if named else "No detector draws on it; people who read the evidence do."


def columns_of(arguments: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the columns that an expectation's arguments name."""
    named = [arguments[key] for key in _COLUMN_KEYS if key in arguments]
    return tuple(named or arguments.get("column_list", ()))


def subjects(suite: str, columns: Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Return (dataset, its columns) that a suite's columns stand for; made-up columns stand for the whole dataset."""
    if suite in SUBJECTS:
        return [(dataset, ()) for dataset in SUBJECTS[suite]]
    own = next((list(dataset.schema) for dataset in DATASETS if dataset.name == suite), [])
    return [(suite, tuple(columns) if all(column in own for column in columns) else ())]
