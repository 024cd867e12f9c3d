"""What hides a company: owners that lead to nobody, circles, and identifiers shared with another of the scheme."""

from typing import Any

import pytest
from tests.shell_town import NIGHT, Town, chain_town

from mirrorwatch.detectors.shell_company import DETECTOR
from mirrorwatch.detectors.shell_parameters import ShellParameters
from mirrorwatch.features.opacity import opaque


def hidden(links: list[tuple[str, str, str]]) -> dict[str, tuple[bool, bool]]:
    """(nowhere, circle) of each owned company; x, y and z are persons."""
    town = Town()
    for party in "ABCD":
        town.company(party)
    for party in "xyz":
        town.person(party)
    for owner, owned, role in links:
        town.own(owner, owned, role)
    night = town.night()
    return {row[0]: row[1:] for row in opaque(night.parties, night.ownership, NIGHT).iter_rows()}


@pytest.mark.parametrize(
    ("links", "found"),
    [
        ([], {}),
        ([("x", "A", "shareholder")], {"A": (False, False)}),
        ([("B", "A", "shareholder")], {"A": (True, False)}),
        ([("x", "B", "shareholder"), ("B", "A", "shareholder")], {"A": (False, False), "B": (False, False)}),
        ([("B", "A", "shareholder"), ("A", "B", "nominee")], {"A": (True, True), "B": (True, True)}),
        (
            [("B", "A", "shareholder"), ("A", "B", "shareholder"), ("x", "A", "shareholder")],
            {"A": (False, True), "B": (False, True)},
        ),
        ([("x", "A", "director")], {}),  # a director owns nothing, and nothing is known of the owner
        ([("B", "A", "agent")], {}),
        ([("x", "A", "nominee")], {"A": (True, False)}),  # holds for somebody who is not on record
        ([("x", "A", "nominee"), ("y", "A", "shareholder")], {"A": (False, False)}),
        (
            [("psc:person:7", "A", "shareholder"), ("psc:unknown:7", "B", "shareholder")],
            {"A": (False, False), "B": (True, False)},
        ),
    ],
)
def test_where_ownership_leads(links: list[tuple[str, str, str]], found: dict[str, tuple[bool, bool]]) -> None:
    assert hidden(links) == found


def shared(town: Town) -> float | None:
    """Give the value of shared_identifiers in the town's one finding; None where nothing is known."""
    (found,) = DETECTOR.detect(town.night(), ShellParameters()).collect().to_dicts()
    values: dict[str, Any] = {term["code"]: term["value"] for term in found["indicators"]}
    return values.get("shared_identifiers")


def about(town: Town, **said: str) -> Town:
    """Say the same of s1 and s2."""
    for row in town.parties:
        if row["party_id"] in {"s1", "s2"}:
            row.update(said)
    return town


def test_absence_of_identifiers_is_unknown_and_not_innocence() -> None:
    assert shared(chain_town()) is None


@pytest.mark.parametrize("kind", ["address", "phone", "email"])
def test_two_of_three_at_one_mark(kind: str) -> None:
    town = about(chain_town(), **{kind: "Suite 1, Main St."})
    town.parties[3]["address"] = "elsewhere"
    assert shared(town) == pytest.approx(2 / 3, abs=1e-4)


def test_marks_are_compared_without_case_or_punctuation() -> None:
    town = chain_town()
    town.parties[1]["address"], town.parties[2]["address"] = "12, Main Street", "12 MAIN STREET."
    assert shared(town) == 1.0


def test_a_crowded_address_counts_for_a_quarter_and_a_crowded_telephone_for_nothing() -> None:
    for kind, value in (("address", 0.25), ("phone", 0.0)):
        town = about(chain_town(), **{kind: "one"})
        for number in range(ShellParameters().crowd):
            town.company(f"other{number}")
            town.parties[-1][kind] = "one"
        assert shared(town) == value


def test_a_shared_director_counts_and_a_shared_agent_does_not() -> None:
    for role, value in (("director", 1.0), ("nominee", 1.0), ("agent", None)):
        town = chain_town()
        town.person("boss")
        for shell in ("s1", "s2"):
            town.own("boss", shell, role)
        assert shared(town) == value
