"""The DAGs: import, structure, house rules, and real runs through Airflow's own runner on SQLite."""

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

ROOT = Path(__file__).parent.parent
AIRFLOW = Path(sys.executable).parent / "airflow"
NIGHT = "2026-03-31"

pytestmark = pytest.mark.skipif(not AIRFLOW.exists(), reason="Airflow is not installed (extra: airflow)")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for Airflow's own files."""
    return tmp_path_factory.mktemp("airflow")


def environment(home: Path, **more: object) -> dict[str, str]:
    settings = {
        "AIRFLOW_HOME": home,
        "AIRFLOW__CORE__DAGS_FOLDER": ROOT / "dags",
        "AIRFLOW__CORE__LOAD_EXAMPLES": False,
        "POLARS_MAX_THREADS": 2,
        **more,
    }
    return {**os.environ, **{name: str(value) for name, value in settings.items()}}


def describe(home: Path, *arguments: str) -> dict[str, Any]:
    described = subprocess.run(
        [sys.executable, "-m", "tests.describe_dags", *arguments],
        capture_output=True, text=True, check=False, cwd=ROOT, env=environment(home),
    )  # fmt: skip
    assert described.returncode == 0, described.stderr
    told: dict[str, Any] = json.loads(described.stdout)
    return told


@pytest.fixture(scope="module")
def told(home: Path) -> dict[str, Any]:
    return describe(home, "scheduler")


