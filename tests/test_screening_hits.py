"""Screening: the list of the day, aliases, remittance text, what else agrees, and dismissed pairs."""

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from mirrorwatch.contract import PARTIES, TRANSACTIONS, WATCHLIST
from mirrorwatch.screening import DISMISSALS, HITS, counted, names_hash, screen

DAY = date(2026, 3, 31)
ENTRY: dict[str, Any] = {
    "entry_id": "L:1", "list_name": "L", "name": "QUIBBLEFORD, Orlandus Maxim", "aliases": ["Brannock Tessivar"],
    "entity_type": "person", "country": "MX", "programme": "SDNTK", "listed_on": date(2020, 1, 1), "delisted_on": None,
}  # fmt: skip
FIRM = ENTRY | {
    "entry_id": "L:2", "name": "Golden Vexatron Petrochemical Trading LLC", "aliases": None, "country": "AE",
    "entity_type": "organisation",
}  # fmt: skip
PARTY: dict[str, Any] = {
    "party_id": "P1", "party_type": "person", "name": "Orlandus Maxim Quibbleford", "country": "MX",
    "born_or_incorporated_on": date(1970, 5, 1),
}  # fmt: skip


def parties(*rows: dict[str, Any]) -> pl.LazyFrame:
    return pl.LazyFrame(list(rows), schema=PARTIES.schema)


def watchlist(*rows: dict[str, Any]) -> pl.LazyFrame:
    return pl.LazyFrame(list(rows), schema=WATCHLIST.schema)


def paid(**purposes: str | None) -> pl.LazyFrame:
    rows = [
        {
            "transaction_id": key, "purpose": purpose, "booked_at": datetime(2026, 3, 30, tzinfo=UTC),
            "originator_account_id": "A1", "beneficiary_account_id": f"B-{key}",
        }
        for key, purpose in purposes.items()
    ]  # fmt: skip
    return pl.LazyFrame(rows, schema=TRANSACTIONS.schema)


def hits(*asked: dict[str, Any], entries: tuple[dict[str, Any], ...] = (ENTRY, FIRM), **more: Any) -> pl.DataFrame:  # noqa: ANN401
    purposes = more.pop("purposes", {})
    return screen(parties(*asked), paid(**purposes), watchlist(*entries), DAY, **more).collect()


def dismissal(**changed: Any) -> pl.LazyFrame:  # noqa: ANN401
    row = {
        "party_id": "P1", "entry_id": "L:1", "reason": "passport seen", "dismissed_by": "j.doe",
        "dismissed_on": date(2026, 1, 5), "until": None, "party_hash": names_hash([PARTY["name"]]),
        "entry_hash": names_hash([ENTRY["name"], *ENTRY["aliases"]]),
    }  # fmt: skip
    return pl.LazyFrame([row | changed], schema=DISMISSALS)


def test_a_party_is_hit_by_main_name_and_told_why() -> None:
    hit = hits(PARTY).row(0, named=True)
    assert (hit["side"], hit["party_id"], hit["entry_id"], hit["matched_as"]) == ("party", "P1", "L:1", "main")
    assert hit["reason"].startswith("found: quibbleford (")
    assert hit["state"] == "open"


def test_an_alias_hits_and_the_best_name_of_an_entry_is_told_once() -> None:
    found = hits(PARTY | {"name": "Tessivar Brannock"})
    assert found.select("entry_id", "matched_name", "matched_as").rows() == [("L:1", "Brannock Tessivar", "alias")]


@pytest.mark.parametrize(
    ("change", "number"),
    [
        pytest.param({"listed_on": date(2026, 4, 1)}, 0, id="listed the day after"),
        pytest.param({"listed_on": DAY}, 1, id="listed that day"),
        pytest.param({"listed_on": None}, 1, id="nobody says since when"),
        pytest.param({"delisted_on": DAY}, 0, id="delisted that day"),
        pytest.param({"delisted_on": date(2026, 4, 1)}, 1, id="delisted the day after"),
    ],
)
def test_the_list_is_that_of_the_day(change: dict[str, Any], number: int) -> None:
    assert len(hits(PARTY, entries=(ENTRY | change,))) == number


def test_a_country_or_birth_date_is_shown_beside_and_moves_no_score() -> None:
    row = {"entry_id": "L:1", "kind": "birth_date", "earliest": date(1970, 1, 1), "latest": date(1970, 12, 31)}
    same = hits(PARTY, details=pl.LazyFrame([row]))
    other = hits(PARTY | {"country": "FR", "born_or_incorporated_on": date(1999, 1, 1)}, details=pl.LazyFrame([row]))
    unknown = hits(PARTY | {"born_or_incorporated_on": None})
    assert same.select("agrees", "differs").row(0) == (["birth_date", "country"], [])
    assert other.select("agrees", "differs").row(0) == ([], ["birth_date", "country"])
    assert unknown.select("agrees", "differs").row(0) == (["country"], [])
    assert same["score"].item() == other["score"].item() == unknown["score"].item()


