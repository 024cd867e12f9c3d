"""
### Check whether the data of the coming night is good enough.

`plan → validate`

**Schedule.** Every day at 01:00 UTC, for the day before: two hours before the night reads the same data, so that there
is time to have the source corrected. Run it by hand after a correction.

**Settings.** As `mirrorwatch_nightly`.

**What it leaves.** `validated/run_date=D` in the output: every expectation's result, the rows put aside, completeness,
blindness, Data Docs. When the gate would stop the night, the task fails, its log says why, and the same lies in
`failed/run_date=D`. It publishes nothing and names nobody. With `[lineage]` in the settings file, it emits OpenLineage
events with the expectations' results.
"""

from datetime import timedelta

from airflow.sdk import CronPartitionTimetable, dag, task

from mirrorwatch import scheduling


@dag(
    dag_id="mirrorwatch_data_quality",
    schedule=CronPartitionTimetable("0 1 * * *", timezone="UTC", run_offset=-1, key_format="%Y-%m-%d"),
    catchup=False,
    max_active_runs=1,
    params=scheduling.settings(),
    default_args=scheduling.defaults(),
    dagrun_timeout=timedelta(hours=24),
    tags=["mirrorwatch", "data-quality"],
    doc_md=__doc__,
)
def data_quality() -> None:
    """Check one night's data."""
    plan = task(task_id="plan")(scheduling.plan_night)()
    task(task_id="validate")(scheduling.validate_night)(plan)


DATA_QUALITY = data_quality()
