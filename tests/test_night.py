"""Nights through the command: states over nights, reruns, gates, and what a failure tells the operator."""

import json
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from tests.conftest import Command
from tests.worlds import DAY, OTHER, PRETEND, World, ordinary

from mirrorwatch import detectors

pytestmark = pytest.mark.usefixtures("pretend")
NEXT = DAY + timedelta(days=1)


def alerts(out: Path, night: object = DAY) -> pl.DataFrame:
    return pl.read_parquet(out / "alerts" / f"run_date={night}" / "part-0.parquet")


def states(out: Path, night: object = DAY) -> dict[str, str]:
    """State by payer."""
    return dict(alerts(out, night).select(pl.col("subject_party_id").str.strip_prefix("P-"), "state").iter_rows())


def published(out: Path) -> dict[str, bytes]:
    """Every byte that a reader sees."""
    current = (out / ".published" / "current").resolve()
    return {str(path.relative_to(current)): path.read_bytes() for path in current.rglob("*") if path.is_file()}


def run(command: Command, world: World, folder: Path, out: Path, night: object = DAY, *more: object) -> Path:
    """Write `world` as a data folder and run one night of it, which must succeed."""
    data = world.write(folder)
    code, _, err = command("run", "--data", data, "--out", out, "--date", night, *more)
    assert code == 0, err
    return data


def planted() -> World:
    return (
        ordinary()
        .pay("s1", "scheme same", payer="same")
        .pay("g1", "scheme grows", payer="grows")
        .pay("e1", "scheme ends", payer="ends", day=DAY - timedelta(days=3))
    )


def test_states_over_three_nights(command: Command, tmp_path: Path, out: Path) -> None:
    world = planted()
    run(command, world, tmp_path / "data", out)
    assert states(out) == {"same": "new", "grows": "new", "ends": "new"}
    world.rows = [
        {**row, "purpose": "rent" if row["purpose"] == "scheme ends" else row["purpose"]} for row in world.rows
    ]
    world.pay("g2", "scheme grows", payer="grows", day=NEXT).pay(
        "f1", "scheme fresh", payer="fresh", payee="F2", day=NEXT
    )
    run(command, world, tmp_path / "next", out, NEXT)
    assert states(out, NEXT) == {"same": "unchanged", "grows": "changed", "fresh": "new", "ends": "withdrawn"}
    run(
        command, world.pay("o", "rent", day=NEXT + timedelta(days=1)), tmp_path / "third", out, NEXT + timedelta(days=1)
    )
    assert states(out, NEXT + timedelta(days=1)) == {"same": "unchanged", "grows": "unchanged", "fresh": "unchanged"}
    assert states(out) == {"same": "new", "grows": "new", "ends": "new"}


def test_an_alert_whose_evidence_left_the_window_is_withdrawn_with_that_reason(
    command: Command, tmp_path: Path, out: Path
) -> None:
    data = run(command, planted(), tmp_path / "data", out, DAY, "--lookback-days", 4)
    later = planted().pay("o", "rent", day=NEXT).write(tmp_path / "later")
    assert command("run", "--data", later, "--out", out, "--date", NEXT, "--lookback-days", 4)[0] == 0
    withdrawn = alerts(out, NEXT).filter(state="withdrawn")
    assert withdrawn["subject_party_id"].to_list() == ["P-ends"]
    assert "1 of its 1 transactions left the lookback window, which begins on 2026-03-29" in withdrawn["narrative"][0]
    assert data.is_dir()


def test_the_same_night_twice_is_byte_identical(command: Command, tmp_path: Path, out: Path) -> None:
    data = run(command, planted(), tmp_path / "data", out)
    first = {path.name: path.read_bytes() for path in (out / "manifests").glob("*.json")}
    tables = {
        path: path.read_bytes()
        for name in ("alerts", "cases", "evidence", "reports")
        for path in (out / name).rglob("*.*")
    }
    assert command("run", "--data", data, "--out", out, "--date", DAY)[0] == 0
    assert all(path.read_bytes() == content for path, content in tables.items())
    assert {path.name: path.read_bytes() for path in (out / "manifests").glob("*.json")} == first
    assert not (out / "manifests" / "superseded").exists()


def test_a_rerun_on_corrected_data_withdraws_what_its_readers_saw(command: Command, tmp_path: Path, out: Path) -> None:
    run(command, planted(), tmp_path / "data", out)
    corrected = planted()
    corrected.rows = [row for row in corrected.rows if row["transaction_id"] != "e1"]
    data = run(command, corrected, tmp_path / "corrected", out)
    assert states(out) == {"same": "new", "grows": "new", "ends": "withdrawn"}
    before = (out / "alerts" / f"run_date={DAY}" / "part-0.parquet").read_bytes()
    assert command("run", "--data", data, "--out", out, "--date", DAY)[0] == 0
    assert (out / "alerts" / f"run_date={DAY}" / "part-0.parquet").read_bytes() == before
    assert len(list((out / "manifests" / "superseded").iterdir())) == 1


