"""Nights that screen: names listed between two nights, pairs that a person dismissed, and what is said of both."""

import json
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from tests.conftest import Command
from tests.lists import deliver
from tests.worlds import DAY, ordinary, put_in_place

from mirrorwatch import detectors
from mirrorwatch.detectors.watchlist_exposure import DETECTOR
from mirrorwatch.screening import names_hash
from mirrorwatch.watchlists import importing

NEXT = DAY + timedelta(days=1)
WHO, LISTED = "Tessamira Quell Payolven", "PAYOLVEN, Tessamira Quell"
CROWD = [f"{first} {last}" for first in ("Ada", "Benno", "Carla", "Dario") for last in ("Abbot", "Bruns", "Castro")]
HEAD = "party_id,entry_id,reason,dismissed_by,dismissed_on,until,party_hash,entry_hash\n"
PAIR = f"P-{WHO},ofac-sdn:2,passport seen,j.doe,2026-03-30,,,\n"


@pytest.fixture(autouse=True)
def _exposure_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    put_in_place(monkeypatch)
    monkeypatch.setattr(detectors, "DETECTORS", (DETECTOR,))


def lists(data: Path, *names: str, day: date) -> None:
    """Import a list of persons as the version of a day."""
    rows = "".join(f'{n},"{name}","individual","SDNTK"{",-0- " * 8}\r\n' for n, name in enumerate(names, 1))
    folder = deliver(data.parent / f"list-{day}", {"sdn.csv": rows})
    importing.run(importing.Import(str(data), [folder], day))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    world = ordinary()
    for number, name in enumerate(CROWD):
        world.pay(f"c{number}", "rent", payer=name, payee="landlord", day=DAY - timedelta(days=number))
    for number in range(4):
        world.pay(f"w{number}", "goods", payer=WHO, payee=CROWD[number], day=DAY - timedelta(days=20 + number))
    for day in range(1, 4):
        world.pay(f"n{day}", "rent", payer="C1", payee="landlord", day=DAY + timedelta(days=day))
    folder = world.write(tmp_path / "data")
    lists(folder, "MARCHWELL, Ostric Pendle", day=DAY)
    return folder


def night(command: Command, data: Path, out: Path, day: date, *more: object) -> pl.DataFrame:
    code, _, err = command("run", "--data", data, "--out", out, "--date", day, "-q", *more)
    assert code == 0, err
    return pl.read_parquet(out / "alerts" / f"run_date={day}" / "part-0.parquet")


def test_a_name_listed_since_the_last_night_is_held_against_all_payments_and_told_as_new(
    command: Command, data: Path, out: Path
) -> None:
    assert night(command, data, out, DAY).is_empty()
    lists(data, "MARCHWELL, Ostric Pendle", LISTED, day=NEXT)
    found = night(command, data, out, NEXT)
    assert found["state"].to_list() == ["new"]
    assert f"{LISTED} is newly listed since the night of {DAY}" in found["narrative"].item()
    assert found["last_booked_at"].item().date() == DAY - timedelta(days=20)
    code, told, err = command("verify", found["alert_id"].item(), "--data", data, "--out", out)
    assert code == 0, told + err
    later = night(command, data, out, NEXT + timedelta(days=1))
    assert later["state"].to_list() == ["unchanged"]
    assert "newly listed" not in later["narrative"].item()


def test_a_changed_name_is_told_as_such(command: Command, data: Path, out: Path) -> None:
    lists(data, "MARCHWELL, Ostric Pendle", "SOMEBODY, Else Entirely", day=DAY)
    night(command, data, out, DAY)
    lists(data, "MARCHWELL, Ostric Pendle", LISTED, day=NEXT)
    assert "is listed under new names since" in night(command, data, out, NEXT)["narrative"].item()


@pytest.fixture
def listed(data: Path) -> Path:
    lists(data, "MARCHWELL, Ostric Pendle", LISTED, day=DAY)
    return data


def dismissed(folder: Path, rows: str) -> tuple[str, Path]:
    """Write settings that name a file of dismissed pairs beside them."""
    (folder / "looked-at.csv").write_text(HEAD + rows, encoding="utf-8")
    (folder / "night.toml").write_text('dismissed = "looked-at.csv"\n', encoding="utf-8")
    return "--config", folder / "night.toml"


def blind(out: Path) -> list[str]:
    table = pl.read_parquet(out / "blindness" / f"run_date={DAY}" / "part-0.parquet")
    return [why for why in table["why"] if "dismissed" in why]


