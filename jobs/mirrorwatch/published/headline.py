"""A night in a few figures, as the command prints it and the DAG logs it."""

from datetime import date
from typing import Any

import polars as pl

from mirrorwatch.night.reporting import TABLES
from mirrorwatch.store.layout import is_remote, local_folder
from mirrorwatch.store.shelf import Shelf

_COLUMNS = ("rank", "alert_id", "typology", "state", "score", "chance_probability", "amount_usd", "narrative")


def of_night(shelf: Shelf, run_date: date) -> dict[str, Any]:
    """Return the headline of a published night: JSON values, alerts in order of rank."""
    manifest = shelf.manifest(run_date)
    alerts = shelf.table("alerts", run_date, TABLES["alerts"])
    cases = shelf.table("cases", run_date, TABLES["cases"])
    out = shelf.location.rstrip("/") if is_remote(shelf.location) else local_folder(shelf.location)
    return {
        "run_date": run_date.isoformat(),
        "run_id": manifest["run_id"],
        "report": f"{out}/reports/{run_date}/index.html",
        "manifest": f"{out}/manifests/{run_date}.json",
        **manifest["counts"],
        "states": dict(alerts["state"].value_counts().sort("state").iter_rows()),
        "typologies": dict(_live(alerts)["typology"].value_counts().sort("typology").iter_rows()),
        "cases": cases.filter(pl.col("state") != "withdrawn").height,
        "alert_usd": str(_live(alerts)["amount_usd"].sum()),
        "alerts": ranked(alerts),
    }


def ranked(alerts: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the alerts as a list of JSON objects, first to look at first."""
    return alerts.select(_COLUMNS).with_columns(pl.col("amount_usd").cast(pl.String)).sort("rank").to_dicts()


def _live(alerts: pl.DataFrame) -> pl.DataFrame:
    return alerts.filter(pl.col("state") != "withdrawn")
