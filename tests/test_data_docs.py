"""Data Docs of a night: the same bytes each time, hostile texts harmless, every page styled with the network off."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.intake_worlds import RUN_DATE, World, booking, frame, run

from mirrorwatch_suites.data_docs import nights_page
from mirrorwatch_suites.runner import assess

CHROMIUM = Path("/usr/bin/chromium")
HOSTILE = (
    "<script>document.title='owned'</script>",
    '<img src="https://evil.example/x.png" onerror="document.title=1">',
    "<svg/onload=fetch('//evil.example')>",
    '<a href="javascript:alert(1)">x</a>',
    "<a href=//evil.example>x</a>",
    '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    "<style>@import url(https://evil.example)</style>",
    "<iframe src=https://evil.example></iframe>",
    "<script>",
)

PLAIN = {
    "html", "head", "meta", "title", "style", "body", "header", "nav", "ul", "li", "a", "main", "h1", "div", "span",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the work folder of a night in which something failed at every severity."""
    rows = [booking(number, currency="usd" if number % 9 == 0 else "USD") for number in range(1, 41)]
    rows[2] |= {"amount": Decimal(-3)}
    rows[3] |= {"channel": HOSTILE[0], "purpose": HOSTILE[1]}
    work = run(World(tmp_path_factory.mktemp("docs") / "data", days={RUN_DATE: frame(*rows)}).write()).work
    assess(work)
    return work


@pytest.fixture(scope="module")
def pages(work: Path) -> list[Path]:
    found = sorted((work / "data_docs").rglob("*.html"))
    assert len(found) > 5
    return found


def test_the_same_night_gives_the_same_bytes_in_another_process(work: Path, pages: list[Path]) -> None:
    first = {page: page.read_bytes() for page in pages}
    code = "import pathlib, sys; from mirrorwatch_suites.runner import assess; assess(pathlib.Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", code, str(work)], check=True, env={**os.environ, "PYTHONHASHSEED": "7"})
    assert sorted((work / "data_docs").rglob("*.html")) == pages
    assert [page.name for page in pages if page.read_bytes() != first[page]] == []


def test_pages_say_the_night_the_severity_and_the_reason_and_no_clock(work: Path, pages: list[Path]) -> None:
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert "the night of 31 March 2026" in text
        assert not re.search(r"ge_load_time|Run Name|Great Expectations Version|<DATAFRAME>|\$PARAMETER", text)
    result = (work / "data_docs/validations/transactions.html").read_text(encoding="utf-8")
    assert "1 of 40 rows (2.5\u00a0%)" in result
    assert "the source can send it again" in result
    assert result.index("What failed") < result.index('"failed critical"') < result.index('"failed warning"')
    assert "the source can send it again" in (work / "data_docs/expectations/transactions.html").read_text()


def test_no_value_of_a_booking_is_shown(pages: list[Path]) -> None:
    assert [page.name for page in pages if re.search(r"evil\.example|owned|invoice", page.read_text())] == []


class _Reader(HTMLParser):
    """Notes the tags of a page and the attributes that could call elsewhere or run."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.suspicious: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            elsewhere = name in {"href", "src"} and not re.fullmatch(
                r"#[\w-]*|(\.\./|[\w.-]+/)*[\w.-]+\.html", value or ""
            )
            if name.startswith("on") or elsewhere:
                self.suspicious.append(f"{tag} {name}={value}")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_any_section_can_neither_run_nor_call(text: str) -> None:
    from great_expectations.render import RenderedDocumentContent, RenderedSectionContent, RenderedTableContent

    from mirrorwatch_suites.docs_view import NightPageView

    table = RenderedTableContent(table=[[text, "kept"]], header_row=[text, "Observed"])
    section = RenderedSectionContent(section_name=text, content_blocks=[table])
    document = RenderedDocumentContent(
        renderer_type="ValidationResultsPageRenderer", page_title=text, sections=[section]
    )
    read = _Reader(NightPageView(night=text).render(document))
    assert read.suspicious == []
    assert read.tags <= PLAIN


def test_the_page_above_the_nights_leads_to_each_latest_first() -> None:
    page = nights_page({date(2026, 3, 30), date(2026, 3, 31)})
    assert re.findall(r'href="([^"]+)"', page) == ["run_date=2026-03-31/index.html", "run_date=2026-03-30/index.html"]
    assert "30 March 2026" in page


@pytest.fixture(scope="module")
def browser() -> Iterator["playwright.Browser"]:
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed")
    from tests.test_report_browser import QUIET

    with playwright.sync_playwright() as started:
        running = started.chromium.launch(executable_path=str(CHROMIUM), args=list(QUIET))
        yield running
        running.close()


playwright = pytest.importorskip("playwright.sync_api")
PAPER = {"light": "rgb(255, 255, 255)", "dark": "rgb(21, 24, 28)"}


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390), ("light", 320)])
def test_every_page_opens_styled_with_the_network_off_and_asks_for_nothing(
    browser: "playwright.Browser", pages: list[Path], scheme: str, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True)
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    for path in pages:
        page.goto(path.as_uri())
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == PAPER[scheme]
        assert page.locator("h1").is_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    assert asked == [path.as_uri() for path in pages]
    assert said == []
    context.close()


def test_the_index_leads_to_every_page_and_back(browser: "playwright.Browser", work: Path, pages: list[Path]) -> None:
    page = browser.new_page()
    index = (work / "data_docs/index.html").as_uri()
    page.goto(index)
    led = set(page.eval_on_selector_all("a", "links => links.map(link => link.href)"))
    assert led == {path.as_uri() for path in pages} - {index}
    page.get_by_role("link", name="transactions", exact=True).click()
    page.get_by_role("link", name="The suite").click()
    page.get_by_role("link", name="Data quality of the night of 31 March 2026").click()
    assert page.url == index
    page.close()
