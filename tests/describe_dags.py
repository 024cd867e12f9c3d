"""Import the DAG files as Airflow would and print what they are as JSON. Called by tests/test_dags.py in a new process.

Usage: python -m tests.describe_dags [ARGUMENT…]; the arguments stand in for Airflow's own command line.
"""

import json
import sys
import warnings
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import airflow.sdk

DAGS = Path(__file__).parent.parent / "dags"


def main() -> None:
    """Print one JSON object: what was warned of, whether Polars came along, and each DAG."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        modules = [_imported(path) for path in sorted(DAGS.glob("*.py"))]
    dags = [value for module in modules for value in vars(module).values() if isinstance(value, airflow.sdk.DAG)]
    told = {
        "warned": [str(warning.message) for warning in warned],
        "polars": "polars" in sys.modules,
        "dags": {dag.dag_id: _described(dag) for dag in dags},
    }
    sys.stdout.write(json.dumps(told))


def _imported(path: Path) -> Any:  # noqa: ANN401
    spec = spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _described(dag: Any) -> dict[str, Any]:  # noqa: ANN401
    dag.validate()
    return {
        "tags": sorted(dag.tags),
        "doc_md": dag.doc_md,
        "catchup": dag.catchup,
        "max_active_runs": dag.max_active_runs,
        "deadline": bool(dag.deadline),
        "schedule": dag.timetable.expression if hasattr(dag.timetable, "expression") else str(dag.timetable),
        "partitioned": type(dag.timetable).__name__ == "CronPartitionTimetable",
        "params": sorted(dag.params),
        "tasks": {task.task_id: _task(task) for task in dag.tasks},
    }


def _task(task: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "after": sorted(task.upstream_task_ids),
        "owner": task.owner,
        "retries": task.retries,
        "retry_policy": type(task.retry_policy).__name__,
        "hours": task.execution_timeout.total_seconds() / 3600,
        "tells_operator": bool(task.on_failure_callback),
        "mapped": task.is_mapped,
        "at_once": task.max_active_tis_per_dag,
        "outlets": [outlet.name for outlet in task.outlets or ()] if not task.is_mapped else [],
    }


if __name__ == "__main__":
    sys.argv = ["airflow", *sys.argv[1:]]
    main()
