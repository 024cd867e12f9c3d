"""CSV and XLSX: the same alerts, numbers as numbers, and no cell that runs."""

import csv
import hashlib
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.report_nights import empty_night, hostile_night, ordinary_night

from mirrorwatch.report import PageLimits, ReportInputs, write_report
from mirrorwatch.report.sheets import harmless


def written(night: ReportInputs, folder: Path) -> tuple[list[dict[str, str]], openpyxl.Workbook]:
    write_report(night, folder)
    with (folder / "alerts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return rows, openpyxl.load_workbook(folder / "alerts.xlsx")


def test_the_same_alerts_stand_in_both(tmp_path: Path) -> None:
    night = ordinary_night()
    rows, book = written(night, tmp_path)
    sheet = book["Alerts"]
    names = [cell.value for cell in sheet[1]]
    assert [row["alert_id"] for row in rows] == night.alerts["alert_id"].to_list()
    assert [row[names.index("alert_id")].value for row in sheet.iter_rows(min_row=2)] == night.alerts[
        "alert_id"
    ].to_list()
    assert rows[0]["amount_usd"] == str(night.alerts["amount_usd"][0])
    assert rows[0]["first_booked_at"].endswith("Z")
    assert rows[0]["subject_name"] == "Bluewater Produce Imports LLC"


def test_money_is_a_number_with_two_decimals_and_dates_are_dates(tmp_path: Path) -> None:
    night = ordinary_night()
    _, book = written(night, tmp_path)
    sheet = book["Alerts"]
    names = [cell.value for cell in sheet[1]]
    amount, first = (sheet.cell(2, names.index(name) + 1) for name in ("amount_usd", "first_booked_at"))
    assert amount.value == pytest.approx(float(night.alerts["amount_usd"][0]))
    assert amount.number_format == "#,##0.00"
    assert isinstance(first.value, datetime)
    assert first.value == night.alerts["first_booked_at"][0].replace(tzinfo=None, microsecond=first.value.microsecond)


def test_every_table_has_its_sheet_in_full(tmp_path: Path) -> None:
    night = ordinary_night()
    _, book = written(night, tmp_path)
    rows = {sheet.title: sheet.max_row - 1 for sheet in book}
    assert rows == {
        "Alerts": 3,
        "Indicators": 8,
        "Evidence": night.evidence.height,
        "Completeness": night.completeness.height,
        "Quarantine": 3,
        "Quality": 4,
        "Blindness": 3,
    }


def test_the_same_night_gives_the_same_bytes_at_another_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_report(ordinary_night(), tmp_path / "one")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    write_report(ordinary_night(), tmp_path / "two")
    monkeypatch.undo()
    time.tzset()
    for name in ("index.html", "quality.html", "alerts.csv", "alerts.xlsx", "metrics.prom"):
        one, two = ((tmp_path / folder / name).read_bytes() for folder in ("one", "two"))
        assert hashlib.sha256(one).hexdigest() == hashlib.sha256(two).hexdigest(), name
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert names == ["alerts.csv", "alerts.xlsx", "index.html", "metrics.prom", "quality.html"]


def test_an_empty_night_has_headers_only(tmp_path: Path) -> None:
    rows, book = written(empty_night(), tmp_path)
    assert rows == []
    assert [cell.value for cell in book["Alerts"][1]][:3] == ["rank", "state", "typology"]


def test_no_cell_of_a_hostile_night_is_a_formula(tmp_path: Path) -> None:
    rows, book = written(hostile_night(), tmp_path)
    for sheet in book:
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                assert cell.data_type != "f"
                assert not isinstance(cell.value, str) or cell.value[:1] not in set("=+-@")
    assert rows[0]["narrative"].startswith("'=1+1")
    assert rows[1]["subject_name"].startswith("'=cmd|")
    assert all(value[:1] not in set("=+-@\t\r") for row in rows for value in row.values())


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@A", "\t=1", "\r=1", " =1", "＝1", "\n-x"])
def test_each_way_to_start_a_formula_is_marked_as_text(text: str) -> None:
    assert harmless(pl.DataFrame({"text": [text]}))["text"][0].startswith("'")


@given(st.text(max_size=40))
def test_other_texts_stay_as_they_are(text: str) -> None:
    shown = harmless(pl.DataFrame({"text": [text]}))["text"][0]
    if text.isprintable() and text.strip()[:1] not in set("=+-@＝＋－＠"):
        assert shown == text
    assert shown.strip()[:1] not in set("=+-@")


def test_a_cell_longer_than_the_format_holds_is_cut_and_says_so(tmp_path: Path) -> None:
    night = ordinary_night()
    night = replace(night, alerts=night.alerts.with_columns(narrative=pl.lit("n" * 40_000)))
    _, book = written(night, tmp_path)
    names = [cell.value for cell in book["Alerts"][1]]
    value = book["Alerts"].cell(2, names.index("narrative") + 1).value
    assert isinstance(value, str)
    assert len(value) == 32_767
    assert value.endswith("(cut: 40,000 characters)")


def test_the_evidence_sheet_is_cut_where_the_limit_says(tmp_path: Path) -> None:
    _, book = written(replace(ordinary_night(), limits=PageLimits(workbook_evidence_rows=10)), tmp_path)
    assert book["Evidence"].max_row == 11
