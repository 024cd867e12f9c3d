"""What a person reads: two HTML files that open from disk with no network, and the alerts as CSV and XLSX."""

from mirrorwatch.report.inputs import (
    QUARANTINE_COUNTS,
    TRAILING,
    DetectorNote,
    NightFacts,
    PageLimits,
    ReportInputs,
    count_quarantine,
)
from mirrorwatch.report.writing import render_metrics, render_page, render_quality_page, write_report

__all__ = [
    "QUARANTINE_COUNTS",
    "TRAILING",
    "DetectorNote",
    "NightFacts",
    "PageLimits",
    "ReportInputs",
    "count_quarantine",
    "render_metrics",
    "render_page",
    "render_quality_page",
    "write_report",
]
