"""What a BODS 0.4 statement says, read strictly: a bad one is refused by itself, with its reason.

Source: Open Ownership, Beneficial Ownership Data Standard 0.4 (standard.openownership.org).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from mirrorwatch.registers.reading import Raw

STATUSES = ("new", "updated", "closed")
# Nobody is hidden where nobody has to be named: shares traded in public, a register's own exemption, a child.
EXEMPT = frozenset(
    {
        "noBeneficialOwners",
        "noNotifiableOwners",
        "subjectExemptFromDisclosure",
        "interestedPartyExemptFromDisclosure",
    }
)
_LONGEST = 400  # characters of an id or name; longer ones are no ids


class BadStatementError(ValueError):
    """A statement that cannot be used, and why."""


@dataclass(frozen=True)
class Said:
    """What all statements have. `order` is the place in the delivery, which settles what the day does not."""

    statement_id: str
    record_id: str
    status: str
    day: date | None
    order: int
    raw: Raw


@dataclass(frozen=True)
class Somebody:
    """A person or entity that a statement describes."""

    said: Said
    kind: str
    type: str | None
    name: str | None
    country: str | None
    identifiers: tuple[str, ...]
    listed: bool
    reason: str | None


@dataclass(frozen=True)
class Interest:
    """One interest; shares as fractions of one, `least` and `most` the same where the share is exact."""

    type: str | None
    directness: str | None
    least: float | None
    most: float | None
    since: date | None
    until: date | None


@dataclass(frozen=True)
class Relation:
    """Who has which interests in whom. `owner` is None where nobody is named, for `reason`."""

    said: Said
    owned: str
    owner: str | None
    reason: str | None
    interests: tuple[Interest, ...]
    components: bool


def read(raw: Raw, order: int) -> Somebody | Relation:
    """Read one statement. Raises BadStatementError."""
    statement = _object(raw.value, "the statement")
    kind, details = statement.get("recordType"), _object(statement.get("recordDetails"), "recordDetails")
    said = _said(statement, raw, order)
    if kind == "relationship":
        return _relation(said, details)
    if kind not in ("person", "entity"):
        raise BadStatementError("recordType is none of person, entity, relationship")
    return _person(said, details) if kind == "person" else _entity(said, details)


def _said(statement: Mapping[str, Any], raw: Raw, order: int) -> Said:
    status = statement.get("recordStatus", "new")
    if status not in STATUSES:
        raise BadStatementError("recordStatus is none of new, updated, closed")
    ident, record = (_ident(statement.get(name), name) for name in ("statementId", "recordId"))
    return Said(ident, record, status, _day(statement.get("statementDate"), "statementDate"), order, raw)


def _person(said: Said, details: Mapping[str, Any]) -> Somebody:
    kind = _text(details.get("personType"), "personType")
    names = [each for each in _list(details.get("names"), "names") if isinstance(each, Mapping)]
    legal = next((each for each in names if each.get("type") in ("legal", "individual")), names[0] if names else {})
    unnamed = _object(details.get("unspecifiedPersonDetails") or {}, "unspecifiedPersonDetails")
    unknown = kind in ("unknownPerson", "anonymousPerson") and unnamed.get("reason") not in EXEMPT
    return Somebody(said, "unknown" if unknown else "person", kind, _text(legal.get("fullName"), "fullName"), None,
                    _identifiers(details), listed=False, reason=_text(unnamed.get("reason"), "reason"))  # fmt: skip


def _entity(said: Said, details: Mapping[str, Any]) -> Somebody:
    kind = _text(_object(details.get("entityType") or {}, "entityType").get("type"), "entityType")
    unnamed = _object(details.get("unspecifiedEntityDetails") or {}, "unspecifiedEntityDetails")
    unknown = kind in ("unknownEntity", "anonymousEntity") and unnamed.get("reason") not in EXEMPT
    listing = _object(details.get("publicListing") or {}, "publicListing")
    return Somebody(said, "unknown" if unknown else "entity", kind, _text(details.get("name"), "name"),
                    _code(details.get("jurisdiction")), _identifiers(details),
                    listed=listing.get("hasPublicListing") is True,
                    reason=_text(unnamed.get("reason"), "reason"))  # fmt: skip


def _relation(said: Said, details: Mapping[str, Any]) -> Relation:
    owned, given = details.get("subject"), details.get("interestedParty")
    if not isinstance(owned, str):
        raise BadStatementError("the subject is nobody in particular")
    reason = None if isinstance(given, str) else _text(_object(given, "interestedParty").get("reason"), "reason")
    interests = tuple(_interest(each) for each in _list(details.get("interests"), "interests"))
    parts = details.get("componentRecords") or details.get("componentStatementIDs")
    owner = _ident(given, "interestedParty") if isinstance(given, str) else None
    return Relation(said, _ident(owned, "subject"), owner, reason or (None if owner else "unknown"), interests,
                    components=bool(parts))  # fmt: skip


def _interest(given: object) -> Interest:
    interest = _object(given, "an interest")
    share = _object(interest.get("share") or {}, "share")
    exact = _part(share.get("exact"))
    least = [_part(share.get(name)) for name in ("minimum", "exclusiveMinimum")]
    most = [_part(share.get(name)) for name in ("maximum", "exclusiveMaximum")]
    since, until = (_day(interest.get(name), name) for name in ("startDate", "endDate"))
    if since and until and until < since:
        raise BadStatementError("endDate is before startDate")
    low = exact if exact is not None else max((each for each in least if each is not None), default=None)
    high = exact if exact is not None else min((each for each in most if each is not None), default=None)
    if low is not None and high is not None and high < low:
        raise BadStatementError("the largest share is below the least")
    return Interest(_text(interest.get("type"), "type"), _text(interest.get("directOrIndirect"), "directOrIndirect"),
                    low, high, since, until)  # fmt: skip


def _part(given: object) -> float | None:
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
        raise BadStatementError("a share is no number")
    if not 0 <= given <= 100:  # noqa: PLR2004 : per cent
        raise BadStatementError("a share is not between 0 and 100")
    return round(given / 100, 9)


def _day(given: object, name: str) -> date | None:
    if given is None:
        return None
    text = given[:10] if isinstance(given, str) else ""
    try:
        return date.fromisoformat({4: f"{text}-01-01", 7: f"{text}-01"}.get(len(text), text))
    except ValueError:
        raise BadStatementError(f"{name} is no date") from None


def _ident(given: object, name: str) -> str:
    if not isinstance(given, str) or not given.strip() or len(given) > _LONGEST or not given.isprintable():
        raise BadStatementError(f"{name} is missing or no id")
    return given.strip()


def _text(given: object, name: str) -> str | None:
    if given is None:
        return None
    if not isinstance(given, str):
        raise BadStatementError(f"{name} is no text")
    return given.encode("utf-8", "replace").decode()[:_LONGEST]


def _object(given: object, name: str) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise BadStatementError(f"{name} is missing or no object")
    return given


def _list(given: object, name: str) -> list[Any]:
    if given is not None and not isinstance(given, list):
        raise BadStatementError(f"{name} is no list")
    return given or []


def _code(given: object) -> str | None:
    code = given.get("code") if isinstance(given, Mapping) else None
    return code[:2].upper() if isinstance(code, str) and code[:2].isascii() and code[:2].isalpha() else None


def _identifiers(details: Mapping[str, Any]) -> tuple[str, ...]:
    given = [each for each in _list(details.get("identifiers"), "identifiers") if isinstance(each, Mapping)]
    pairs = [(each.get("scheme"), each.get("id")) for each in given]
    known = {f"{scheme}-{ident}" for scheme, ident in pairs if isinstance(scheme, str) and isinstance(ident, str)}
    return tuple(sorted(each for each in known if each.isprintable() and len(each) <= _LONGEST))
