"""What a person reads: one HTML file that opens from disk with no network, and the same as CSV and XLSX."""

from mirrorwatch.report.inputs import (
    QUARANTINE_COUNTS,
    DetectorNote,
    NightFacts,
    PageLimits,
    ReportInputs,
    count_quarantine,
)
from mirrorwatch.report.writing import render_page, write_report

__all__ = [
    "QUARANTINE_COUNTS",
    "DetectorNote",
    "NightFacts",
    "PageLimits",
    "ReportInputs",
    "count_quarantine",
    "render_page",
    "write_report",
]
