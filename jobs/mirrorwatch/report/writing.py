"""Write the report's files. The same input gives the same bytes."""

from pathlib import Path

from mirrorwatch.report.inputs import ReportInputs
from mirrorwatch.report.metrics import render_metrics
from mirrorwatch.report.page import render as render_page
from mirrorwatch.report.quality_page import render as render_quality_page
from mirrorwatch.report.sheets import harmless, sheets
from mirrorwatch.report.workbook import write_workbook

__all__ = ["render_metrics", "render_page", "render_quality_page", "write_report"]


def write_report(inputs: ReportInputs, folder: Path) -> None:
    """Write index.html, quality.html, alerts.csv, alerts.xlsx and metrics.prom into `folder`, made where missing."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = sheets(inputs)
    (folder / "index.html").write_text(render_page(inputs), encoding="utf-8", newline="\n")
    (folder / "metrics.prom").write_text(render_metrics(inputs), encoding="utf-8", newline="\n")
    (folder / "quality.html").write_text(render_quality_page(inputs), encoding="utf-8", newline="\n")
    csv = harmless(tables["Alerts"]).write_csv(datetime_format="%Y-%m-%dT%H:%M:%SZ")
    (folder / "alerts.csv").write_text(csv, encoding="utf-8", newline="\n")
    write_workbook(tables, folder / "alerts.xlsx", inputs.run_date)
