"""Data Docs' pages as HTML that stands alone: our page around Great Expectations' own sections, and nothing from afar.

Great Expectations finds these classes by name (`data_docs.build_data_docs` names them in the site's configuration).
"""

import re
from typing import Any

from great_expectations.render.view.view import DefaultJinjaPageView
from jinja2 import ChoiceLoader, PackageLoader

from mirrorwatch_suites.data_docs import head

# Great Expectations' templates do not escape everything. What could run or call elsewhere goes, whatever it came from.
_GONE = tuple(
    re.compile(pattern, re.DOTALL | re.IGNORECASE)
    for pattern in (
        r"<script\b.*?(</script\s*>|$)",
        r"<style\b.*?(</style\s*>|$)",
        r"</?(script|style|link|img|meta|base|iframe|object|embed|form|input|button|video|audio|source|svg)\b[^>]*>",
        r"""\son[a-z]+\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)""",
        r"""\shref\s*=\s*(?!"(#|\.\./|[\w.-]+\.html))("[^"]*"|'[^']*'|[^\s>"']+)""",
    )
)


class NightPageView(DefaultJinjaPageView):
    """A page of one night. `night` is the night in words."""

    _template = "night_page.j2"

    def __init__(self, night: str, **directories: Any) -> None:  # noqa: ANN401 - Great Expectations passes its own
        super().__init__(**directories)
        self.env.loader = ChoiceLoader([PackageLoader("mirrorwatch_suites", "docs"), *_loaders(self.env.loader)])
        self.env.globals |= {"night": night, "head": head()}
        self.env.filters["generate_html_element_uuid"] = lambda prefix=None: f"{prefix or ''}more"  # theirs are random

    def render(self, document: Any, template: str | None = None, **named: Any) -> str:  # noqa: ANN401
        """Return the page, in the same bytes for the same results."""
        page = str(super().render(document, template, **named))  # type: ignore[no-untyped-call]
        top, body = page.split("<body>", 1)
        for pattern in _GONE:
            body = pattern.sub("", body)
        return re.sub(r"\n\s*\n+", "\n", f"{top}<body>{body}")


def _loaders(loader: Any) -> list[Any]:  # noqa: ANN401 - typed as any loader by jinja
    return [] if loader is None else [loader]
