"""The command: help, exit codes, JSON, hostile text, explain and verify."""

import json
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from tests.conftest import Command
from tests.worlds import DAY, World, ordinary

from mirrorwatch.cli import app
from mirrorwatch.terminal import plain

HOSTILE = "\x1b[31mred\x07 [bold]\u202eevil"


def world() -> World:
    return (
        ordinary()
        .pay("s1", "scheme one", payer="one")
        .pay("s2", "scheme one", payer="one", day=DAY - timedelta(days=2))
        .pay("h1", f"scheme {HOSTILE}", payer=f"A{HOSTILE}")
    )


@pytest.fixture
def night(command: Command, tmp_path: Path, out: Path, pretend: None) -> Path:
    """Publish a night; returns its data folder."""
    del pretend
    data = world().write(tmp_path / "data")
    assert command("run", "--data", data, "--out", out, "--date", DAY)[0] == 0
    return data


COMMANDS = [command.name or command.callback.__name__ for command in app.registered_commands if command.callback]


def test_the_commands_are_those_that_work() -> None:
    assert set(COMMANDS) == {
        "run", "validate", "detect", "report", "explain", "verify", "synth", "headline", "rules", "entities",
    }  # fmt: skip


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_what_a_command_reads_and_writes(name: str, command: Command) -> None:
    code, text, _ = command(name, "--help")
    assert code == 0
    assert "Write" in text
    assert "Read" in text
    assert name in Path("docs/operations.md").read_text(encoding="utf-8")


