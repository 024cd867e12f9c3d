"""
### Refresh the lists of sanctioned and exposed persons, and keep every version.

`refresh`

**Schedule.** Every day at 02:00 UTC, for the day before: an hour before the night of that day screens against them. Run
it by hand when a publisher lists somebody during the day.

**Settings.** The run's parameters `data`, `sources` and `date`. What is empty there comes from the Airflow variables
`mirrorwatch_data` and `mirrorwatch_watchlist_sources`, then from the environment (`MIRRORWATCH_DATA`,
`MIRRORWATCH_WATCHLIST_SOURCES`). `sources` is a TOML file that names the lists and where they come from
(docs/watchlists.md). Without it nothing is done and nothing is fetched.

**When it fails.** The log ends with the list that broke, where, and what to do. The other lists are refreshed; the
failed one stays as it was. Broken data is not tried again, a failed download is. Running it again is safe: the same
bytes change nothing.
"""

from datetime import timedelta

from airflow.sdk import Asset, CronPartitionTimetable, dag, task

from mirrorwatch import scheduling

LISTS = Asset("mirrorwatch_watchlists", group="mirrorwatch")


@dag(
    dag_id="mirrorwatch_watchlists",
    schedule=CronPartitionTimetable("0 2 * * *", timezone="UTC", run_offset=-1, key_format="%Y-%m-%d"),
    catchup=False,
    max_active_runs=1,  # versions are kept one after the other
    params=scheduling.list_settings(),
    default_args=scheduling.defaults(),
    dagrun_timeout=timedelta(hours=6),
    tags=["mirrorwatch", "watchlists"],
    doc_md=__doc__,
)
def watchlists() -> None:
    """Refresh every list of the sources file."""
    task(task_id="refresh", outlets=[LISTS])(scheduling.refresh_lists)()


WATCHLISTS = watchlists()
