"""Registers of owners: what a BODS file says becomes owners of a day, and what is wrong in it is told by name."""

import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.bods_packages import Statement, company, interest, older, person, relation, write

from mirrorwatch.cli import main
from mirrorwatch.contract import OWNERSHIP
from mirrorwatch.errors import InputError, UsageError
from mirrorwatch.features.ties import current_ownership
from mirrorwatch.registers.importing import Import, run

EXAMPLES = Path(__file__).parents[2] / "shared" / "data" / "bods"


def imported(folder: Path, statements: list[Any], **asked: Any) -> tuple[dict[str, Any], pl.DataFrame]:  # noqa: ANN401
    told = run(Import(str(folder / "data"), [write(folder / "register.json", statements)], **asked))
    return told, pl.read_parquet(folder / "data" / "ownership" / "*.parquet")


def table(folder: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(folder / "data" / f"register_{name}" / "*.parquet")


def owners(rows: pl.DataFrame, day: date) -> set[tuple[str, str, float | None]]:
    held = current_ownership(rows.lazy(), day).collect()
    return {(row[0].split(":")[-1], row[2], row[3]) for row in held.iter_rows()}


def package(*relations: Statement) -> list[Statement]:
    return [company("acme", "123"), company("holding"), person("ann"), person("ben"), *relations]


def test_a_chain_becomes_rows_of_the_contract(tmp_path: Path) -> None:
    told, rows = imported(
        tmp_path,
        package(
            relation("r1", "ann", "holding", interest(exact=100)), relation("r2", "holding", "acme", interest(exact=60))
        ),
    )
    assert rows.schema == OWNERSHIP.schema
    assert rows.select("owner_party_id", "owned_party_id", "share").rows() == [
        ("bods:entity:holding", "bods:entity:acme", 0.6), ("bods:person:ann", "bods:entity:holding", 1.0),
    ]  # fmt: skip
    assert told["statements"] == {
        "entity": 2, "kept": 6, "person": 2, "read": 6, "relationship": 2, "skipped": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "role", "share"),
    [
        (interest(exact=40), "shareholder", 0.4),
        (interest(share={"minimum": 25, "exclusiveMaximum": 50}), "shareholder", 0.25),
        (interest(share={"maximum": 10}), "shareholder", None),
        (interest("votingRights", 30), "shareholder", 0.3),
        (interest("appointmentOfBoard"), "director", None),
        (interest("boardChair", 30), "director", None),
        (interest("nominee"), "nominee", None),
        (interest("nominator"), "shareholder", None),
        (interest("trustee"), "director", None),
        (interest("beneficiaryOfLegalArrangement"), "shareholder", None),
        ({"directOrIndirect": "unknown"}, "shareholder", None),
    ],
)
def test_what_each_interest_makes_of_its_holder(
    tmp_path: Path, given: Statement, role: str, share: float | None
) -> None:
    _, rows = imported(tmp_path, package(relation("r", "ann", "acme", given)))
    assert rows.select("role", "share").rows() == [(role, share)]


def test_owners_are_those_of_the_day_after_updates_and_a_closing(tmp_path: Path) -> None:
    started = interest(exact=100, since="2020-01-01")
    _, rows = imported(
        tmp_path,
        package(
            relation("r1", "ann", "acme", started, day="2020-02-01"),
            relation("r1", "ann", "acme", interest(exact=40, since="2022-03-01"), day="2022-04-01", status="updated"),
            relation("r2", "ben", "acme", interest(exact=60, since="2022-03-01"), day="2022-04-01"),
            relation("r1", "ann", "acme", interest(exact=40, since="2022-03-01"), day="2023-05-01", status="closed"),
        ),
    )
    assert owners(rows, date(2021, 1, 1)) == {("ann", "shareholder", 1.0)}
    assert owners(rows, date(2022, 2, 28)) == {("ann", "shareholder", 1.0)}
    assert owners(rows, date(2022, 3, 1)) == {("ann", "shareholder", 0.4), ("ben", "shareholder", 0.6)}
    assert owners(rows, date(2023, 5, 1)) == {("ben", "shareholder", 0.6)}


def test_another_share_under_the_same_first_day_begins_with_the_update(tmp_path: Path) -> None:
    days = [("2020-02-01", 50, "new"), ("2021-02-01", 50, "updated"), ("2022-02-01", 100, "updated")]
    said = [relation("r", "ann", "acme", interest(exact=share, since="2020-01-01"), day=day, status=status)
            for day, share, status in days]  # fmt: skip
    _, rows = imported(tmp_path, package(*reversed(said)))
    assert owners(rows, date(2022, 1, 31)) == {("ann", "shareholder", 0.5)}
    assert owners(rows, date(2022, 2, 1)) == {("ann", "shareholder", 1.0)}


