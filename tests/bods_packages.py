"""Statements of invented companies and persons, as Open Ownership's standard writes them (0.4, and 0.2)."""

import json
from pathlib import Path
from typing import Any

Statement = dict[str, Any]


def statement(kind: str, record: str, day: str = "2024-01-10", status: str = "new", **details: Any) -> Statement:  # noqa: ANN401
    return {
        "statementId": f"{record}-{day}", "recordId": record, "recordType": kind, "recordStatus": status,
        "statementDate": day, "recordDetails": {"isComponent": False, **details},
    }  # fmt: skip


def company(record: str, number: str = "", **more: Any) -> Statement:  # noqa: ANN401
    identifiers = [{"scheme": "XX-REG", "id": number}] if number else []
    kind = {"entityType": {"type": "registeredEntity"}, "name": f"{record.title()} Trading", "identifiers": identifiers}
    return statement("entity", record, **{**kind, **more})


def person(record: str, **more: Any) -> Statement:  # noqa: ANN401
    return statement("person", record, **{"personType": "knownPerson", "names": [{"fullName": record}], **more})


def relation(
    record: str, owner: Any, owned: Any, *interests: Statement, day: str = "2024-01-10", status: str = "new",  # noqa: ANN401
    **more: Any,  # noqa: ANN401
) -> Statement:  # fmt: skip
    given = {"interestedParty": owner, "subject": owned, "interests": list(interests)}
    return statement("relationship", record, day, status, **given, **more)


def interest(kind: str = "shareholding", exact: Any = None, since: str | None = None, **more: Any) -> Statement:  # noqa: ANN401
    said: Statement = {"type": kind, "directOrIndirect": "direct", **more}
    if exact is not None:
        said["share"] = {"exact": exact}
    return said | ({"startDate": since} if since else {})


def older() -> list[Statement]:
    """Give two companies' worth of 0.2: a holding of half that a later statement replaces with three quarters."""
    first: Statement = {
        "statementID": "own-1", "statementType": "ownershipOrControlStatement", "statementDate": "2020-05-01",
        "subject": {"describedByEntityStatement": "firm-1"},
        "interestedParty": {"describedByPersonStatement": "who-1"},
        "interests": [{"type": "voting-rights", "interestLevel": "direct", "share": {"exact": 50}}],
    }  # fmt: skip
    second = {**first, "statementID": "own-2", "statementDate": "2021-05-01", "replacesStatements": ["own-1"],
              "interests": [{"type": "voting-rights", "share": {"exact": 75}}]}  # fmt: skip
    return [
        {"statementID": "firm-1", "statementType": "entityStatement", "entityType": "registeredEntity", "name": "Firm",
         "identifiers": [{"scheme": "XX-REG", "id": "77"}]},
        {"statementID": "who-1", "statementType": "personStatement", "personType": "knownPerson",
         "names": [{"fullName": "Somebody"}]},
        first, second,
    ]  # fmt: skip


def write(path: Path, statements: list[Any], *, lines: bool = False) -> str:
    text = "\n".join(map(json.dumps, statements)) if lines else json.dumps(statements)
    path.write_text(text, encoding="utf-8")
    return str(path)
