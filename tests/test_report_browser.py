"""The page in a real browser: no request leaves, nothing breaks, sorting and filtering work, no width scrolls."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from tests.report_nights import empty_night, hostile_night, large_night, ordinary_night, stopped_night
from tests.report_quality_nights import NIGHTS as QUALITY_NIGHTS
from tests.report_quality_nights import hostile_quality_night

from mirrorwatch.report import PageLimits, ReportInputs, render_page, render_quality_page

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")
Open = Callable[..., AbstractContextManager["playwright.Page"]]


@pytest.fixture(scope="module")
def browser() -> Iterator["playwright.Browser"]:
    with playwright.sync_playwright() as started:
        running = started.chromium.launch(executable_path=str(CHROMIUM), args=list(QUIET))
        yield running
        running.close()


@pytest.fixture
def opened(browser: "playwright.Browser", tmp_path: Path) -> Open:
    """Open a night's report from disk; fails where the page asks for anything or complains."""

    @contextmanager
    def open_page(
        night: ReportInputs,
        *,
        width: int = 1440,
        scheme: str = "light",
        render: Callable[[ReportInputs], str] = render_page,
    ) -> Iterator["playwright.Page"]:
        (tmp_path / "index.html").write_text(render(night), encoding="utf-8")
        address = (tmp_path / "index.html").as_uri()
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, locale="de-DE")
        page = context.new_page()
        asked: list[str] = []
        said: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(address)
        yield page
        context.close()
        assert [url for url in asked if url != address and not url.startswith("data:,")] == []
        assert said == []

    return open_page


def column(page: "playwright.Page", number: int) -> list[str]:
    """Texts of one column of the rows that are shown."""
    return page.locator(f"#alerts tbody tr:visible td:nth-child({number})").all_inner_texts()


@pytest.mark.parametrize("make", [ordinary_night, hostile_night, empty_night, stopped_night])
def test_no_width_needs_sideways_scrolling(opened: Open, make: Callable[[], ReportInputs]) -> None:
    with opened(make()) as page:
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        for width in (320, 390, 600, 768, 1024, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("make", QUALITY_NIGHTS)
def test_no_width_of_the_data_quality_page_needs_sideways_scrolling(
    opened: Open, make: Callable[[], ReportInputs]
) -> None:
    with opened(make(), render=render_quality_page) as page:
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        for width in (320, 390, 600, 768, 1024, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_data_quality_page_follows_the_theme_and_does_nothing_that_a_text_asks(opened: Open) -> None:
    with opened(hostile_quality_night(), scheme="dark", render=render_quality_page) as page:
        assert page.locator("img").count() == 0
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.get_by_role("button", name="Theme").click()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") != dark


def test_hostile_texts_are_shown_and_do_nothing(opened: Open) -> None:
    with opened(hostile_night()) as page:
        assert page.title() == "mirrorwatch: night of 14\u00a0March\u00a02026"
        assert page.locator("img").count() == 0
        assert '<script>document.title="owned"</script>' in page.locator("h3").first.inner_text()


def test_each_column_sorts_both_ways_and_nulls_stay_last(opened: Open) -> None:
    with opened(large_night(40)) as page:
        page.get_by_role("button", name="USD").click()
        down = [float(text.replace(",", "")) for text in column(page, 5)]
        assert down == sorted(down, reverse=True)
        page.get_by_role("button", name="USD").click()
        assert [float(text.replace(",", "")) for text in column(page, 5)] == sorted(down)
        for _ in range(2):
            page.get_by_role("button", name="By chance").click()
            chances = column(page, 7)
            nulls = chances.count("no null model")
            assert 0 < nulls < 40
            assert chances[-nulls:] == ["no null model"] * nulls
        assert page.locator("th[aria-sort]").inner_text().startswith("By chance")


def test_sorting_works_from_the_keyboard(opened: Open) -> None:
    with opened(large_night(12)) as page:
        page.get_by_role("button", name="Rank").focus()
        page.keyboard.press("Enter")
        assert column(page, 1) == [str(rank) for rank in range(12, 0, -1)]


def test_filters_combine_and_say_how_many_are_left(opened: Open) -> None:
    night = ordinary_night()
    with opened(night) as page:
        page.locator("#f-typology").select_option("mirror_swap")
        assert column(page, 1) == ["1", "3"]
        page.locator("#f-score").fill("0.5")
        assert column(page, 1) == ["1"]
        assert page.locator("#shown").inner_text() == "1 of 3 alerts"
        page.locator("#f-state").select_option("withdrawn")
        assert page.get_by_text("No alert matches these filters.").is_visible()
        page.get_by_role("button", name="Clear").click()
        playwright.expect(page.locator("#shown")).to_have_text("3 alerts")
        page.locator("#f-text").fill("golden HK-20044")
        assert column(page, 1) == ["2"]
        page.locator("#f-text").fill(night.alerts["alert_id"][2])
        assert column(page, 1) == ["3"]


def test_a_long_list_shows_its_first_rows_and_filters_search_all(opened: Open) -> None:
    with opened(replace(large_night(450), limits=PageLimits(details=3))) as page:
        assert len(column(page, 1)) == 200
        page.locator("#f-text").fill("P-00449")
        assert column(page, 1) == ["449"]
        page.locator("#f-text").fill("")
        page.get_by_role("button", name="Show all 450").click()
        assert len(column(page, 1)) == 450


def test_a_link_opens_its_alert(opened: Open) -> None:
    with opened(large_night(9)) as page:
        last = page.locator("details.alert").last
        assert last.get_attribute("open") is None
        page.locator("#alerts a").last.click()
        playwright.expect(last).to_have_attribute("open", "")


def test_the_theme_follows_the_system_until_it_is_chosen(opened: Open) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    with opened(ordinary_night(), scheme="dark") as page:
        assert page.evaluate(paper) == "rgb(21, 24, 28)"
        page.get_by_role("button", name="Theme: system").click()
        assert page.evaluate(paper) == "rgb(255, 255, 255)"
        page.get_by_role("button", name="Theme: light").click()
        assert page.evaluate(paper) == "rgb(21, 24, 28)"


def test_print_opens_what_is_folded_and_hides_the_controls(opened: Open) -> None:
    with opened(large_night(8)) as page:
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.locator("details:not([open])").count() == 0
        page.emulate_media(media="print")
        assert not page.locator("#controls").is_visible()
        assert not page.get_by_role("navigation").is_visible()
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.locator("details:not([open])").count() > 0


def test_without_scripts_everything_is_still_there(browser: "playwright.Browser", tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(render_page(ordinary_night()), encoding="utf-8")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((tmp_path / "index.html").as_uri())
    assert len(column(page, 1)) == 3
    assert not page.locator("#controls").is_visible()
    assert page.locator("details.alert").first.get_by_text("Why it fired").is_visible()
    context.close()
