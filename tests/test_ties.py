"""Who belongs together: groups by ownership, and what a licence covers."""

from datetime import date
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mirrorwatch import contract
from mirrorwatch.features.ties import MOST_SEATS, ties

NIGHT = date(2026, 3, 31)


def frame(dataset: contract.Dataset, rows: list[dict[str, Any]]) -> pl.LazyFrame:
    return pl.DataFrame(rows, schema=dataset.schema).lazy()


def tie(
    links: list[dict[str, Any]],
    organisations: str = "ABCDE",
    people: str = "xyz",
    licences: dict[str, str] | None = None,
) -> dict[str, dict[str, Any]]:
    """Ties of one account a party (account id = party id in lower case with a dot), keyed by party."""
    parties = [
        {"party_id": name, "party_type": kind, "name": name, "country": "US", "licence": (licences or {}).get(name)}
        for names, kind in ((organisations, "organisation"), (people, "person"))
        for name in names
    ]
    accounts = [
        {
            "account_id": f"acc.{row['party_id']}",
            "party_id": row["party_id"],
            "institution_id": "BANKUS33",
            "country": "US",
            "currency": "USD",
            "account_type": "business",
            "opened_on": date(2020, 1, 1),
        }
        for row in parties
    ]
    result = ties(
        frame(contract.ACCOUNTS, accounts), frame(contract.PARTIES, parties), frame(contract.OWNERSHIP, links), NIGHT
    )
    return {row["party_id"]: row for row in result.collect().to_dicts()}


def link(owner: str, owned: str, role: str = "shareholder", **more: object) -> dict[str, Any]:
    return {"owner_party_id": owner, "owned_party_id": owned, "role": role, **more}


def group(links: list[dict[str, Any]]) -> dict[str, str]:
    return {party: row["group_id"] for party, row in tie(links).items()}


def test_without_ownership_everybody_stands_alone() -> None:
    assert group([]) == {party: party for party in "ABCDExyz"}


def test_one_owner_of_two_makes_one_group_named_by_its_smallest_member() -> None:
    found = group([link("x", "C"), link("x", "B")])
    assert found["B"] == found["C"] == found["x"] == "B"
    assert found["A"] == "A"


@pytest.mark.parametrize(("share", "merged"), [(None, True), (1.0, True), (0.25, True), (0.2499, False), (0.0, False)])
def test_a_quarter_of_the_shares_is_control(share: float | None, *, merged: bool) -> None:
    assert (group([link("x", "A", share=share)])["x"] == "A") is merged


@pytest.mark.parametrize(
    ("role", "merged"), [("director", True), ("nominee", True), ("shareholder", True), ("agent", False)]
)
def test_every_seat_merges_but_the_agent(role: str, *, merged: bool) -> None:
    assert (group([link("x", "A", role), link("x", "B", role)])["B"] == "A") is merged


@pytest.mark.parametrize(
    ("since", "until", "merged"),
    [
        (None, None, True),
        (NIGHT, None, True),
        (date(2026, 4, 1), None, False),
        (None, NIGHT, True),
        (None, date(2026, 3, 30), False),
    ],
)
def test_only_ownership_on_the_night_counts(since: date | None, until: date | None, *, merged: bool) -> None:
    assert (group([link("x", "A", since=since, until=until)])["x"] == "A") is merged


@pytest.mark.parametrize(("extra", "merged"), [(0, True), (1, False)])
def test_a_professional_director_does_not_fuse_strangers(extra: int, *, merged: bool) -> None:
    organisations = "".join(chr(0x4E00 + number) for number in range(MOST_SEATS + extra))
    rows = tie([link("x", name, "director") for name in organisations], organisations)
    assert (len({rows[name]["group_id"] for name in organisations}) == 1) is merged


def test_a_holding_of_many_subsidiaries_is_one_group() -> None:
    organisations = "A" + "".join(chr(0x4E00 + number) for number in range(3 * MOST_SEATS))
    rows = tie([link("A", name) for name in organisations[1:]], organisations)
    assert {rows[name]["group_id"] for name in organisations} == {"A"}


def test_owning_oneself_is_no_tie() -> None:
    assert group([link("A", "A")])["A"] == "A"


def test_a_ring_of_owners_is_one_group() -> None:
    found = group([link("A", "B"), link("B", "C"), link("C", "A")])
    assert {found[party] for party in "ABC"} == {"A"}


@pytest.mark.parametrize(
    "links",
    [
        [link("B", "A", "agent")],
        [link("A", "B", "agent")],
        [link("E", "A"), link("E", "B")],
        [link("B", "A", share=0.6)],
    ],
)
def test_a_licence_covers_the_corporate_group_and_agents(links: list[dict[str, Any]]) -> None:
    found = tie(links, licences={"B": "msb"})
    assert found["A"]["licensed"]
    assert found["B"]["licensed"]
    assert not found["C"]["licensed"]


@pytest.mark.parametrize("role", ["director", "nominee", "shareholder"])
def test_a_person_in_two_companies_does_not_carry_a_licence_over(role: str) -> None:
    found = tie([link("x", "A", role), link("x", "B", role)], licences={"B": "msb"})
    assert found["A"]["group_id"] == found["B"]["group_id"]
    assert not found["A"]["licensed"]


def test_an_account_of_an_unknown_party_keeps_its_row() -> None:
    account = {
        "account_id": "acc", "party_id": "ghost", "institution_id": "BANKUS33", "country": "US", "currency": "USD",
        "account_type": "personal", "opened_on": NIGHT,
    }  # fmt: skip
    parties, ownership = frame(contract.PARTIES, []), frame(contract.OWNERSHIP, [])
    row = ties(frame(contract.ACCOUNTS, [account]), parties, ownership, NIGHT).collect().to_dicts()[0]
    assert (row["group_id"], row["party_type"], row["licensed"]) == ("ghost", None, False)


def test_empty_input_gives_an_empty_frame_with_every_column() -> None:
    accounts, parties, ownership = (
        frame(dataset, []) for dataset in (contract.ACCOUNTS, contract.PARTIES, contract.OWNERSHIP)
    )
    result = ties(accounts, parties, ownership, NIGHT).collect()
    assert result.height == 0
    assert result.columns == [
        "account_id", "party_id", "group_id", "licensed", "account_type", "country", "currency", "party_type",
        "opened_on", "turnover_usd",
    ]  # fmt: skip


@settings(max_examples=25)
@given(st.lists(st.tuples(st.sampled_from("ABCDExyz"), st.sampled_from("ABCDE")), max_size=12), st.randoms())
def test_order_of_ownership_rows_is_of_no_matter(pairs: list[tuple[str, str]], random: Random) -> None:
    links = [link(owner, owned) for owner, owned in dict.fromkeys(pairs)]
    shuffled = list(links)
    random.shuffle(shuffled)
    assert group(links) == group(shuffled)