def test_an_interest_that_ended_is_over_on_that_day(tmp_path: Path) -> None:
    _, rows = imported(tmp_path, package(relation("r", "ann", "acme", interest(exact=9, endDate="2024-06-01"))))
    assert rows["until"].to_list() == [date(2024, 5, 31)]


def test_nobody_named_is_where_a_chain_ends_and_an_exemption_is_none(tmp_path: Path) -> None:
    told, rows = imported(
        tmp_path,
        package(
            relation("r1", {"reason": "subjectUnableToConfirmOrIdentifyBeneficialOwner"}, "acme"),
            relation("r2", {"reason": "subjectExemptFromDisclosure"}, "holding"),
        ),
    )
    assert rows["owner_party_id"].to_list() == ["bods:unknown:r1"]
    assert told["nobody_named"] == 1


def test_an_anonymous_person_is_nobody_unless_the_register_lets_them_be(tmp_path: Path) -> None:
    hidden = person("hidden", personType="unknownPerson", unspecifiedPersonDetails={"reason": "unknown"})
    child = person("child", personType="anonymousPerson",
                   unspecifiedPersonDetails={"reason": "interestedPartyExemptFromDisclosure"})  # fmt: skip
    _, rows = imported(
        tmp_path,
        [company("acme"), hidden, child, relation("r1", "hidden", "acme", interest(exact=50)),
         relation("r2", "child", "acme", interest(exact=50))],
    )  # fmt: skip
    assert set(rows["owner_party_id"]) == {"bods:unknown:hidden", "bods:person:child"}


def test_a_chain_that_is_given_link_by_link_is_not_counted_twice(tmp_path: Path) -> None:
    whole = relation("whole", "ann", "acme", interest(exact=60, directOrIndirect="indirect"),
                     componentRecords=["holding", "r1", "r2"])  # fmt: skip
    links = [
        relation("r1", "ann", "holding", interest(exact=100)),
        relation("r2", "holding", "acme", interest(exact=60)),
    ]
    _, rows = imported(tmp_path, package(*links, whole))
    assert rows.height == 2
    assert table(tmp_path, "interests")["left_out"].drop_nulls().to_list() == ["its chain is given link by link"]


def test_parties_are_matched_by_identifier(tmp_path: Path) -> None:
    (tmp_path / "data" / "parties").mkdir(parents=True)
    (tmp_path / "data" / "party_identifiers").mkdir()
    pl.DataFrame({"party_id": ["XX-REG-123", "p7", "p8"]}).write_parquet(tmp_path / "data" / "parties" / "p.parquet")
    pl.DataFrame(
        {"party_id": ["p7", "p7", "p8"], "scheme": ["XX-REG"] * 3, "identifier": ["5", "6", "6"]}
    ).write_parquet(tmp_path / "data" / "party_identifiers" / "p.parquet")
    told, rows = imported(
        tmp_path,
        [company("acme", "123"), company("five", "5"), company("six", "6"),
         relation("r1", "five", "acme", interest(exact=100)), relation("r2", "six", "five", interest(exact=100))],
    )  # fmt: skip
    assert rows.select("owner_party_id", "owned_party_id").rows() == [("bods:entity:six", "p7"), ("p7", "XX-REG-123")]
    assert told["matched_parties"] == 2


