"""
### One night, from Parquet to a published report.

`plan → stage → assess → gate → prepare → detect (one task a typology) → assemble → report → publish`

**Schedule.** Every day at 03:00 UTC, for the day before: each run belongs to one partition, its last booking date. To
fill in past nights: `airflow backfill create --dag-id mirrorwatch_nightly --from-date 2026-03-01 --to-date
2026-03-31T23:59` (both days included).

**Settings.** The run's parameters `data`, `out`, `config`, `mapping` and `date`. What is empty there comes from the
Airflow variables `mirrorwatch_data` and so on, then from the environment (`MIRRORWATCH_DATA` and so on).

**When it fails.** The failed task's log ends with what broke, in which data, and what to do. Data errors are not tried
again. `gate` stops a night whose data is too bad and leaves `failed/run_date=D` in the output. Nothing is published
unless everything is. Running a night again is safe: clear its tasks from `stage` on.

**Who else is told.** Every run replaces `metrics/mirrorwatch.prom` in the output. With `[lineage]` in the settings,
each task and the night emit OpenLineage events with the expectations' results.
"""

from datetime import timedelta

from airflow.sdk import Asset, CronPartitionTimetable, dag, task

from mirrorwatch import scheduling

NIGHT = Asset("mirrorwatch_night", group="mirrorwatch")


@dag(
    dag_id="mirrorwatch_nightly",
    schedule=CronPartitionTimetable("0 3 * * *", timezone="UTC", run_offset=-1, key_format="%Y-%m-%d"),
    catchup=False,
    max_active_runs=1,  # a night is compared with the one before
    params=scheduling.settings(),
    default_args=scheduling.defaults(),
    dagrun_timeout=timedelta(hours=24),
    deadline=scheduling.deadline(),
    tags=["mirrorwatch", "nightly", "publishes"],
    doc_md=__doc__,
)
def nightly() -> None:
    """One night, step by step."""
    plan = task(task_id="plan")(scheduling.plan_night)()
    typologies = task(task_id="typologies")(scheduling.typologies)(plan)
    stage, assess, gate, prepare, assemble, report = (
        task(task_id=step)(scheduling.run_step)(plan, step)
        for step in ("stage", "assess", "gate", "prepare", "assemble", "report")
    )
    detect = (
        task(task_id="detect", max_active_tis_per_dag=2)(scheduling.run_step)
        .partial(plan=plan, step="detect")
        .expand(typology=typologies)
    )
    publish = task(task_id="publish", outlets=[NIGHT])(scheduling.run_step)(plan, "publish")
    stage >> assess >> gate >> prepare >> detect >> assemble >> report >> publish


NIGHTLY = nightly()