def test_a_dismissed_pair_is_silent_and_counted(command: Command, listed: Path, out: Path, tmp_path: Path) -> None:
    assert night(command, listed, out, DAY).height == 1
    again = night(command, listed, out, DAY, *dismissed(tmp_path, PAIR))
    assert again["state"].to_list() == ["withdrawn"]
    assert blind(out) == [
        "1 hit(s) on 1 parties are not told: the file of dismissed pairs has them (dismissed by j.doe)"
    ]
    manifest = json.loads((out / "manifests" / f"{DAY}.json").read_text())
    assert len(manifest["configuration"]["dismissed"]) == 64
    assert "looked" not in json.dumps(manifest)
    assert "not told: the file of dismissed pairs" in (out / "reports" / str(DAY) / "quality.html").read_text()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        pytest.param(PAIR.replace("30,,,", f"30,,{names_hash(['Old Name'])},"), "party's name has changed", id="party"),
        pytest.param(PAIR.replace("30,,,", f"30,,,{names_hash(['Old'])}"), "entry's names have changed", id="entry"),
        pytest.param(PAIR.replace("30,,,", "29,2026-03-30,,"), "the dismissal ended on 2026-03-30", id="over"),
    ],
)
def test_a_dismissal_that_no_longer_counts_is_told(
    command: Command, listed: Path, out: Path, tmp_path: Path, row: str, said: str
) -> None:
    found = night(command, listed, out, DAY, *dismissed(tmp_path, row))
    assert f"A dismissed pair is told again: {said}" in found["narrative"].item().replace("the party", "party").replace(
        "the entry", "entry"
    )
    assert blind(out) == []


def test_a_dismissal_holds_in_an_old_night_whatever_the_entry_was_called_since(
    command: Command, listed: Path, out: Path, tmp_path: Path
) -> None:
    lists(listed, "MARCHWELL, Ostric Pendle", "OTHERWISE, Called Now", day=NEXT)
    assert night(command, listed, out, DAY).height == 1
    states = night(command, listed, out, DAY, *dismissed(tmp_path, PAIR))["state"].to_list()
    assert states == ["withdrawn"]


def test_an_alert_verifies_whatever_was_dismissed_since(
    command: Command, listed: Path, out: Path, tmp_path: Path
) -> None:
    given = dismissed(tmp_path, PAIR.replace("ofac-sdn:2", "ofac-sdn:1"))
    found = night(command, listed, out, DAY, *given)["alert_id"].item()
    dismissed(tmp_path, PAIR.replace(str(DAY - timedelta(days=1)), str(NEXT)) + PAIR.replace("sdn:2", "sdn:1"))
    code, told, err = command("verify", found, "--data", listed, "--out", out, *given)
    assert code == 0, told + err
    dismissed(tmp_path, PAIR)
    code, told, _ = command("verify", found, "--data", listed, "--out", out, *given)
    assert (code, "other dismissed pairs" in " ".join(told.split())) == (1, True), told


@pytest.mark.parametrize(("rows", "states"), [((0, 1), ["new"]), ((1, 0), [])], ids=["over", "holds"])
def test_of_two_dismissals_on_one_day_the_lower_row_counts(
    command: Command, listed: Path, out: Path, tmp_path: Path, rows: tuple[int, int], states: list[str]
) -> None:
    both = (PAIR.replace("passport", "visa"), PAIR.replace("03-30,", "03-30,2026-03-30"))
    found = night(command, listed, out, DAY, *dismissed(tmp_path, "".join(both[row] for row in rows)))
    assert found["state"].to_list() == states


@pytest.mark.parametrize(
    ("rows", "code", "said"),
    [
        pytest.param("P,E,x,j,30 March,,,\n", 3, "dismissed_on is empty or is not a date", id="a date"),
        pytest.param("P,,x,j,2026-03-30,,,\n", 3, "looked-at.csv, row 1", id="an empty cell"),
    ],
)
def test_a_bad_file_of_dismissed_pairs_stops_the_night(
    command: Command, listed: Path, out: Path, tmp_path: Path, rows: str, code: int, said: str
) -> None:
    given = dismissed(tmp_path, rows)
    ended, _, err = command("run", "--data", listed, "--out", out, "--date", DAY, "-q", *given)
    assert (ended, said in " ".join(err.split())) == (code, True), err


def test_a_file_of_dismissed_pairs_that_is_not_there_is_wrong_use(
    command: Command, listed: Path, out: Path, tmp_path: Path
) -> None:
    given = dismissed(tmp_path, PAIR)
    (tmp_path / "looked-at.csv").unlink()
    code, _, err = command("run", "--data", listed, "--out", out, "--date", DAY, "-q", *given)
    assert code == 2
    assert "file of dismissed pairs does not exist" in err
