"""The page: everything an analyst needs is in it, nothing leaves it, and nothing in the data can act in it."""

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest
from tests.report_nights import (
    CHAIN_INDICATORS,
    PARTIES,
    SWAP_INDICATORS,
    empty_night,
    hostile_night,
    large_night,
    ordinary_night,
    stopped_night,
)

from mirrorwatch.report import PageLimits, ReportInputs, render_page

ASSETS = Path(__file__).parent.parent / "jobs/mirrorwatch/report/assets"
EMPTY = {"meta", "link", "input", "br", "img"}
# Elements whose end tag HTML lets us leave out.
OPTIONAL = {"td", "th", "tr"}


class Page(HTMLParser):
    """Text, elements and attributes of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in EMPTY | OPTIONAL:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in OPTIONAL:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in {"script", "style"}:
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words).replace("\u00a0", " "))

    def attributes(self, name: str) -> Iterator[str]:
        return (value for _, attributes in self.tags if (value := attributes.get(name)) is not None)


NIGHTS = pytest.mark.parametrize("make", [ordinary_night, empty_night, stopped_night, hostile_night])


@NIGHTS
def test_every_element_is_closed_and_every_id_stands_once(make: object) -> None:
    page = Page(render_page(make()))  # type: ignore[operator]
    assert page.open == []
    ids = list(page.attributes("id"))
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in page.attributes("href") if link.startswith("#")} <= set(ids)


@NIGHTS
def test_the_same_night_gives_the_same_page(make: object) -> None:
    assert render_page(make()) == render_page(make())  # type: ignore[operator]


def test_row_order_of_the_input_changes_nothing() -> None:
    night = ordinary_night()
    names = ("alerts", "evidence", "completeness", "quality", "blindness", "explanations", "cases")
    turned = replace(night, **{name: getattr(night, name).reverse() for name in names})
    assert render_page(turned) == render_page(night)


@NIGHTS
def test_nothing_is_asked_of_any_network(make: object) -> None:
    html = render_page(make())  # type: ignore[operator]
    page = Page(html)
    assert not [tag for tag, _ in page.tags if tag in {"img", "iframe", "object", "embed", "video", "audio", "base"}]
    assert not list(page.attributes("src"))
    docs = r"\.\./\.\./data_docs/run_date=2026-03-14/index\.html$"
    allowed = re.compile(rf"#|data:,$|alerts\.csv$|alerts\.xlsx$|quality\.html$|{docs}")
    assert all(allowed.match(link) for link in page.attributes("href"))
    assert "@import" not in html
    assert "url(" not in html


def test_the_policy_lets_only_this_style_and_this_script_run() -> None:
    html = render_page(ordinary_night())
    page = Page(html)
    policy = next(attributes["content"] for tag, attributes in page.tags if "http-equiv" in attributes) or ""
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        bodies = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        assert len(bodies) == 1
        digest = base64.b64encode(hashlib.sha256(bodies[0].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert not list(page.attributes("style"))
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]


def test_an_alert_tells_who_what_when_how_much_and_why() -> None:
    text = Page(render_page(ordinary_night())).text
    told = [
        "2 alerts to look at", "Start with", "Bluewater Produce Imports LLC", "US-4401-0931", "CHASUS33XXX",
        "incorporated 4 November 2024", "Four accounts in the United States collected cash", "1 in 40,000",
        "No null model applies", "It would not have fired if", "fewer than 9 of the 12 swaps", "What to do next",
        "Ask Bluewater Produce for the source of the cash.", "Changed since the last published night",
        "FinCEN advisory FIN-2025-A003", "mirrorwatch verify",
        "transactions/booking_date=2026-02-12/part-0.parquet:1000",
    ]  # fmt: skip
    assert [line for line in told if line not in text] == []
    for each in (*SWAP_INDICATORS, *CHAIN_INDICATORS):
        assert each["reason"] in text
        assert each["reference"] in text


def test_the_data_state_stands_beside_the_alerts() -> None:
    text = Page(render_page(ordinary_night())).text
    for line in (
        "all 1,103,360 rows read", "Rejected: amount is not above zero", "dataset ownership is absent",
        "2 quality checks failed", "Rows in quarantine", "SHA-256", "not an accusation", "5318(g)(2)",
    ):  # fmt: skip
        assert line in text


def test_party_ids_in_sentences_read_as_names() -> None:
    night = ordinary_night()
    alerts = night.alerts.with_columns(narrative=pl.lit("P-HK-1X paid P-HK-1 and P-US-4."))
    parties = night.parties.with_columns(pl.col("party_id").replace({"P-HK-1": "PARTY-HK-1", "P-US-4": "PARTY-US-4"}))
    alerts = alerts.with_columns(
        narrative=pl.lit("PARTY-HK-1 paid PARTY-US-4; PARTY-HK-12 did not."), party_ids=pl.lit(["PARTY-HK-1"])
    )
    text = Page(render_page(replace(night, alerts=alerts, parties=parties))).text
    assert f"{PARTIES[3][2]} paid Westgate Escrow Services [PARTY-US-4]; PARTY-HK-12 did not." in text


def test_markup_and_control_characters_in_the_data_stay_text() -> None:
    html = render_page(hostile_night())
    page = Page(html)
    assert sum(tag == "script" for tag, _ in page.tags) == 1
    assert not [tag for tag, _ in page.tags if tag == "img"]
    assert '<script>document.title="owned"</script>' in page.text
    assert "⟨U+202E⟩gnp.exe⟨U+0007⟩{{ 7*7 }}" in page.text
    assert not re.search(r"[\u202a-\u202e\u2066-\u2069\x00-\x08\x0e-\x1f]", html)


def short_night(alerts: int, **limits: int) -> ReportInputs:
    return replace(large_night(alerts), limits=PageLimits(**limits))


def test_a_large_night_lists_every_alert_and_says_which_are_not_shown_in_full() -> None:
    page = Page(render_page(short_night(60, details=10)))
    assert len(list(page.attributes("data-q"))) == 60
    assert sum(tag == "details" and attributes.get("class") == "alert" for tag, attributes in page.tags) == 10
    assert "the first 10 are shown in full. The other 50 are in this list" in page.text


def test_cut_evidence_says_how_much_there_is() -> None:
    page = Page(render_page(replace(ordinary_night(), limits=PageLimits(evidence_rows=20))))
    assert (
        "The first 20 of 47 are shown; all are in the evidence table of the output folder and in alerts.xlsx"
        in page.text
    )
    cut = Page(render_page(replace(ordinary_night(), limits=PageLimits(workbook_evidence_rows=20))))
    assert "alerts.xlsx holds the first 20 payments" in cut.text


def test_three_thousand_alerts_stay_a_file_that_opens() -> None:
    html = render_page(large_night())
    assert len(html) < 8_000_000


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_colours_have_the_contrast_that_wcag_asks_for(theme: int) -> None:
    style = (ASSETS / "report.css").read_text(encoding="utf-8")
    colours = {name: pair for name, *pair in re.findall(r"--(\w+): light-dark\((#\w{6}), (#\w{6})\)", style)}
    paper, surface = colours["paper"][theme], colours["surface"][theme]
    for name in ("ink", "muted", "accent", "in", "out", "warn", "bad"):
        assert contrast(colours[name][theme], paper) >= 4.5, name
    for name in ("ink", "muted"):
        assert contrast(colours[name][theme], surface) >= 4.5, name
    assert contrast(colours["strong"][theme], paper) >= 3  # lines and frames that carry meaning
