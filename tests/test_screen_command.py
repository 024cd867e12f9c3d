"""`mirrorwatch screen`: hits of a data folder or a name in a strict order, harmless files, and dismissed pairs."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.conftest import Command
from tests.lists import deliver
from tests.worlds import DAY, World, ordinary

from mirrorwatch.night.screening import SCREENED
from mirrorwatch.watchlists import importing

WHO, LIKE = "Tessamira Quell Payolven", "Tessamyra Payolven"
TRAP = '=HYPERLINK("x") Ostric Pendle Marchwell'
CROWD = [f"{first} {last}" for first in ("Ada", "Benno", "Carla", "Dario") for last in ("Abbot", "Bruns", "Castro")]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    world = ordinary()
    for number, name in enumerate(CROWD):
        world.pay(f"c{number}", "rent", payer=name, payee="landlord", day=DAY - timedelta(days=number))
    world.pay("w1", "goods", payer=WHO, payee=LIKE)
    world.pay("w2", "for tessamira quell payolven, march", payer=TRAP, payee="landlord")
    folder = world.write(tmp_path / "data")
    names = ("MARCHWELL, Ostric Pendle", "PAYOLVEN, Tessamira Quell")
    rows = "".join(f'{n},"{name}","individual","SDNTK"{",-0- " * 8}\r\n' for n, name in enumerate(names, 1))
    importing.run(importing.Import(str(folder), [deliver(tmp_path / "list", {"sdn.csv": rows})], DAY))
    return folder


def screened(command: Command, data: Path, *more: object) -> list[dict[str, Any]]:
    code, told, err = command("screen", "--data", data, "--date", DAY, "--json", "-q", *more)
    assert code == 0, err
    found: list[dict[str, Any]] = json.loads(told)
    return found


def test_parties_and_texts_are_told_the_surest_first(command: Command, data: Path) -> None:
    found = screened(command, data)
    assert [hit["rank"] for hit in found] == [1, 2, 3, 4]
    assert [hit["score"] for hit in found] == sorted((hit["score"] for hit in found), reverse=True)
    assert {(hit["side"], hit["subject_name"]) for hit in found} == {
        ("party", WHO), ("party", LIKE), ("party", TRAP), ("remittance_text", "tessamira quell payolven"),
    }  # fmt: skip
    assert all(hit["reason"].startswith("found: ") for hit in found)


@pytest.mark.parametrize(
    ("name", "kind", "entries"),
    [
        pytest.param("Payolven Tessamira Quel", None, ["ofac-sdn:2"], id="a name"),
        pytest.param("Payolven Tessamira Quel", "person", ["ofac-sdn:2"], id="of a person"),
        pytest.param("Payolven Tessamira Quel", "organisation", [], id="of a firm"),
        pytest.param("Ada Abbot", None, [], id="somebody else's"),
    ],
)
def test_one_name_is_screened_against_lists_alone(
    command: Command, data: Path, name: str, kind: str | None, entries: list[str]
) -> None:
    for dataset in ("transactions", "parties", "accounts", "fx_rates"):
        (data / dataset).rename(data.parent / dataset)
    more = ("--kind", kind) if kind else ()
    assert [hit["entry_id"] for hit in screened(command, data, "--name", name, *more)] == entries


def test_files_hold_all_hits_and_nothing_that_a_spreadsheet_runs(command: Command, data: Path, tmp_path: Path) -> None:
    found = screened(command, data, "--out", tmp_path / "hits.parquet")
    screened(command, data, "--out", tmp_path / "hits.csv")
    table = pl.read_parquet(tmp_path / "hits.parquet")
    assert table.schema == SCREENED
    assert table["rank"].to_list() == [hit["rank"] for hit in found]
    cells = pl.read_csv(tmp_path / "hits.csv", infer_schema=False)
    assert f"'{TRAP}" in cells["subject_name"].to_list()
    assert not any(str(cell).startswith("=") for row in cells.rows() for cell in row)


def test_a_terminal_gets_no_escape_from_the_data(command: Command, data: Path) -> None:
    parties = pl.read_parquet(data / "parties" / "part-0.parquet")
    told = pl.when(pl.col("name") == WHO).then(pl.lit(f"{WHO} \x1b[31m")).otherwise("name").alias("name")
    parties.with_columns(told).write_parquet(data / "parties" / "part-0.parquet")
    code, text, _ = command("screen", "--data", data, "--date", DAY, "-q")
    assert code == 0
    assert "\x1b" not in text
    assert "\\x1b" in text
    assert "4 hit(s): 4 open." in text


def dismiss(command: Command, data: Path, pairs: Path, *more: object) -> tuple[int, str, str]:
    given = {"--party": f"P-{WHO}", "--entry": "ofac-sdn:2", "--reason": "passport seen", "--by": "j.doe"}
    given |= dict(zip(map(str, more[::2]), map(str, more[1::2]), strict=True))
    options = [part for pair in given.items() for part in pair]
    return command("screen", "dismiss", "--data", data, "--date", DAY, "--pairs", pairs, "-q", *options)


@pytest.mark.parametrize("name", ["pairs.csv", "pairs.parquet"])
def test_a_dismissed_pair_stays_so_until_a_side_changes(
    command: Command, data: Path, tmp_path: Path, name: str
) -> None:
    pairs, settings = tmp_path / name, tmp_path / "s.toml"
    settings.write_text(f'dismissed = "{name}"\n', encoding="utf-8")
    assert dismiss(command, data, pairs, "--party", f"P-{TRAP}", "--entry", "ofac-sdn:1", "--reason", "=1+1")[0] == 0
    code, _, err = dismiss(command, data, pairs)
    assert code == 0, err
    states = {hit["party_id"]: hit["state"] for hit in screened(command, data, "--config", settings)}
    assert states == {f"P-{WHO}": "dismissed", f"P-{LIKE}": "open", f"P-{TRAP}": "dismissed", None: "open"}
    _, text, _ = command("screen", "--data", data, "--date", DAY, "--config", settings, "-q")
    assert "2 dismissed" in text
    assert f"P-{WHO}" not in text
    parties = pl.read_parquet(data / "parties" / "part-0.parquet")
    parties.with_columns(country=pl.lit("MX")).write_parquet(data / "parties" / "part-0.parquet")
    changed = screened(command, data, "--config", settings)
    assert {hit["state"] for hit in changed if hit["party_id"] == f"P-{WHO}"} == {"dismissed"}  # the list has none
    renamed = pl.when(pl.col("name") == WHO).then(pl.lit("Tessamira Payolven")).otherwise("name").alias("name")
    parties.with_columns(renamed).write_parquet(data / "parties" / "part-0.parquet")
    hit = next(hit for hit in screened(command, data, "--config", settings) if hit["party_id"] == f"P-{WHO}")
    assert (hit["state"], hit["state_reason"]) == (
        "reopened",
        "the party's name has changed since it was dismissed",
    )


def test_the_first_dismissal_makes_the_file_that_the_settings_name(
    command: Command, data: Path, tmp_path: Path
) -> None:
    (tmp_path / "s.toml").write_text('dismissed = "pairs.csv"\n', encoding="utf-8")
    asked = ("--data", data, "--date", DAY, "--config", tmp_path / "s.toml", "-q")
    pair = ("--party", f"P-{WHO}", "--entry", "ofac-sdn:2", "--reason", "passport seen", "--by", "j.doe")
    assert command("screen", *asked)[0] == 2
    for rows in (1, 2):
        code, told, err = command("screen", "dismiss", *asked, *pair)
        assert (code, f"holds {rows} dismissal(s)" in " ".join(told.split())) == (0, True), err
    assert command("screen", *asked)[0] == 0


def test_what_was_dismissed_is_kept_with_who_and_why(command: Command, data: Path, tmp_path: Path) -> None:
    dismiss(command, data, tmp_path / "pairs.csv", "--until", DAY + timedelta(days=90), "--reason", "=cmd|' /C'!A1")
    row = pl.read_csv(tmp_path / "pairs.csv").row(0, named=True)
    assert (row["dismissed_by"], row["dismissed_on"], row["until"]) == ("j.doe", "2026-03-31", "2026-06-29")
    assert row["reason"] == "'=cmd|' /C'!A1"
    assert all(len(row[name]) == 64 for name in ("party_hash", "entry_hash", "evidence_hash"))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        pytest.param(("--party", "P-nobody"), "No party_id of the data is 'P-nobody'", id="no such party"),
        pytest.param(("--entry", "L:9"), "No entry_id of the data is 'L:9'", id="no such entry"),
        pytest.param(("--reason", "  "), "A dismissal says why", id="no reason"),
        pytest.param(("--until", "2026-03-30"), "It would have ended before", id="over at once"),
        pytest.param(("--pairs", "pairs.xlsx"), "ends in .csv or .parquet", id="another format"),
    ],
)
def test_a_dismissal_of_nothing_is_refused(
    command: Command, data: Path, tmp_path: Path, more: tuple[str, str], said: str
) -> None:
    code, _, err = dismiss(command, data, tmp_path / "pairs.csv", *more)
    assert (code, said in " ".join(err.split())) == (2, True), err
    assert not (tmp_path / "pairs.csv").exists()


@pytest.mark.parametrize("place", ["parties/part-0.parquet", "hits.csv", "../link/parties/part-0.parquet"])
def test_no_file_takes_the_place_of_the_data(command: Command, data: Path, place: str) -> None:
    (data.parent / "link").symlink_to(data)
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    code, _, err = command("screen", "--data", data, "--date", DAY, "--out", data / place, "-q")
    assert (code, "cannot lie below the data" in " ".join(err.split())) == (2, True), err
    code, _, err = dismiss(command, data, data / place)
    assert (code, "cannot lie below the data" in " ".join(err.split())) == (2, True), err
    assert {path: path.read_bytes() for path in data.rglob("*") if path.is_file()} == before


def test_a_wrong_place_is_told_before_anything_is_read(command: Command, data: Path, tmp_path: Path) -> None:
    for path in data.rglob("*.parquet"):
        path.write_bytes(b"no parquet")
    for place, said in (("x.txt", "ends in .csv or .parquet"), ("f.csv", "cannot be a folder")):
        (tmp_path / "f.csv").mkdir(exist_ok=True)
        code, _, err = command("screen", "--data", data, "--date", DAY, "--out", tmp_path / place, "-q")
        assert (code, said in " ".join(err.split())) == (2, True), err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(("--name", "Ada"), 2, "screen needs --data and --date", id="no data"),
        pytest.param(("--data", "DATA", "--date", DAY, "--kind", "firm"), 2, "--kind is person or", id="no such kind"),
        pytest.param(("--data", "DATA", "--date", DAY, "--name", " "), 2, "The name is empty", id="no name"),
        pytest.param(("--data", "DATA", "--date", DAY, "--out", "x.txt"), 2, "ends in .csv or", id="another format"),
        pytest.param(("--data", "PLAIN", "--date", DAY), 3, "There is no watchlist", id="no list"),
    ],
)
def test_wrong_use_is_told(
    command: Command, data: Path, tmp_path: Path, arguments: tuple[object, ...], code: int, said: str
) -> None:
    World(ordinary().rows).write(tmp_path / "plain")
    places = {"DATA": data, "PLAIN": tmp_path / "plain"}
    ended, _, err = command("screen", "-q", *(places.get(str(each), each) for each in arguments))
    assert (ended, said in " ".join(err.split())) == (code, True), err
