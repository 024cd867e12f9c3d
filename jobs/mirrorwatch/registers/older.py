"""Statements of BODS 0.1 to 0.3 in the words of 0.4: a statement was its own record then, a later one replaced it."""

from collections.abc import Mapping
from typing import Any

_TYPES = {"personStatement": "person", "entityStatement": "entity", "ownershipOrControlStatement": "relationship"}
_INTERESTS = {"settlorOfTrust": "settlor", "trusteeOfTrust": "trustee", "protectorOfTrust": "protector",
              "beneficiaryOfTrust": "beneficiaryOfLegalArrangement",
              "influenceOrControl": "otherInfluenceOrControl"}  # fmt: skip


def is_older(statement: Mapping[str, Any]) -> bool:
    """Tell whether a statement is written as before 0.4."""
    return "statementType" in statement


def camel(code: str) -> str:
    """Write `voting-rights`, as 0.2 did, as `votingRights`."""
    first, *rest = code.split("-")
    return first + "".join(part.capitalize() for part in rest)


def translated(statement: Mapping[str, Any], record_of: Mapping[str, str]) -> dict[str, Any]:
    """Return the statement as 0.4 has it. `record_of`: for each statement the first of those that it replaces."""
    ident = statement.get("statementID")
    kind = _TYPES.get(str(statement.get("statementType")), str(statement.get("statementType")))
    replaced = statement.get("replacesStatements")
    details = {key: value for key, value in statement.items() if key not in ("statementID", "statementType")}
    if kind == "relationship":
        details |= {
            "subject": _party(statement.get("subject"), record_of),
            "interestedParty": _party(statement.get("interestedParty"), record_of),
            "interests": [_interest(each) for each in _list(statement.get("interests"))],
            "componentRecords": statement.get("componentStatementIDs") or [],
        }
    elif kind == "entity":
        details |= {"entityType": {"type": statement.get("entityType")}}
        details["jurisdiction"] = statement.get("incorporatedInJurisdiction") or statement.get("jurisdiction")
    return {
        "statementId": ident, "recordType": kind, "recordId": record_of.get(str(ident), ident),
        "recordStatus": "updated" if replaced else "new", "statementDate": statement.get("statementDate"),
        "recordDetails": details,
    }  # fmt: skip


def records(replaces: Mapping[str, list[str]]) -> dict[str, str]:
    """For each statement the first one of its line; `replaces` gives what each replaced. A circle of them ends."""
    return {ident: _first(ident, replaces) for ident in replaces}


def _first(ident: str, replaces: Mapping[str, list[str]]) -> str:
    seen = {ident}
    while (earlier := replaces.get(ident)) and earlier[0] not in seen:
        ident = earlier[0]
        seen.add(ident)
    return ident


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _party(given: object, record_of: Mapping[str, str]) -> object:
    if not isinstance(given, Mapping):
        return given
    for key in ("describedByPersonStatement", "describedByEntityStatement"):
        if isinstance(named := given.get(key), str):
            return record_of.get(named, named)
    return given.get("unspecified") or {"reason": "unknown"}


def _interest(given: object) -> object:
    if not isinstance(given, Mapping):
        return given
    code = camel(str(given["type"])) if isinstance(given.get("type"), str) else None
    level = given.get("directOrIndirect") or given.get("interestLevel")
    return {**given, "type": _INTERESTS.get(str(code), code), "directOrIndirect": level}