@pytest.fixture(scope="module")
def dags(told: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = told["dags"]
    return found


def test_dag_files_import_without_a_warning_and_without_polars(told: dict[str, Any]) -> None:
    assert told["warned"] == []
    assert told["polars"] is False


def test_the_dags_are_these(dags: dict[str, Any]) -> None:
    assert set(dags) == {"mirrorwatch_nightly", "mirrorwatch_data_quality", "mirrorwatch_watchlists"}


def test_dag_files_stay_short() -> None:
    for path in (ROOT / "dags").glob("*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) < 80, path


@pytest.mark.parametrize("name", ["mirrorwatch_nightly", "mirrorwatch_data_quality"])
def test_every_dag_is_documented_tagged_owned_and_bounded(name: str, dags: dict[str, Any]) -> None:
    from mirrorwatch.scheduling import OWNER, TAGS

    dag = dags[name]
    assert set(dag["tags"]) <= TAGS
    assert "mirrorwatch" in dag["tags"]
    for part in ("**Schedule.**", "**Settings.**", "fail"):
        assert part in dag["doc_md"]
    assert (dag["catchup"], dag["max_active_runs"], dag["partitioned"]) == (False, 1, True)
    assert dag["params"] == ["config", "data", "date", "mapping", "out"]
    for task in dag["tasks"].values():
        assert task["owner"] == OWNER
        assert (task["retries"], task["retry_policy"]) == (2, "ExceptionRetryPolicy")
        assert 0 < task["hours"] <= 6
        assert task["tells_operator"]


def test_the_night_goes_step_by_step_with_one_task_a_detector(dags: dict[str, Any]) -> None:
    tasks = dags["mirrorwatch_nightly"]["tasks"]
    order = ["plan", "stage", "assess", "gate", "prepare", "detect", "assemble", "report", "publish"]
    assert set(tasks) == {*order, "typologies"}
    for before, after in pairwise(order):
        assert before in tasks[after]["after"]
    assert [name for name, task in tasks.items() if task["mapped"]] == ["detect"]
    assert tasks["detect"]["at_once"] == 2
    assert tasks["publish"]["outlets"] == ["mirrorwatch_night"]


def test_the_deadline_is_set_under_the_scheduler_only(dags: dict[str, Any], home: Path) -> None:
    assert dags["mirrorwatch_nightly"]["deadline"]
    test_run = describe(home, "dags", "test", "mirrorwatch_nightly")["dags"]["mirrorwatch_nightly"]
    assert not test_run["deadline"]
    assert {task["retries"] for task in test_run["tasks"].values()} == {0}


def context(given: str = "", partition: str | None = None) -> dict[str, Any]:
    run = SimpleNamespace(partition_key=partition, logical_date=datetime(2026, 3, 29, 3, tzinfo=UTC))
    return {"params": {"date": given}, "dag_run": run}


@pytest.mark.parametrize(
    ("given", "partition", "night"),
    [
        ("2026-03-31", "2026-03-30", date(2026, 3, 31)),
        ("", "2026-03-30", date(2026, 3, 30)),
        ("", "2026-03-30T03:00:00", date(2026, 3, 30)),
        ("", None, date(2026, 3, 29)),
    ],
)
def test_the_night_is_the_parameter_then_the_partition_then_the_logical_date(
    given: str, partition: str | None, night: date
) -> None:
    from mirrorwatch.scheduling import night_of

    assert night_of(context(given, partition)) == night


@pytest.mark.parametrize("given", ["31.03.2026", "2026-02-30", "tonight"])
def test_a_night_that_is_no_date_is_wrong_use_and_not_tried_again(given: str) -> None:
    from mirrorwatch.errors import UsageError
    from mirrorwatch.scheduling import night_of

    with pytest.raises(UsageError, match=r"is no date.*YYYY-MM-DD"):
        night_of(context(given))


def test_the_operator_is_told_step_data_and_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    from mirrorwatch.errors import GateError
    from mirrorwatch.scheduling import tell_operator

    error = GateError("Too many rows were rejected.", where="out/failed", remedy="Have the source corrected.")
    error.add_note("Step: gate. Night: 2026-03-31. Data: /data.")
    task = SimpleNamespace(dag_id="mirrorwatch_nightly", task_id="gate", run_id="manual__1")
    tell_operator({"exception": error, "task_instance": task})
    told = capsys.readouterr().err
    for part in ("mirrorwatch_nightly.gate failed", "Too many", "Have the source corrected", "Data: /data", "clear"):
        assert part in told


def test_a_setting_that_is_nowhere_given_is_named() -> None:
    from mirrorwatch.errors import UsageError
    from mirrorwatch.night import plan_from_settings

    with pytest.raises(UsageError, match="MIRRORWATCH_OUT"):
        plan_from_settings(date(2026, 3, 31), data="somewhere", out=None, config=None, mapping=None)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small generated world with an easy scheme of each kind."""
    folder = tmp_path_factory.mktemp("world")
    arguments = ["--accounts", "300", "--mirror-hard", "0", "--shell-hard", "0", "--seed", "11", "--date", NIGHT]
    mirrorwatch("synth", "--data", folder / "data", *arguments)
    # A search of a few seconds instead of a minute: the easy scheme is found all the same.
    (folder / "quick.toml").write_text("[mirror_swap]\nmax_parts = 1\nmoved_nights = 1\nseeds = 20\n")
    return folder


def mirrorwatch(*arguments: object) -> subprocess.CompletedProcess[str]:
    script = Path(sys.executable).parent / "mirrorwatch"
    return subprocess.run([script, *map(str, arguments)], capture_output=True, text=True, check=True)


@pytest.fixture(scope="module")
def database(home: Path) -> Path:
    subprocess.run([AIRFLOW, "db", "migrate"], capture_output=True, check=True, env=environment(home))
    return home


def run_dag(name: str, home: Path, data: Path, out: Path, **more: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [AIRFLOW, "dags", "test", name, NIGHT],
        capture_output=True, text=True, check=False, cwd=home,
        env=environment(home, MIRRORWATCH_DATA=data, MIRRORWATCH_OUT=out, **more),
    )  # fmt: skip


@pytest.mark.slow
def test_airflow_publishes_the_same_night_as_the_command(database: Path, world: Path, tmp_path: Path) -> None:
    data, settings = world / "data", world / "quick.toml"
    told = tmp_path / "told.toml"  # lineage changes no byte of what is published
    transport = f"[lineage.transport]\ntype = 'file'\nappend = true\nlog_file_path = '{tmp_path}/events.jsonl'\n"
    told.write_text(settings.read_text() + transport)
    ran = run_dag("mirrorwatch_nightly", database, data, tmp_path / "airflow", MIRRORWATCH_CONFIG=told)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    mirrorwatch("run", "--data", data, "--out", tmp_path / "command", "--date", NIGHT, "--config", settings)
    for path in (f"alerts/run_date={NIGHT}/part-0.parquet", f"manifests/{NIGHT}.json", f"reports/{NIGHT}/index.html"):
        assert (tmp_path / "airflow" / path).read_bytes() == (tmp_path / "command" / path).read_bytes()
    alerts = pl.read_parquet(tmp_path / "airflow" / "alerts" / "**" / "*.parquet")
    assert set(alerts["typology"]) >= {"mirror_swap", "shell_company"}
    events = [json.loads(line) for line in (tmp_path / "events.jsonl").read_text().splitlines()]
    assert len({event["run"]["runId"] for event in events if event["job"]["name"] == "night"}) == 1
    assert (events[-1]["job"]["name"], events[-1]["eventType"]) == ("night", "COMPLETE")
    rows = next(each for each in events[-1]["inputs"] if each["name"].endswith("/transactions"))
    assert len(rows["inputFacets"]["dataQualityAssertions"]["assertions"]) > 20
    assert {each["name"].rsplit("/")[-1] for each in events[-1]["outputs"]} >= {"alerts", "quality", "profile"}


@pytest.mark.slow
def test_a_data_error_fails_the_run_at_once_and_says_what_to_do(database: Path, world: Path, tmp_path: Path) -> None:
    broken = tmp_path / "data"
    for path in sorted((world / "data").rglob("*.parquet")):
        target = broken / path.relative_to(world / "data")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(b"not Parquet" if "parties" in str(path) else path.read_bytes())
    failed = run_dag("mirrorwatch_data_quality", database, broken, tmp_path / "out")
    told = failed.stdout + failed.stderr
    assert failed.returncode != 0
    assert "mirrorwatch: mirrorwatch_data_quality.validate failed" in told
    assert "parties/part-0.parquet" in told
    assert "Remedy: " in told
    assert (tmp_path / "out" / "failed" / f"run_date={NIGHT}" / "quality").is_dir()
