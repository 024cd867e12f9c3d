"""Data Docs as a site that opens from disk and asks no network for anything.

Great Expectations' pages load fifteen files from content networks and a logo whose address carries an id. Here its
sections stand in a page of our own (`docs_view`) with our style sheet and a content security policy that forbids every
request, its renderings say severity and reason (`docs_pages`), and the index, which scripts would have drawn, is a
table.
"""

import shutil
from collections.abc import Iterable
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from great_expectations.data_context import EphemeralDataContext

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
_SITE = "night"
_SEVERITIES = ("critical", "warning", "info")
_HERE = "mirrorwatch_suites"


def build_data_docs(context: "EphemeralDataContext", folder: Path, quality: pl.DataFrame) -> None:
    """Render every suite and result of `context` into `folder`, replacing what was there; `quality` is the index.

    The same results give the same bytes: the pages carry the night's date, no clock and no random names.
    """
    shutil.rmtree(folder, ignore_errors=True)
    night = _night(context)
    view = {"module_name": f"{_HERE}.docs_view", "class_name": "NightPageView", "night": night}
    context.add_data_docs_site(
        site_name=_SITE,
        site_config={
            "class_name": "SiteBuilder",
            "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder.absolute())},
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            "site_section_builders": {  # type: ignore[typeddict-unknown-key]
                name: {
                    "class_name": "DefaultSiteSectionBuilder",
                    "source_store_name": store,
                    "renderer": {"module_name": f"{_HERE}.docs_pages", "class_name": renderer},
                    "view": view,
                }
                for name, store, renderer in (
                    ("expectations", context.expectations_store_name, "NightSuite"),
                    ("validations", context.validation_results_store_name, "NightResults"),
                )
            },
        },
    )
    context.build_data_docs(site_names=[_SITE])
    shutil.rmtree(folder / "static", ignore_errors=True)
    _flatten(folder / "validations")
    (folder / "index.html").write_text(_index(quality, night, folder), encoding="utf-8")


def _night(context: "EphemeralDataContext") -> str:
    """Return the night in words, from the time that its results carry."""
    keys: list[Any] = context.validation_results_store.list_keys()
    return f"the night of {in_words(keys[0].run_id.run_time)}" if keys else "the night"


def _flatten(folder: Path) -> None:
    """Bring the results up: GX files each four folders deep, under the time of its run; one night needs one folder."""
    for page in sorted(folder.glob("*/*/*/*.html")):
        suite = page.relative_to(folder).parts[0]
        page.replace(folder / f"{suite}.html")
        shutil.rmtree(folder / suite)


def head() -> str:
    """Return what every page's head holds: its encoding, the policy that forbids every request, its style."""
    style = files("mirrorwatch_suites").joinpath("data_docs.css").read_text(encoding="utf-8")
    return (
        f'<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<style>\n{style}</style>'
    )


def nights_page(nights: Iterable[date]) -> str:
    """Return the page that leads to each night's Data Docs, which lie in run_date=D beside it; latest first."""
    return _page("nights.j2", nights=[(night.isoformat(), in_words(night)) for night in sorted(nights, reverse=True)])


def in_words(night: date) -> str:
    """Return a date as the pages write it."""
    return f"{night:%-d %B %Y}"


def _page(template: str, **named: object) -> str:
    from jinja2 import Environment, PackageLoader
    from markupsafe import Markup

    page = Environment(loader=PackageLoader(_HERE, "docs"), autoescape=True).get_template(template)
    return page.render(head=Markup(head()), **named)  # noqa: S704 - our own


def _index(quality: pl.DataFrame, night: str, folder: Path) -> str:
    return _page(
        "night_index.j2",
        night=night,
        standing=_standing(quality),
        suites=[
            _suite(str(dataset), rows, folder) for (dataset,), rows in quality.group_by("dataset", maintain_order=True)
        ],
        failed=_failed(quality),
    )


def _standing(quality: pl.DataFrame) -> str:
    failed = quality.filter(~pl.col("success"))
    if failed.is_empty():
        return f"All {quality.height} expectations hold."
    counts = {severity: failed.filter(severity=severity).height for severity in _SEVERITIES}
    counted = ", ".join(f"{count} {severity}" for severity, count in counts.items() if count)
    return f"{failed.height} of {quality.height} expectations failed: {counted}."


def _suite(name: str, rows: pl.DataFrame, folder: Path) -> dict[str, object]:
    counts = [(severity, rows.filter(~pl.col("success"), severity=severity).height) for severity in _SEVERITIES]
    pages = (folder / "validations" / f"{name}.html").exists()
    return {"name": name, "expectations": rows.height, "failed": counts, "pages": pages}


def _failed(quality: pl.DataFrame) -> list[dict[str, object]]:
    """Return what failed, worst first, each expectation's name in words."""
    place = pl.col("severity").replace_strict(
        list(_SEVERITIES), list(range(len(_SEVERITIES))), default=len(_SEVERITIES)
    )
    words = pl.col("expectation").str.strip_prefix("expect_").str.replace_all("_", " ")
    return quality.filter(~pl.col("success")).sort(place, maintain_order=True).with_columns(words).to_dicts()