def test_text_that_names_an_entry_is_a_hit_with_its_transactions_and_accounts() -> None:
    found = hits(
        purposes={
            "T1": "INV 4432/golden vexatron petrochemical trading, PO 7",
            "T2": "payment for petrochemical trading",
            "T3": "golden vexatron petrochemical trading",
            "T4": None,
        }
    )
    hit = found.row(0, named=True)
    assert len(found) == 1
    assert (hit["side"], hit["entry_id"], hit["party_id"]) == ("remittance_text", "L:2", None)
    assert hit["transaction_ids"] == ["T1", "T3"]
    assert hit["account_ids"] == ["A1", "B-T1", "B-T3"]


def test_a_colour_hides_no_name_in_text() -> None:
    found = hits(purposes={"T1": "rent \x1b[31mOrlandus\x1b[0m Maxim \u009b1mQuibbleford\u009b0m"})
    assert found.select("entry_id", "transaction_ids").rows() == [("L:1", ["T1"])]


NUMBERED_FIRM = FIRM | {"entry_id": "L:3", "name": "Kestonbarra Buildworth (106) Co., Ltd."}


@pytest.mark.parametrize(
    ("purpose", "found"),
    [
        pytest.param("inv 77 KESTONBARRA BUILDWORTH 106 CO LTD", 1, id="as listed"),
        pytest.param("KESTONBARRA BUILDWORTH No.106 CO LTD", 0, id="another word with digits"),
        pytest.param("KESTONBARRA BUILDWORTH 107 CO LTD", 0, id="another number"),
        pytest.param("KESTONBARRA 106 77 BUILDWORTH", 0, id="parted by a reference"),
    ],
)
def test_text_names_an_entry_whose_name_holds_a_number(purpose: str, found: int) -> None:
    assert len(hits(purposes={"T1": purpose}, entries=(NUMBERED_FIRM,))) == found


@pytest.mark.parametrize(
    "purpose", ["Orlandus, dinner", "trading petrochemical llc", "golden wedding trip", "Maxim 12 Quibbleford"]
)
def test_text_with_a_part_of_a_name_is_no_hit(purpose: str) -> None:
    assert hits(purposes={"T1": purpose}).is_empty()


@pytest.mark.parametrize(
    ("change", "state", "reason"),
    [
        pytest.param({}, "dismissed", "passport seen", id="holds"),
        pytest.param({"until": DAY}, "dismissed", "passport seen", id="its last day"),
        pytest.param({"until": date(2026, 3, 30)}, "reopened", "the dismissal ended on 2026-03-30", id="over"),
        pytest.param({"dismissed_on": date(2026, 4, 1)}, "open", None, id="made later"),
        pytest.param({"party_id": "P2"}, "open", None, id="of another party"),
        pytest.param(
            {"party_hash": names_hash(["Old Name"])},
            "reopened",
            "the party's name has changed since it was dismissed",
            id="the party is called otherwise",
        ),
        pytest.param(
            {"entry_hash": names_hash([ENTRY["name"]])},
            "reopened",
            "the entry's names have changed since it was dismissed",
            id="the entry has a new alias",
        ),
    ],
)
def test_a_dismissal_is_told_and_never_removes_a_hit(change: dict[str, Any], state: str, reason: str | None) -> None:
    found = hits(PARTY, dismissals=dismissal(**change))
    assert found.select("state", "state_reason").rows() == [(state, reason)]
    assert counted(found.lazy()).collect().rows() == [("party", state, 1)]


def test_the_last_of_two_dismissals_counts() -> None:
    later = dismissal(reason="seen again", dismissed_on=date(2026, 2, 1))
    found = hits(PARTY, dismissals=pl.concat([later, dismissal()]))
    assert found["state_reason"].to_list() == ["seen again"]


@pytest.mark.parametrize("reasons", [("bb", "aa"), ("aa", "bb")])
def test_of_two_dismissals_on_one_day_the_lower_row_counts(reasons: tuple[str, str]) -> None:
    both = pl.concat([dismissal(reason=reason) for reason in reasons])
    assert hits(PARTY, dismissals=both)["state_reason"].to_list() == [reasons[1]]


def test_nobody_screened_or_listed_gives_the_empty_frame_of_hits() -> None:
    for found in (hits(), hits(PARTY, entries=()), hits(entries=(), purposes={"T1": "x"})):
        assert found.schema == HITS
        assert found.is_empty()
    assert hits(PARTY).schema == HITS


def test_a_party_without_a_name_is_passed_over() -> None:
    assert hits(PARTY | {"name": None}).is_empty()
