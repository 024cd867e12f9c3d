"""Data Docs as a site that opens from disk and asks no network for anything.

Great Expectations' pages load fifteen files from content networks and a logo whose address carries an id. Here every
script and every remote reference goes, a style sheet of our own comes in, a content security policy forbids the rest,
and the index, which scripts would have drawn, is a plain table.
"""

import re
import shutil
from collections.abc import Sequence
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from great_expectations.data_context import EphemeralDataContext

_SITE = "night"
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
# Scripts, style sheets and pictures from elsewhere; handlers and controls that need scripts; the newsletter footer.
_GONE = tuple(
    re.compile(pattern, re.DOTALL | re.IGNORECASE)
    for pattern in (
        r"<script\b.*?</script>",
        r"<style\b.*?</style>",
        r"<(link|img|meta)\b[^>]*>",
        r"<footer>.*?</footer>",
        r"""\son[a-z]+="[^"]*\"""",
        r'<div class="card mb-3">.*?<strong>Actions</strong>.*?</label>\s*</div>\s*</div>\s*</div>\s*</div>\s*</div>',
        r'<p class="m-0">\s*<a data-toggle="collapse".*?</p>',
    )
)


def build_data_docs(context: "EphemeralDataContext", folder: Path, quality: pl.DataFrame) -> None:
    """Render every suite and result of `context` into `folder`, replacing what was there; `quality` is the index."""
    shutil.rmtree(folder, ignore_errors=True)
    context.add_data_docs_site(
        site_name=_SITE,
        site_config={
            "class_name": "SiteBuilder",
            "show_how_to_buttons": False,  # type: ignore[typeddict-unknown-key]
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder.absolute())},
        },
    )
    context.build_data_docs(site_names=[_SITE])
    shutil.rmtree(folder / "static", ignore_errors=True)
    _flatten(folder / "validations")
    for page in (folder / "expectations").glob("*.html"):
        page.write_text(_offline(page.read_text(encoding="utf-8")), encoding="utf-8")
    (folder / "index.html").write_text(_index(quality), encoding="utf-8")


def _flatten(folder: Path) -> None:
    """Bring the results up: GX files each four folders deep, under the time of its run; one night needs one folder."""
    for page in sorted(folder.glob("*/*/*/*.html")):
        suite = page.relative_to(folder).parts[0]
        text = page.read_text(encoding="utf-8").replace("../../../../", "../")
        (folder / f"{suite}.html").write_text(_offline(text), encoding="utf-8")
        shutil.rmtree(folder / suite)


def _offline(page: str) -> str:
    for pattern in _GONE:
        page = pattern.sub("", page)
    return page.replace("</head>", f"{_head()}</head>", 1)


def _head() -> str:
    style = files("mirrorwatch_suites").joinpath("data_docs.css").read_text(encoding="utf-8")
    return (
        f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{style}</style>'
    )


def _index(quality: pl.DataFrame) -> str:
    rows = "".join(_suite_row(dataset, rows) for (dataset,), rows in quality.group_by("dataset", maintain_order=True))
    failed = "".join(_failed_row(row) for row in quality.filter(~pl.col("success")).iter_rows(named=True))
    return (
        f'<!doctype html><html lang="en"><head><title>Data quality of the night</title>{_head()}</head><body><main>'
        "<h1>Data quality of the night</h1>"
        '<p class="soft">Every expectation of every suite, with its severity and the reason for its bound. '
        "A failed critical one stops the night.</p>"
        '<table><thead><tr><th>Dataset</th><th class="number">Expectations</th><th class="number">Critical failed</th>'
        '<th class="number">Warnings</th><th class="number">Notes</th><th></th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
        f"<h2>What failed</h2>{_failed_table(failed)}</main></body></html>"
    )


def _suite_row(dataset: object, rows: pl.DataFrame) -> str:
    name = escape(str(dataset))
    counts = [rows.filter(~pl.col("success"), pl.col("severity") == severity).height for severity in _SEVERITIES]
    cells = "".join(f'<td class="number {"bad" if count else "good"}">{count}</td>' for count in counts)
    return (
        f'<tr><td><a href="validations/{name}.html">{name}</a></td><td class="number">{rows.height}</td>{cells}'
        f'<td><a href="expectations/{name}.html">suite</a></td></tr>'
    )


_SEVERITIES: Sequence[str] = ("critical", "warning", "info")


def _failed_row(row: dict[str, object]) -> str:
    names = ("severity", "dataset", "expectation", "column", "observed", "reason")
    return "<tr>" + "".join(f"<td>{escape(str(row[name] or ''))}</td>" for name in names) + "</tr>"


def _failed_table(rows: str) -> str:
    if not rows:
        return '<p class="good">Nothing.</p>'
    head = "".join(f"<th>{name}</th>" for name in ("Severity", "Dataset", "Expectation", "Column", "Observed", "Bound"))
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