def test_what_the_bank_has_on_record_is_left_to_it(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "ownership"
    folder.mkdir(parents=True)
    own = {
        "owner_party_id": "bods:person:ann",
        "owned_party_id": "bods:entity:acme",
        "role": "shareholder",
        "share": 0.9,
    }
    pl.DataFrame([own], schema=OWNERSHIP.schema).write_parquet(folder / "own.parquet")
    _, rows = imported(tmp_path, package(relation("r", "ann", "acme", interest(exact=40))))
    assert rows["share"].to_list() == [0.9]


def test_the_same_files_again_change_nothing_and_the_order_of_statements_neither(tmp_path: Path) -> None:
    said = package(relation("r", "ann", "acme", interest(exact=40)))
    assert imported(tmp_path, said)[0]["outcome"] == "written"
    assert imported(tmp_path, said)[0]["outcome"] == "unchanged"
    before = imported(tmp_path, said)[1]
    assert imported(tmp_path, said[::-1])[1].equals(before)


def test_a_statement_replaced_in_the_older_words(tmp_path: Path) -> None:
    _, rows = imported(tmp_path, older())
    assert owners(rows, date(2020, 6, 1)) == {("who-1", "shareholder", 0.5)}
    assert owners(rows, date(2021, 6, 1)) == {("who-1", "shareholder", 0.75)}


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (relation("r", "ann", "acme", interest(exact=140)), "a share is not between 0 and 100"),
        (relation("r", "ann", "acme", interest(exact="40")), "a share is no number"),
        (relation("r", "ann", "acme", interest(exact=True)), "a share is no number"),
        (relation("r", "ann", "acme", interest(since="2024-13-01")), "startDate is no date"),
        (
            relation("r", "ann", "acme", interest(since="2024-02-01", endDate="2024-01-01")),
            "endDate is before startDate",
        ),
        (relation("r", "ann", {"reason": "unknown"}, interest()), "the subject is nobody in particular"),
        (relation("r", None, "acme", interest()), "interestedParty is missing or no object"),
        (relation("r", "\x1b[2J", "acme", interest()), "interestedParty is missing or no id"),
        ({"recordType": "entity"}, "recordDetails is missing or no object"),
        ({**person("x"), "recordStatus": "odd"}, "recordStatus is none of new, updated, closed"),
        ("text", "the statement is missing or no object"),
        (None, "the statement is missing or no object"),
    ],
)
def test_a_bad_statement_is_left_out_by_itself(tmp_path: Path, bad: Any, reason: str) -> None:  # noqa: ANN401
    told, rows = imported(tmp_path, package(relation("good", "ann", "acme", interest(exact=40)), bad))
    assert told["skipped"] == {reason: 1}
    assert table(tmp_path, "skipped")["source_position"].to_list() == [6]
    assert rows.height == 1


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (b"[" * 100_000, "register.json"),
        (b'[{"statementId": NaN}]', "register.json"),
        (b'{"statementId": "a"}\n{"broken', "line 2"),
        (b"PAR1 and no more", "register.json"),
        (gzip.compress(b"[]" * 900, mtime=0)[:40], "register.json"),
        (b"\xff\xfe", "register.json"),
        (b"[]", ""),
    ],
)
def test_a_broken_file_stops_the_import_and_nothing_is_written(tmp_path: Path, content: bytes, where: str) -> None:
    (tmp_path / "register.json").write_bytes(content)
    with pytest.raises(InputError) as raised:
        run(Import(str(tmp_path / "data"), [str(tmp_path / "register.json")]))
    assert where in raised.value.where
    assert raised.value.remedy
    assert not list((tmp_path / "data").rglob("*.parquet"))


def test_packed_lines_are_read(tmp_path: Path) -> None:
    said = package(relation("r", "ann", "acme", interest(exact=40)))
    path = Path(write(tmp_path / "register.jsonl", said, lines=True))
    packed = tmp_path / "register.jsonl.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert run(Import(str(tmp_path / "data"), [str(packed)]))["rows"]["ownership"] == 1


def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no name for a register"):
        imported(tmp_path, package(), register="../x")


def test_the_command_tells_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(
        tmp_path / "register.json", package(relation("r", "ann", "acme", interest(exact=40)), {"recordType": "x"})
    )
    for more in ([], ["--json"]):
        with pytest.raises(SystemExit) as left:
            main(["ownership", "import", path, "--data", str(tmp_path / "data"), *more])
        assert left.value.code == 0
        said = capsys.readouterr().out
        assert (json.loads(said)["statements"]["kept"] == 5) if more else ("recordDetails is missing" in said)


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the standard's examples are not here")
def test_all_examples_of_the_standard_are_imported(tmp_path: Path) -> None:
    told = run(Import(str(tmp_path / "data"), [str(EXAMPLES)]))
    assert told["statements"] == {
        "entity": 35, "kept": 119, "person": 28, "read": 119, "relationship": 56, "skipped": 0,
    }  # fmt: skip
    entities, said = table(tmp_path, "entities"), table(tmp_path, "interests")
    assert (
        entities.filter(pl.col("type").is_not_null() | pl.col("name").is_not_null()).height == 53
    )  # records described
    rows = pl.read_parquet(tmp_path / "data" / "ownership" / "*.parquet")
    assert rows.height == said.filter(pl.col("left_out").is_null()).height
    assert not rows.select(OWNERSHIP.key).is_duplicated().any()
    held = current_ownership(rows.lazy(), date(2021, 6, 1)).filter(pl.col("owned_party_id").str.contains("ent-93c7"))
    assert held.filter(pl.col("role") == "shareholder").collect()["share"].to_list() == [0.5, 0.5]