@pytest.mark.usefixtures("pretend")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run"], "Missing option '--data'"),
        (["run", "--data", "DATA", "--out", "OUT"], "Missing option '--date'"),
        (["run", "--data", "DATA", "--out", "OUT", "--date", "2026-02-30"], "Invalid value for '--date'"),
        (["run", "--data", "nowhere", "--out", "OUT", "--date", str(DAY)], "The data folder does not exist"),
        (["run", "--data", "DATA", "--out", "DATA", "--date", str(DAY)], "the same place"),
        (["run", "--data", "DATA", "--out", "OUT", "--date", str(DAY), "--engine", "spark"], "is not there yet"),
        (["run", "--data", "DATA", "--out", "OUT", "--date", str(DAY), "--engine", "abacus"], "no engine 'abacus'"),
        (["run", "--data", "DATA", "--out", "OUT", "--date", str(DAY), "--only", "stack"], "No detector finds 'stack'"),
        (["run", "--data", "DATA", "--out", "OUT", "--date", str(DAY), "--config", "none.toml"], "does not exist"),
        (["backtest"], "No such command 'backtest'"),
        (["explain", "abc", "--out", "OUT"], "No alert begins with 'abc'"),
    ],
)
def test_wrong_use_exits_2_and_says_what(
    arguments: list[str], message: str, command: Command, tmp_path: Path, out: Path
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    code, text, err = command(*({"DATA": data, "OUT": out}.get(word, word) for word in arguments))
    assert code == 2, err
    assert message in err
    assert text == ""
    assert not out.exists()


@pytest.mark.usefixtures("pretend")
def test_an_error_is_json_too(command: Command, tmp_path: Path, out: Path) -> None:
    code, text, _ = command("run", "--data", tmp_path / "no", "--out", out, "--date", DAY, "--json")
    assert code == 2
    assert json.loads(text)["exit_code"] == 2
    assert json.loads(text)["error"] == "The data folder does not exist."


def test_run_prints_its_headline_as_one_json_document(command: Command, night: Path, out: Path) -> None:
    code, text, err = command("run", "--data", night, "--out", out, "--date", DAY, "--json")
    told = json.loads(text)
    assert code == 0
    assert told["states"] == {"new": 2}
    assert [alert["rank"] for alert in told["alerts"]] == [1, 2]
    assert Path(told["report"]).is_file()
    assert "step finished" in err
    assert "step finished" not in command("run", "--data", night, "--out", out, "--date", DAY, "--quiet")[2]


def test_only_takes_several_typologies_after_one_flag(command: Command, night: Path, out: Path) -> None:
    arguments = ("run", "--data", night, "--date", DAY, "--only", "mirror_swap", "shell_company", "--out", out)
    assert command(*arguments)[0] == 0
    manifest = json.loads((out / "manifests" / f"{DAY}.json").read_text())
    assert list(manifest["detectors"]) == ["mirror_swap", "shell_company"]


@pytest.mark.parametrize("how", [(), ("--json",)])
@pytest.mark.parametrize("what", ["run", "detect", "explain"])
def test_nothing_in_the_data_can_act_on_the_terminal(
    what: str, how: tuple[str, ...], command: Command, night: Path, out: Path
) -> None:
    alert = pl.read_parquet(out / "alerts" / "**" / "*.parquet").filter(pl.col("transaction_ids").list.contains("h1"))
    arguments = {
        "run": ("run", "--data", night, "--out", out, "--date", DAY),
        "detect": ("detect", "--data", night, "--date", DAY),
        "explain": ("explain", alert["alert_id"][0], "--out", out),
    }
    code, text, err = command(*arguments[what], *how)
    assert code == 0
    assert not {"\x1b", "\x07", "\u202e"} & set(text + err)
    assert "[bold]" in text


def test_plain_shows_what_it_takes_away() -> None:
    assert plain("a\x1b\n\u202eb\u200bé漢") == "a\\x1b\\n\\u202eb\\u200bé漢"


def test_explain_tells_all_there_is(command: Command, night: Path, out: Path) -> None:
    del night
    alert = pl.read_parquet(out / "alerts" / "**" / "*.parquet").filter(pl.col("transaction_ids").list.contains("s1"))
    code, text, _ = command("explain", alert["alert_id"][0][:8], "--out", out)
    assert code == 0
    for part in (
        alert["alert_id"][0],
        "scheme one moved 2 payments.",
        "probability 1.00e-03",
        "marked_rows",
        "fewer marked rows",
        "read the purposes",
        "2000.00",
        "s2",
    ):
        assert part in text
    assert command("explain", "", "--out", out)[0] == 2
    assert "2 alerts begin with ''" in command("explain", "", "--out", out)[2]


def test_verify_says_true(command: Command, night: Path, out: Path) -> None:
    for alert in pl.read_parquet(out / "alerts" / "**" / "*.parquet")["alert_id"]:
        code, text, err = command("verify", alert, "--data", night, "--out", out, "--json")
        assert code == 0, text + err
        assert json.loads(text)["true"] is True
        assert len(json.loads(text)["checks"]) == 8


def change_a_row(data: Path) -> None:
    path = data / "transactions" / f"booking_date={DAY}" / "part-0.parquet"
    rows = pl.read_parquet(path)
    larger = pl.when(pl.col("transaction_id") == "s1").then(pl.col("amount") * 2).otherwise("amount")
    rows.with_columns(larger.cast(rows.schema["amount"]).alias("amount")).write_parquet(path)


def remove_a_file(data: Path) -> None:
    (data / "transactions" / f"booking_date={DAY}" / "part-0.parquet").unlink()


@pytest.mark.parametrize("tamper", [change_a_row, remove_a_file])
def test_verify_says_what_differs_in_the_input(tamper: object, command: Command, night: Path, out: Path) -> None:
    tamper(night)  # type: ignore[operator]
    alert = pl.read_parquet(out / "alerts" / "**" / "*.parquet").filter(pl.col("transaction_ids").list.contains("s1"))
    code, text, _ = command("verify", alert["alert_id"][0], "--data", night, "--out", out)
    assert code == 1
    assert "DIFFERS  input files have the manifest's hashes: 1 of 13 differ" in text
    assert "DIFFERS  its rows lie where the evidence says" in text
    assert "is not confirmed" in text


@pytest.mark.parametrize(
    ("column", "value"),
    [("score", 0.99), ("narrative", "Something else."), ("amount_usd", 1), ("chance_probability", None)],
)
def test_verify_says_what_was_changed_in_a_published_alert(
    column: str, value: object, command: Command, night: Path, out: Path
) -> None:
    path = (out / "alerts" / f"run_date={DAY}" / "part-0.parquet").resolve()
    rows = pl.read_parquet(path)
    path.chmod(0o644)
    rows.with_columns(pl.lit(value).cast(rows.schema[column]).alias(column)).write_parquet(path)
    code, text, _ = command("verify", rows["alert_id"][0], "--data", night, "--out", out)
    assert code == 1
    assert f"DIFFERS  every figure and word of it is the same: {column}: " in text


def test_verify_uses_the_parameters_of_the_night(command: Command, tmp_path: Path, out: Path, pretend: None) -> None:
    del pretend
    data = world().write(tmp_path / "data")
    settings = tmp_path / "settings.toml"
    settings.write_text("lookback_days = 3\n[mirror_swap]\nminimum_rows = 2\n")
    assert command("run", "--data", data, "--out", out, "--date", DAY, "--config", settings)[0] == 0
    alerts = pl.read_parquet(out / "alerts" / "**" / "*.parquet")
    assert alerts.height == 1
    assert command("verify", alerts["alert_id"][0], "--data", data, "--out", out)[0] == 0


def test_a_mapped_night_is_verified_with_its_mapping(
    command: Command, tmp_path: Path, out: Path, pretend: None
) -> None:
    del pretend
    data = world().write(tmp_path / "data")
    for path in (data / "transactions").rglob("*.parquet"):
        pl.read_parquet(path).rename({"transaction_id": "txn"}).write_parquet(path)
    columns = (name for name in pl.read_parquet_schema(path) if name not in {"txn", "reverses_transaction_id"})
    mapping = tmp_path / "bank.toml"
    lines = ["[transactions]", 'path = "transactions/booking_date=*/*.parquet"', "[transactions.columns]"]
    mapping.write_text("\n".join([*lines, 'transaction_id = "txn"', *(f"{name} = '{name}'" for name in columns)]))
    assert command("run", "--data", data, "--out", out, "--date", DAY, "--mapping", mapping)[0] == 0
    alert = pl.read_parquet(out / "alerts" / "**" / "*.parquet")["alert_id"][0]
    verify = ("verify", alert, "--data", data, "--out", out)
    assert command(*verify, "--mapping", mapping)[0] == 0
    code, text, _ = command(*verify)
    assert code == 1
    assert "another mapping file" in text
    mapping.write_text(mapping.read_text() + "# changed")
    assert "another mapping file" in command(*verify, "--mapping", mapping)[1]


def test_report_renders_the_published_night_again(command: Command, night: Path, out: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    assert command("report", "--out", out, "--date", DAY, "--data", night, "--to", again)[0] == 0
    for name in ("index.html", "alerts.csv", "alerts.xlsx"):
        assert (again / name).read_bytes() == (out / "reports" / str(DAY) / name).read_bytes()
    assert command("report", "--out", out, "--date", DAY, "--to", tmp_path / "without names")[0] == 0


@pytest.mark.usefixtures("pretend")
def test_validate_publishes_nothing(command: Command, tmp_path: Path, out: Path) -> None:
    data = world().write(tmp_path / "data")
    code, text, err = command("validate", "--data", data, "--date", DAY, "--json")
    assert code == 0, err
    assert json.loads(text)["quality"][0]["expectation"] == "purposes_are_whole"
    assert command("validate", "--data", data, "--date", DAY, "--out", out)[0] == 0
    assert {path.name for path in out.iterdir()} == {"validated", ".work"}
    assert (out / "validated" / f"run_date={DAY}" / "quality" / "part-0.parquet").is_file()
    broken = world().pay("b", "broken").write(tmp_path / "broken")
    assert command("validate", "--data", broken, "--date", DAY)[0] == 3
    assert command("validate", "--data", broken, "--date", DAY, "--out", out)[0] == 3
    assert (out / "failed" / f"run_date={DAY}" / "quality" / "part-0.parquet").is_file()


@pytest.mark.usefixtures("pretend")
def test_detect_writes_findings_only_where_it_is_told_to(command: Command, tmp_path: Path, out: Path) -> None:
    data = world().write(tmp_path / "data")
    code, text, _ = command("detect", "--data", data, "--date", DAY, "--json", "--only", "mirror_swap")
    assert code == 0
    assert [row["typology"] for row in json.loads(text)] == ["mirror_swap", "mirror_swap"]
    assert command("detect", "--data", data, "--date", DAY, "--out", out)[0] == 0
    found = out / "findings" / f"run_date={DAY}"
    assert {path.name: pl.read_parquet(path).height for path in found.iterdir()} == {
        "mirror_swap.parquet": 2,
        "shell_company.parquet": 0,
    }


def test_the_installed_command_runs() -> None:
    script = shutil.which("mirrorwatch", path=str(Path(sys.executable).parent))
    assert script is not None
    shown = subprocess.run([script, "--help"], capture_output=True, text=True, check=True)
    assert "one night, from Parquet to a report" in " ".join(shown.stdout.split())
