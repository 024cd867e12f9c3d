"""OpenLineage events: real nights that write them to a file, read back as a catalogue would."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Command
from tests.worlds import DAY, ordinary

from mirrorwatch.config import Lineage, load

pytest.importorskip("openlineage.client")
pytestmark = pytest.mark.usefixtures("pretend")
Event = dict[str, Any]


@pytest.fixture
def told(tmp_path: Path) -> Path:
    """Return a configuration that writes events to events.jsonl beside it."""
    path = tmp_path / "lineage.toml"
    path.write_text(
        "[lineage]\nnamespace = 'bank'\n[lineage.transport]\ntype = 'file'\nappend = true\n"
        f"log_file_path = '{tmp_path}/events.jsonl'\n"
    )
    return path


def events(told: Path) -> list[Event]:
    return [json.loads(line) for line in (told.parent / "events.jsonl").read_text(encoding="utf-8").splitlines()]


def facets(event: Event, side: str, name: str) -> Event:
    """Return a dataset's facets of one side of an event, by the last part of its name."""
    dataset = next(each for each in event[side] if each["name"].endswith(f"/{name}"))
    return dataset["facets"] | dataset["inputFacets" if side == "inputs" else "outputFacets"]


def test_a_night_tells_of_itself_and_each_step(command: Command, tmp_path: Path, out: Path, told: Path) -> None:
    data = ordinary().write(tmp_path / "data")
    assert command("run", "--data", data, "--out", out, "--date", DAY, "--config", told)[0] == 0
    night = events(told)
    assert {event["job"]["namespace"] for event in night} == {"bank"}
    counted = Counter((event["job"]["name"], event["eventType"]) for event in night)
    detected = ("detect.mirror_swap", "detect.shell_company")
    steps = ("stage", "assess", "gate", "prepare", *detected, "assemble", "report", "publish")
    assert counted == Counter((job, kind) for job in ("night", *(f"night.{step}" for step in steps))
                              for kind in ("START", "COMPLETE"))  # fmt: skip
    run = night[0]["run"]["runId"]
    assert night[-1]["run"]["runId"] == run
    parents = [event["run"]["facets"]["parent"] for event in night if event["job"]["name"] != "night"]
    assert {(parent["run"]["runId"], parent["job"]["name"]) for parent in parents} == {(run, "night")}
    assert night[0]["run"]["facets"]["nominalTime"]["nominalStartTime"].startswith(str(DAY))


def test_datasets_carry_schema_rows_nulls_and_every_expectation(
    command: Command, tmp_path: Path, out: Path, told: Path
) -> None:
    data = ordinary().write(tmp_path / "data")
    command("run", "--data", data, "--out", out, "--date", DAY, "--config", told)
    last = events(told)[-1]
    assert {each["namespace"] for each in last["inputs"] + last["outputs"]} == {"file"}
    given = ("transactions", "accounts", "parties", "fx_rates")
    assert {each["name"] for each in last["inputs"]} == {f"{data}/{name}" for name in given}
    rows = facets(last, "inputs", "transactions")
    assert {"name": "amount", "type": "Decimal(precision=18, scale=2)"}.items() <= rows["schema"]["fields"][4].items()
    assert (rows["dataQualityMetrics"]["rowCount"], rows["dataQualityMetrics"]["fileCount"]) == (10, 10)
    assert rows["dataQualityMetrics"]["bytes"] > 0
    assert rows["dataQualityMetrics"]["columnMetrics"]["purpose"] == {"count": 1, "nullCount": 0, "quantiles": {}}
    (assertion,) = rows["dataQualityAssertions"]["assertions"]
    assert (assertion["assertion"], assertion["column"]) == ("purposes_are_whole", "purpose")
    assert (assertion["success"], assertion["severity"]) == (True, "error")
    alerts = facets(last, "outputs", "alerts")
    assert alerts["outputStatistics"]["rowCount"] == 0
    assert "narrative" in {field["name"] for field in alerts["schema"]["fields"]}
    assert facets(last, "outputs", "completeness")["outputStatistics"]["rowCount"] == 10


def test_a_stopped_night_fails_with_its_reason_and_what_failed(
    command: Command, tmp_path: Path, out: Path, told: Path
) -> None:
    data = ordinary().pay("b", "broken").write(tmp_path / "data")
    assert command("run", "--data", data, "--out", out, "--date", DAY, "--config", told)[0] == 3
    step, night = events(told)[-2:]
    assert (step["job"]["name"], step["eventType"]) == ("night.gate", "FAIL")
    assert (night["job"]["name"], night["eventType"]) == ("night", "FAIL")
    assert "too bad to judge anyone on" in night["run"]["facets"]["errorMessage"]["message"]
    (assertion,) = facets(night, "inputs", "transactions")["dataQualityAssertions"]["assertions"]
    assert assertion["success"] is False


def test_trying_again_is_another_run(command: Command, tmp_path: Path, out: Path, told: Path) -> None:
    data = ordinary().write(tmp_path / "data")
    for _ in range(2):
        command("run", "--data", data, "--out", out, "--date", DAY, "--config", told)
    nights = [event for event in events(told) if event["job"]["name"] == "night"]
    starts = [event["run"]["runId"] for event in nights if event["eventType"] == "START"]
    assert len(set(starts)) == 2


def test_checking_data_is_a_job_of_its_own(command: Command, tmp_path: Path, out: Path, told: Path) -> None:
    data = ordinary().write(tmp_path / "data")
    command("validate", "--data", data, "--out", out, "--date", DAY, "--config", told)
    heard = events(told)
    assert (heard[-1]["job"]["name"], heard[-1]["eventType"]) == ("validate", "COMPLETE")
    assert heard[-1]["outputs"] == []
    assert facets(heard[-1], "inputs", "transactions")["dataQualityAssertions"]["assertions"]


def test_without_a_transport_nobody_is_told(command: Command, tmp_path: Path, out: Path) -> None:
    assert load().lineage.transport == {}
    command("run", "--data", ordinary().write(tmp_path / "data"), "--out", out, "--date", DAY)
    assert not (out / ".work" / str(DAY) / "lineage.json").exists()


def test_a_catalogue_that_cannot_be_reached_does_not_cost_the_night(
    command: Command, tmp_path: Path, out: Path, told: Path
) -> None:
    (tmp_path / "events.jsonl").mkdir()
    data = ordinary().write(tmp_path / "data")
    code, _, err = command("run", "--data", data, "--out", out, "--date", DAY, "--config", told)
    assert code == 0
    assert "lineage could not be written" in err


def test_a_transport_that_does_not_exist_is_wrong_use(command: Command, tmp_path: Path, out: Path, told: Path) -> None:
    told.write_text("[lineage.transport]\ntype = 'pigeon'\n")
    data = ordinary().write(tmp_path / "data")
    code, _, err = command("run", "--data", data, "--out", out, "--date", DAY, "--config", told)
    assert code == 2
    assert "lineage.transport" in err


def test_lineage_changes_no_result_and_shows_no_secret(told: Path) -> None:
    plain, telling = load(), load(told)
    assert telling.lineage == Lineage(namespace="bank", transport=telling.lineage.transport)
    assert telling.hash == plain.hash
    assert "events.jsonl" not in repr(telling)
