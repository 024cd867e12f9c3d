"""The data-quality page: exceptions first, each with its picture; sums that add up; nothing in the data can act."""

import math
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.report_nights import RUN_DATE
from tests.report_quality_nights import (
    NIGHTS,
    first_night,
    hostile_quality_night,
    odd_night,
    stopped_night,
    usual_night,
)
from tests.test_report_page import Page

from mirrorwatch.report import ReportInputs, render_page, render_quality_page, write_report
from mirrorwatch.report.chart import HEIGHT, WIDTH, Point, draw
from mirrorwatch.report.data_state import data_state
from mirrorwatch.report.quality_view import QualityView, quality_view
from mirrorwatch.report.series import read_followed

EACH = pytest.mark.parametrize("make", NIGHTS)
Make = Callable[[], ReportInputs]


def viewed(night: ReportInputs) -> QualityView:
    return quality_view(night, data_state(night), read_followed(night))


@EACH
def test_every_element_is_closed_every_id_stands_once_and_no_link_leaves(make: Make) -> None:
    html = render_quality_page(make())
    page = Page(html)
    assert page.open == []
    ids = list(page.attributes("id"))
    assert len(ids) == len(set(ids))
    links = list(page.attributes("href"))
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
    assert {link for link in links if not link.startswith("#")} <= {
        "data:,",
        "index.html",
        "../../data_docs/run_date=2026-03-14/index.html",
    }
    assert not list(page.attributes("src"))
    assert not list(page.attributes("style"))
    assert any((policy or "").startswith("default-src 'none'; ") for policy in page.attributes("content"))
    assert "url(" not in html


@EACH
def test_the_same_night_gives_the_same_page_whatever_the_order_of_rows(make: Make) -> None:
    night = make()
    names = ("completeness", "quality", "blindness", "profile", "trend", "trailing")
    turned = replace(night, **{name: getattr(night, name).reverse() for name in names})
    assert render_quality_page(turned) == render_quality_page(night) == render_quality_page(make())


def test_the_two_pages_lead_to_each_other_and_lie_beside_each_other(tmp_path: Path) -> None:
    night = odd_night()
    assert 'href="quality.html"' in render_page(night)
    assert 'href="index.html"' in render_quality_page(night)
    write_report(night, tmp_path)
    assert (tmp_path / "quality.html").read_text(encoding="utf-8") == render_quality_page(night)


def test_what_is_unlike_the_nights_before_is_said_first_and_pictured_once() -> None:
    html = render_quality_page(odd_night())
    text = Page(html).text
    exceptions = html.split('id="bridge"')[0]
    assert "Unlike the nights before 2 of" in text
    assert re.findall(r"<b>(.*?)</b>", exceptions) == ["Transactions: share of channel wire", "Parties: rows"]
    assert exceptions.count('<svg class="chart odd"') == 2
    assert "channel_share_as_usual".replace("_", " ") not in exceptions  # not told again among the other checks
    assert "String; it was Date on 2026-03-13" in exceptions
    assert "A channel that vanishes or swells" in exceptions


def test_a_usual_night_says_so_and_one_without_history_says_that() -> None:
    assert viewed(usual_night()).conclusion == "The data is whole, and as usual."
    assert "too little history" in viewed(first_night()).conclusion
    assert viewed(stopped_night()).conclusion.startswith("The night was stopped")
    assert "Every check passed." in Page(render_quality_page(usual_night())).text


def test_a_critical_failure_that_did_not_stop_the_night_is_said_to_be_accepted() -> None:
    assert "although 1 critical check failed" in viewed(odd_night()).conclusion.replace("\u00a0", " ")


def test_rows_that_cannot_be_followed_come_before_anything_else() -> None:
    night = usual_night()
    lost = replace(night, facts=replace(night.facts, rows_read=night.facts.rows_read + 1))
    assert "does not add up" in viewed(lost).conclusion


def test_the_bridge_adds_up_in_rows_and_says_which_dollars_are_not_known() -> None:
    spans = viewed(odd_night()).bridge
    assert [(span.label, span.rows, span.tonight) for span in spans] == [
        ("Received", 1900, 997),
        ("Rejected: amount_not_positive", 40, 40),
        ("Rejected: no_fx_rate", 7, 7),
        ("Not applicable: reversal", 3, 0),
        ("Monitored", 1850, 950),
    ]
    assert spans[0].rows == sum(span.rows for span in spans[1:])
    dollars = [span.usd.replace("\u00a0", " ") for span in spans]
    assert dollars == ["USD 171,088.25 without 7 rows", "USD -12.50", "not known", "USD 100.00", "USD 171,000.75"]


def test_blind_spots_come_by_the_money_that_hides_there() -> None:
    night = odd_night()
    unknown = night.blindness.head(1).with_columns(
        pl.lit(None).cast(night.blindness["amount_usd"].dtype).alias("amount_usd")
    )
    spots = viewed(replace(night, blindness=pl.concat([unknown, night.blindness]))).blind
    assert [spot.indicator for spot in spots] == ["same group", "ownership circle", "shared phone", "ownership circle"]
    assert spots[-1].amount == "not known"
    assert 0.9 < spots[0].share <= 1
    assert "same group" in Page(render_quality_page(night)).text


def test_hostile_texts_are_shown_and_stay_texts() -> None:
    html = render_quality_page(hostile_quality_night())
    assert "<script>document" not in html
    assert "&lt;script&gt;document.title" in html
    assert "\u202e" not in html
    assert "⟨U+202E⟩" in html


def test_every_followed_figure_has_a_row_or_a_card() -> None:
    night = odd_night()
    html = render_quality_page(night)
    assert html.count('class="chart') + html.count('class="spark') == night.trend.height + 2  # exceptions stand twice
    for dataset in night.trend["dataset"].unique():
        assert dataset.capitalize() in html


values = st.floats(0, 1e15, allow_nan=False)


@given(st.lists(values, max_size=60), values, st.none() | st.tuples(values, values, values), st.booleans())
def test_drawings_stay_inside_their_frame(before: list[float], tonight: float, usual: object, bars: bool) -> None:
    bounds = tuple(sorted(usual)) if isinstance(usual, tuple) else None
    points = [
        Point(RUN_DATE - timedelta(days=back), value, like=back % 7 == 0) for back, value in enumerate(before, start=1)
    ]
    chart = draw(points, Point(RUN_DATE, tonight, like=True), bounds, bars=bars, unusual=False, label="")  # type: ignore[arg-type]
    for path in (chart.others, chart.likes, chart.tonight):
        for x, y in re.findall(r"M([-\d.e+]+) ([-\d.e+]+)", path):
            assert 0 <= float(x) <= WIDTH
            assert 0 <= float(y) <= HEIGHT
    if chart.band:
        assert 0 <= chart.band[0] <= chart.band[0] + chart.band[1] <= HEIGHT + 0.1
        assert math.isfinite(chart.band[1])


def test_days_older_than_eight_weeks_are_not_drawn() -> None:
    old, new = (Point(RUN_DATE - timedelta(days=days), 1.0, like=True) for days in (57, 56))
    chart = draw([old, new], Point(RUN_DATE, 1.0, like=True), None, bars=True, unusual=False, label="")
    assert chart.likes.count("M") == 1
    assert chart.first == f"{new.on.day}\u00a0{date.strftime(new.on, '%b')}"
