"""How severe a failed expectation is, and the reason for its bound, as every expectation here carries them.

critical: a gate, whose failure stops the night, for what would be found in such data is not worth reading. warning:
the night goes on, and someone should ask the source; where a row rule of the intake says the same, the rows are in
quarantine. info: worth knowing beside the alerts.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypedDict

import great_expectations as gx
import great_expectations.expectations as gxe
from great_expectations.expectations.metadata_types import FailureSeverity

from mirrorwatch_suites.protection import protection


class Bound(TypedDict):
    """Keyword arguments that an expectation takes for its severity and reason."""

    severity: FailureSeverity
    meta: dict[str, str]
    notes: str


# Fractions of rows that several suites share.
# One row in twenty broken is a broken feed, no longer dirt: it is also the gate on rejected rows.
MOST = 0.95
# Identifiers are written by machines; where one in a hundred is missing or repeated, the machine is wrong.
NEARLY_ALL = 0.99
# What a field is worth: below half, what hangs on it says little of anyone.
HALF = 0.5
# Longer identifiers are several glued together, or a text in the wrong column; an IBAN has at most 34 characters.
LONGEST_ID = 128


def critical(reason: str, row_rule: str = "") -> Bound:
    """Return the arguments of an expectation whose failure stops the night; `row_rule` as for a warning."""
    return _bound(FailureSeverity.CRITICAL, reason, row_rule)


def warning(reason: str, row_rule: str = "") -> Bound:
    """Return the arguments of an expectation whose failure someone should follow up.

    `row_rule` is the intake's reason code that quarantines the rows that fail it.
    """
    return _bound(FailureSeverity.WARNING, reason, row_rule)


def info(reason: str) -> Bound:
    """Return the arguments of an expectation whose failure is worth knowing."""
    return _bound(FailureSeverity.INFO, reason)


def ruled(
    expectation: Callable[..., gxe.Expectation],
    rule: str,
    asked: str,
    gate: str = "",
    *,
    most: float = MOST,
    **arguments: Any,  # noqa: ANN401 - what the expectation itself takes
) -> list[gxe.Expectation]:
    """Return one row rule of the intake as expectations: a warning when any row breaks it, and a gate on how many.

    `rule` is the reason code under which such a row is in quarantine, `asked` what becomes of it; `gate` says why
    fewer than `most` of the rows in order stop the night (empty: they don't).
    """
    rows = expectation(**arguments, **warning(asked, rule))
    return [expectation(**arguments, mostly=most, **critical(gate, rule)), rows] if gate else [rows]


def suite_of(name: str, *groups: Iterable[gxe.Expectation]) -> gx.ExpectationSuite:
    """Build a suite whose every expectation says in its meta and notes which detectors it protects."""
    expectations = [expectation for group in groups for expectation in group]
    for expectation in expectations:
        protects = protection(name, expectation.configuration.kwargs)
        meta: dict[str, str] = expectation.meta or {}
        expectation.meta = {**meta, "protects": protects}
        expectation.notes = [meta["reason"], protects, *([_quarantined(meta)] if meta.get("row_rule") else [])]
    return gx.ExpectationSuite(name=name, expectations=expectations)


def _quarantined(meta: dict[str, str]) -> str:
    return f"Such rows are in quarantine under {meta['row_rule']}."


def _bound(severity: FailureSeverity, reason: str, row_rule: str = "") -> Bound:
    meta = {"reason": reason, "row_rule": row_rule} if row_rule else {"reason": reason}
    return {"severity": severity, "meta": meta, "notes": reason}