def test_only_reports_the_rest_blind_and_withdraws_nothing_of_it(
    command: Command, tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(command, planted(), tmp_path / "data", out)
    run(command, planted().pay("o", "rent", day=NEXT), tmp_path / "next", out, NEXT, "--only", "shell_company")
    assert alerts(out, NEXT).is_empty()
    blind = pl.read_parquet(out / "blindness" / f"run_date={NEXT}" / "*.parquet")
    assert blind.filter(detector="mirror_swap", indicator="all")["accounts"].to_list() == [12]
    third = NEXT + timedelta(days=1)
    run(command, planted().pay("o", "rent", day=third), tmp_path / "third", out, third)
    assert states(out, third) == {"same": "unchanged", "grows": "unchanged", "ends": "unchanged"}
    monkeypatch.setattr(detectors, "DETECTORS", (OTHER, PRETEND))
    manifest = json.loads((out / "manifests" / f"{third}.json").read_text())
    assert manifest["compared_with"] == {"mirror_swap": str(DAY), "shell_company": str(NEXT)}


def test_a_published_night_is_not_replaced_by_one_that_looks_for_less(
    command: Command, tmp_path: Path, out: Path
) -> None:
    data = run(command, planted(), tmp_path / "data", out)
    before = published(out)
    code, _, err = command("run", "--data", data, "--out", out, "--date", DAY, "--only", "shell_company")
    assert (code, "looked for more: mirror_swap would be left out" in " ".join(err.split())) == (2, True)
    assert published(out) == before
    run(command, planted(), tmp_path / "data", out, DAY, "--only", "shell_company", "mirror_swap")
    assert states(out) == {"same": "new", "grows": "new", "ends": "new"}


def test_a_gate_stops_the_night_and_leaves_its_reasons(command: Command, tmp_path: Path, out: Path) -> None:
    run(command, planted(), tmp_path / "data", out)
    published = (out / "alerts" / f"run_date={DAY}" / "part-0.parquet").read_bytes()
    data = planted().pay("b", "broken", day=NEXT).write(tmp_path / "broken")
    code, _, err = command("run", "--data", data, "--out", out, "--date", NEXT)
    assert code == 3
    assert "transactions.purposes_are_whole.purpose failed: a test broke them." in err
    assert f"Step: gate. Night: {NEXT}." in err
    failed = out / "failed" / f"run_date={NEXT}"
    assert {path.name for path in failed.iterdir()} >= {"quality", "quarantine", "report"}
    assert "purposes_are_whole" in (failed / "report" / "index.html").read_text()
    assert not (out / "alerts" / f"run_date={NEXT}").exists()
    assert (out / "alerts" / f"run_date={DAY}" / "part-0.parquet").read_bytes() == published
    settings = tmp_path / "accepted.toml"
    settings.write_text('[gates]\naccepted = ["transactions.purposes_are_whole"]\n')
    assert command("run", "--data", data, "--out", out, "--date", NEXT, "--config", settings)[0] == 0
    assert not failed.exists()


def test_rejected_rows_beyond_the_bound_stop_the_night(command: Command, tmp_path: Path, out: Path) -> None:
    world = ordinary()
    for number in range(3):
        world.pay(f"bad{number}", "rent", currency="???")
    data = world.write(tmp_path / "data")
    code, _, err = command("run", "--data", data, "--out", out, "--date", DAY)
    assert code == 3
    assert "3 of the 13 transactions read were rejected, more than the 5.0%" in err
    assert pl.read_parquet(out / "failed" / f"run_date={DAY}" / "quarantine" / "*.parquet").height == 3


def test_input_that_cannot_be_read_exits_3_and_names_the_file(command: Command, tmp_path: Path, out: Path) -> None:
    data = planted().write(tmp_path / "data")
    (data / "accounts" / "part-0.parquet").write_bytes(b"PAR1 not really")
    code, _, err = command("run", "--data", data, "--out", out, "--date", DAY)
    assert code == 3
    assert "accounts/part-0.parquet" in err
    quality = pl.read_parquet(out / "failed" / f"run_date={DAY}" / "quality" / "*.parquet")
    assert quality.select("dataset", "expectation", "success").rows() == [("accounts", "input_can_be_read", False)]
    assert not (out / "alerts" / f"run_date={DAY}").exists()


def test_a_detector_that_breaks_exits_1_and_names_the_step(
    command: Command, tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = planted().write(tmp_path / "data")

    def broken(*_: object) -> pl.LazyFrame:
        raise ZeroDivisionError("on purpose")

    faulty = type(PRETEND)(**{**vars(PRETEND), "detect": broken})
    monkeypatch.setattr(detectors, "DETECTORS", (faulty, OTHER))
    code, _, err = command("run", "--data", data, "--out", out, "--date", DAY)
    assert code == 1
    assert "The step 'detect mirror_swap' broke: ZeroDivisionError: on purpose" in err
    assert str(data) in err
    assert "The last published night is as it was." in err


def test_a_configuration_that_changes_under_a_night_is_refused(tmp_path: Path, out: Path) -> None:
    from mirrorwatch import night
    from mirrorwatch.errors import UsageError

    settings = tmp_path / "settings.toml"
    settings.write_text("lookback_days = 10\n")
    data = planted().write(tmp_path / "data")
    plan = night.plan(str(data), str(out), DAY, config_file=settings)
    night.run_step(plan, "stage")
    settings.write_text("lookback_days = 9\n")
    with pytest.raises(UsageError, match="changed while the night was running"):
        night.run_step(plan, "detect", "mirror_swap")


def test_a_plan_survives_json(tmp_path: Path, out: Path) -> None:
    from mirrorwatch.night import Plan, plan

    made = plan(str(planted().write(tmp_path / "data")), str(out), DAY, only=("mirror_swap",))
    assert Plan.model_validate_json(made.model_dump_json()) == made


def test_steps_leave_their_time_and_memory(command: Command, tmp_path: Path, out: Path) -> None:
    run(command, planted(), tmp_path / "data", out)
    lines = (out / ".work" / str(DAY) / "steps.jsonl").read_text().splitlines()
    steps = {entry["step"]: entry for entry in map(json.loads, lines)}
    assert list(steps) == [
        "stage", "assess", "gate", "prepare", "detect mirror_swap", "detect shell_company", "assemble", "report",
        "publish",
    ]  # fmt: skip
    assert all(entry["peak_bytes"] > 10_000_000 for entry in steps.values())
