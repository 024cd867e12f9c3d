"""What a hurried operator does to the command: wrong places, closed pipes, full disks, nights that are not there."""

import json
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from tests.conftest import Command
from tests.worlds import DAY, ordinary

from mirrorwatch import cli, detectors, night
from mirrorwatch.detectors.base import Floor


@pytest.fixture
def data(command: Command, tmp_path: Path, out: Path, pretend: None) -> Path:
    """Publish a night; returns its data folder."""
    del pretend
    folder = ordinary().pay("s1", "scheme one").pay("s2", "scheme one").write(tmp_path / "data")
    assert command("run", "--data", folder, "--out", out, "--date", DAY)[0] == 0
    return folder


def first_alert(out: Path) -> str:
    return str(pl.read_parquet(out / "alerts" / "**" / "*.parquet")["alert_id"][0])


@pytest.mark.parametrize("option", ["--data", "--out"])
def test_an_empty_place_is_not_the_current_folder(
    option: str, command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    given = {"--data": "data", "--out": "out"} | {option: " "}
    code, _, err = command("run", *(word for pair in given.items() for word in pair), "--date", DAY)
    assert code == 2
    assert f"Invalid value for '{option}': it is empty" in err
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


@pytest.mark.usefixtures("pretend")
@pytest.mark.parametrize(
    ("out", "message"),
    [
        ("data/../data", "Data and output are the same place."),
        ("link", "Data and output are the same place."),
        ("data/transactions", "The output lies among the transactions."),
        ("data/parties/out", "The output lies among the parties."),
        ("file", "A file stands where the output folder would be."),
        ("file/below", "A file stands where the output folder would be."),
        ("taken", "The output folder already holds 'reports', which mirrorwatch did not make."),
        ("gopher://nowhere/x", "The object store cannot be opened:"),
    ],
)
def test_a_place_that_cannot_be_written_is_refused_before_anything_is_read(
    out: str, message: str, command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ordinary().write(tmp_path / "data")
    (tmp_path / "link").symlink_to("data")
    (tmp_path / "file").touch()
    (tmp_path / "taken" / "reports").mkdir(parents=True)
    before = sorted(tmp_path.rglob("*"))
    code, text, err = command("run", "--data", "data", "--out", out, "--date", DAY, "--json")
    assert code == 2, err
    assert json.loads(text)["error"].startswith(message)
    assert "Debug source" not in err
    assert sorted(tmp_path.rglob("*")) == before


def test_an_output_beside_the_datasets_is_taken(command: Command, data: Path) -> None:
    assert command("run", "--data", data, "--out", data / "transactions of mine", "--date", DAY)[0] == 0


def test_a_night_that_is_not_published_is_wrong_use(command: Command, data: Path, out: Path) -> None:
    del data
    another = DAY + timedelta(days=1)
    for arguments in (("explain", first_alert(out)), ("headline",), ("report",)):
        code, _, err = command(*arguments, "--out", out, "--date", another)
        assert code == 2
        assert f"No night of {another} is published." in err
        assert f"the latest: {DAY}" in err


def test_data_that_is_not_there_says_nothing_of_an_alert(command: Command, data: Path, out: Path) -> None:
    code, text, err = command("verify", first_alert(out), "--data", data / "nowhere", "--out", out)
    assert code == 2
    assert "There is no data folder" in err
    assert "DIFFERS" not in text


def test_an_id_may_be_copied_with_its_blanks_and_in_capitals(command: Command, data: Path, out: Path) -> None:
    del data
    assert command("explain", f" {first_alert(out)[:12].upper()} ", "--out", out)[0] == 0


def test_headline_says_what_run_said(command: Command, data: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = command("run", "--data", data, "--out", out, "--date", DAY, "--json")[1]
    monkeypatch.chdir(out.parent)
    assert command("headline", "--out", out.name, "--date", DAY, "--json")[1] == said


@pytest.mark.parametrize("arguments", [("run",), ("explain", "abc", "--out", "x", "--date", "yesterday"), ("bogus",)])
def test_wrong_use_is_json_too(arguments: tuple[str, ...], command: Command) -> None:
    code, text, err = command(*arguments, "--json")
    assert code == 2
    assert json.loads(text)["exit_code"] == 2
    assert json.loads(text)["error"] in err


def test_a_bug_is_json_too_and_exits_1(
    command: Command, tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by nought")

    monkeypatch.setattr(night, "plan", breaks)
    code, text, _ = command("run", "--data", tmp_path, "--out", out, "--date", DAY, "--json")
    assert code == 1
    assert "bug of mirrorwatch: ZeroDivisionError: by nought" in json.loads(text)["error"]


@pytest.mark.parametrize("how", [(), ("--json",)])
def test_a_reader_that_leaves_changes_no_exit_code(
    how: tuple[str, ...], data: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as closed:
        monkeypatch.setattr("sys.stdout", closed)
        with pytest.raises(SystemExit) as ended:
            cli.main(["verify", first_alert(out), "--data", str(data), "--out", str(out), *how])
    assert ended.value.code == 0


def test_a_full_disk_is_the_machines_fault_not_a_bug(
    data: Path, out: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    del data
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    stream = full.open("w", encoding="utf-8")
    monkeypatch.setattr("sys.stdout", stream)
    with pytest.raises(SystemExit) as ended:
        cli.main(["explain", first_alert(out), "--out", str(out), "--json"])
    monkeypatch.undo()
    with pytest.raises(OSError, match="No space left"):
        stream.close()
    assert ended.value.code == 1
    err = capfd.readouterr().err
    assert "The machine refused: No space left on device." in err
    assert "bug" not in err


def test_a_table_has_no_blanks_at_the_end_of_its_title(command: Command, data: Path, out: Path) -> None:
    del data
    lines = command("explain", first_alert(out), "--out", out)[1].splitlines()
    assert "Why: each indicator against its threshold" in lines
    assert "Evidence" in lines


def test_explain_shows_figures_that_can_be_read_and_json_holds_them_whole(
    command: Command, data: Path, out: Path
) -> None:
    del data
    path = (out / "alerts" / f"run_date={DAY}" / "part-0.parquet").resolve()
    alerts = pl.read_parquet(path)
    third = pl.element().struct.with_fields(value=pl.lit(1 / 3), weight=pl.lit(1 / 7))
    path.chmod(0o644)
    alerts.with_columns(pl.col("indicators").list.eval(third)).write_parquet(path)
    text = command("explain", first_alert(out), "--out", out)[1]
    assert "0.3333 " in text
    assert "0.33333" not in text
    assert (
        json.loads(command("explain", first_alert(out), "--out", out, "--json")[1])["indicators"][0]["value"] == 1 / 3
    )


@pytest.mark.usefixtures("pretend")
def test_no_folder_name_is_taken_for_a_pattern(command: Command, tmp_path: Path) -> None:
    data = ordinary().pay("s1", "scheme one").write(tmp_path / "d{a,b}[x]*?%23 #")
    out = tmp_path / "run_date=2020-01-01" / "o[ut]*%20{z}?"
    assert command("run", "--data", data, "--out", out, "--date", DAY)[0] == 0
    alert = command("headline", "--out", out, "--date", DAY, "--json")[1]
    name = json.loads(alert)["alerts"][0]["alert_id"]
    assert command("verify", name, "--data", data, "--out", out)[0] == 0
    assert command("detect", "--data", data, "--date", DAY, "--out", out)[0] == 0


@pytest.mark.usefixtures("pretend")
def test_an_alert_is_true_whatever_type_the_source_wrote(command: Command, tmp_path: Path, out: Path) -> None:
    data = ordinary().pay("s1", "scheme one").write(tmp_path / "data")
    for path in (data / "transactions").rglob("*.parquet"):
        text = pl.format(" {} ", pl.col("amount").cast(pl.String))
        pl.read_parquet(path, hive_partitioning=False).with_columns(amount=text).write_parquet(path)
    assert command("run", "--data", data, "--out", out, "--date", DAY)[0] == 0
    code, text, _ = command("verify", first_alert(out), "--data", data, "--out", out)
    assert code == 0, text
    for path in (data / "transactions").rglob("*.parquet"):
        pl.read_parquet(path, hive_partitioning=False).drop("amount").write_parquet(path)
    code, text, _ = command("verify", first_alert(out), "--data", data, "--out", out)
    assert code == 1
    assert "DIFFERS  its rows lie where the evidence says: cannot be read: column amount is missing" in text


@pytest.mark.usefixtures("pretend")
def test_an_alert_that_stands_for_others_is_recomputed_with_them(
    command: Command, tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    twin = tuple(replace(each, detect=detectors.DETECTORS[0].detect) for each in detectors.DETECTORS)
    monkeypatch.setattr(detectors, "DETECTORS", twin)
    data = ordinary().pay("s1", "scheme one").write(tmp_path / "data")
    assert command("run", "--data", data, "--out", out, "--date", DAY)[0] == 0
    assert "look like other typologies" in pl.read_parquet(out / "alerts" / "**" / "*.parquet")["narrative"].item()
    code, text, _ = command("verify", first_alert(out), "--data", data, "--out", out)
    assert code == 0, text


@pytest.mark.parametrize("name", ["explain", "run"])
def test_a_chance_at_its_floor_is_told_as_less(
    name: str, command: Command, data: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    floor = Floor(0.001, "it rests on what a test says")
    bound = tuple(replace(each, floor=floor) for each in detectors.DETECTORS)
    monkeypatch.setattr(detectors, "DETECTORS", bound)
    if name == "run":
        assert "<1.0e-03" in command("run", "--data", data, "--out", out, "--date", DAY)[1]
        return
    text = command("explain", first_alert(out), "--out", out)[1]
    assert "less than 1 in 1,000. No smaller figure is stated: it rests on what a test says." in text
