"""What the Airflow DAGs share: tags, owner, retries, where their settings come from, what the operator is told.

Imports Airflow and no Polars: DAG files are parsed every few seconds, and a process that has run a Polars query must
not be forked.
"""

import os
import sys
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from airflow.sdk import ExceptionRetryPolicy, Param, RetryAction, RetryRule, Variable
from airflow.sdk.definitions.callback import SyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference

from mirrorwatch.errors import UsageError
from mirrorwatch.terminal import plain

OWNER = "financial-crime"
# Closed: a test refuses any other, so that filtering by tag in the web page never misses a DAG.
TAGS = frozenset({"mirrorwatch", "nightly", "data-quality", "publishes", "watchlists"})
SETTINGS = ("data", "out", "config", "mapping")
# Two more tries cure a machine's hiccup (a full disk, a lost mount); data errors are never tried again.
_RETRIES = 2
_DATA_ERRORS: list[type[BaseException] | str] = [
    "mirrorwatch.errors.InputError",
    "mirrorwatch.errors.GateError",
    "mirrorwatch.errors.UsageError",
]
# Ten million transactions take minutes; a step that takes six hours hangs.
_STEP_TIMEOUT = timedelta(hours=6)
# Analysts start at eight: a night that began at three must be there by then, with an hour to react.
_DEADLINE = timedelta(hours=4)


def settings() -> dict[str, Param]:
    """Parameters of a run; what is left empty comes from the Airflow variable or environment of the same name."""
    meanings = {
        "data": "Data folder or prefix. Empty: the variable mirrorwatch_data, else MIRRORWATCH_DATA.",
        "out": "Output folder or prefix. Empty: the variable mirrorwatch_out, else MIRRORWATCH_OUT.",
        "config": "TOML file with settings. Empty: mirrorwatch_config, else MIRRORWATCH_CONFIG, else none.",
        "mapping": "Mapping file. Empty: mirrorwatch_mapping, else MIRRORWATCH_MAPPING, else none.",
        "date": "The night, YYYY-MM-DD. Empty: the run's partition, else its logical date.",
    }
    return {name: Param("", type="string", description=text) for name, text in meanings.items()}


def list_settings() -> dict[str, Param]:
    """Parameters of a run that refreshes the watchlists, filled in as those of a night."""
    sources = (
        "TOML file that names the lists. Empty: mirrorwatch_watchlist_sources, else MIRRORWATCH_WATCHLIST_SOURCES."
    )
    given = settings()
    return {"data": given["data"], "date": given["date"], "sources": Param("", type="string", description=sources)}


def defaults() -> dict[str, Any]:
    """Arguments of every task: owner, retries (none for data errors), a time limit, and word to the operator."""
    return {
        "owner": OWNER,
        "retries": 0 if in_test_run() else _RETRIES,
        "retry_delay": timedelta(minutes=5),
        "retry_policy": ExceptionRetryPolicy(
            rules=[RetryRule(exception=_DATA_ERRORS, action=RetryAction.FAIL, reason="the data or settings are wrong")]
        ),
        "execution_timeout": _STEP_TIMEOUT,
        "on_failure_callback": tell_operator,
    }


def in_test_run() -> bool:
    """Tell whether Airflow's own runner (`airflow dags test`) reads the DAG, rather than the scheduler.

    There, a deadline makes it crash after the run has succeeded, and it sits through the delay before each retry.
    """
    return sys.argv[1:3] == ["dags", "test"]


def deadline() -> DeadlineAlert | None:
    """Return the alert for a late night."""
    if in_test_run():
        return None
    return DeadlineAlert(
        reference=DeadlineReference.DAGRUN_QUEUED_AT, interval=_DEADLINE, callback=SyncCallback(tell_late)
    )


def resolved(context: Mapping[str, Any]) -> dict[str, str | None]:
    """Return where to read and write: from the run's parameters, else Airflow's variables, else the environment."""
    given = context["params"]
    return {name: given.get(name) or _fallback(name) for name in SETTINGS}


def night_of(context: Mapping[str, Any]) -> date:
    """Return the night that a run is for: its parameter, else its partition, else its logical date.

    Raises UsageError when it has none of them, or names no date.
    """
    run = context["dag_run"]
    named = context["params"].get("date") or run.partition_key
    if not named and run.logical_date is None:
        raise UsageError("The run names no night.", remedy="Set its parameter 'date', such as 2026-03-31.")
    try:
        return date.fromisoformat(named[:10]) if named else run.logical_date.date()
    except ValueError as error:
        remedy = "Write the night as YYYY-MM-DD, such as 2026-03-31."
        raise UsageError(f"'{named}' is no date.", remedy=remedy) from error


def plan_night(**context: object) -> dict[str, Any]:
    """Task: lay the night out, as JSON for the tasks after it."""
    from mirrorwatch import night  # imports Polars

    return night.plan_from_settings(night_of(context), **resolved(context)).model_dump(mode="json")


def typologies(plan: dict[str, Any]) -> list[str]:
    """Task: name the typologies to look for, one mapped task each."""
    return list(plan["typologies"])


def run_step(plan: dict[str, Any], step: str, typology: str | None = None) -> dict[str, Any]:
    """Task: run one step of a night that was laid out."""
    from mirrorwatch import night

    return night.run_step(night.Plan.model_validate(plan), step, *([typology] if typology else []))


def validate_night(plan: dict[str, Any]) -> dict[str, Any]:
    """Task: check the data of a night that was laid out, and publish nothing."""
    from mirrorwatch import night
    from mirrorwatch.night import parts

    told = parts.validate(parts.apart(night.Plan.model_validate(plan)))
    return {name: value for name, value in told.items() if not isinstance(value, list)}  # small: tables stay on disk


def refresh_lists(**context: Any) -> dict[str, Any]:  # noqa: ANN401 - Airflow's context holds anything
    """Task: import what the sources file names, and keep every version; without such a file do nothing."""
    from mirrorwatch.watchlists import refreshing  # imports Polars

    given = context["params"]
    data, sources = given.get("data") or _fallback("data"), given.get("sources") or _fallback("watchlist_sources")
    return refreshing.refresh(data, sources, night_of(context))


def tell_operator(context: Mapping[str, Any]) -> None:
    """Print which step failed, on which data, and what to do."""
    error, task = context.get("exception"), context["task_instance"]
    lines = [f"mirrorwatch: {task.dag_id}.{task.task_id} failed in run {task.run_id}.", f"What: {error}"]
    lines += getattr(error, "__notes__", [])
    lines.append("Published nights are as they were. Once the cause is mended, clear this run's tasks from 'stage' on.")
    sys.stderr.write("\n".join(plain(line) for line in lines) + "\n")


def tell_late(**_: object) -> None:
    """Print that the night is late."""
    sys.stderr.write(
        f"mirrorwatch: the night was not published within {_DEADLINE}. Look at the running task's log; "
        "published nights are as they were.\n"
    )


def _fallback(name: str) -> str | None:
    found = Variable.get(f"mirrorwatch_{name}", default=None)
    return str(found) if found else os.environ.get(f"MIRRORWATCH_{name.upper()}") or None
