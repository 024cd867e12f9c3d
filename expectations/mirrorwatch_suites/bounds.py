"""How severe a failed expectation is, and the reason for its bound, as every expectation here carries them.

critical: the night stops, for what would be found in such data is not worth reading. warning: the night goes on, and
someone should ask the source. info: worth knowing beside the alerts.
"""

from typing import TypedDict

from great_expectations.expectations.metadata_types import FailureSeverity


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


def critical(reason: str) -> Bound:
    """Return the arguments of an expectation whose failure stops the night."""
    return _bound(FailureSeverity.CRITICAL, reason)


def warning(reason: str) -> Bound:
    """Return the arguments of an expectation whose failure someone should follow up."""
    return _bound(FailureSeverity.WARNING, reason)


def info(reason: str) -> Bound:
    """Return the arguments of an expectation whose failure is worth knowing."""
    return _bound(FailureSeverity.INFO, reason)


def _bound(severity: FailureSeverity, reason: str) -> Bound:
    return {"severity": severity, "meta": {"reason": reason}, "notes": reason}
