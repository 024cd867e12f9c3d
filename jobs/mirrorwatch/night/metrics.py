"""What a monitoring system scrapes: the last night's figures, and how the run that made them went.

`OUT/metrics/mirrorwatch.prom` is one file, replaced by each night that runs, published or not: node exporter's textfile
collector refuses two files with the same metrics. The figures alone stand in `reports/D/metrics.prom` too, with the
night; the run's own times are in none of what is published, since they never repeat.
"""

import json
import time
from collections.abc import Iterator
from pathlib import Path

from prometheus_client.core import GaugeMetricFamily

from mirrorwatch.night import planning
from mirrorwatch.night.planning import Plan
from mirrorwatch.night.stepping import log
from mirrorwatch.report.metrics import family, written
from mirrorwatch.store.layout import METRICS, is_remote, local_folder
from mirrorwatch.store.remote import Bucket
from mirrorwatch.store.writing import write_text


def leave(plan: Plan, *, published: bool) -> None:
    """Write the metrics of a night that ended. A later night that is published already keeps its own."""
    configuration = plan.configuration()
    if any(night > plan.run_date for night in planning.published(plan, configuration).nights):
        log.info("the metrics are of a later night and stay", night=plan.run_date.isoformat())
        return
    text = _figures(plan, published=published) + written(_run(plan, published=published))
    if is_remote(plan.out):
        Bucket.open(plan.out, configuration.storage_options).write(METRICS, text.encode())
    else:
        write_text(text, local_folder(plan.out) / METRICS)


def _figures(plan: Plan, *, published: bool) -> str:
    """Return what the report told of the night, or of why it was stopped; nothing when it came to no report."""
    whole, stopped = plan.folder.table("reports") / plan.run_date.isoformat(), plan.folder.table("report")
    for folder in (whole,) if published else (stopped, whole):
        if (path := folder / "metrics.prom").is_file():
            return path.read_text(encoding="utf-8")
    return ""


def _run(plan: Plan, *, published: bool) -> Iterator[GaugeMetricFamily]:
    yield family("night_published", "1 when the last run published its night.", (), [((), float(published))])
    now = "When the last run ended, by the machine's clock."
    yield family("run_ended_timestamp_seconds", now, (), [((), round(time.time(), 3))])
    steps = _steps(plan.folder.steps)
    for name, key, told in (
        ("step_seconds", "seconds", "Time that each step of the last run took."),
        ("step_peak_bytes", "peak_bytes", "Peak memory of the process in each step of the last run."),
    ):
        yield family(name, told, ("step", "typology"), ((place, measured[key]) for place, measured in steps.items()))


def _steps(path: Path) -> dict[tuple[str, str], dict[str, float]]:
    """Read each step's measurements; of a step that ran twice, the last."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    measured = [json.loads(line) for line in lines]
    return {_place(each["step"]): each for each in measured}


def _place(step: str) -> tuple[str, str]:
    name, _, typology = step.partition(" ")
    return name, typology
