"""What every page shares: one style and one script inside it, a policy that forbids the rest, all values escaped."""

import base64
import hashlib
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from mirrorwatch.report import wording
from mirrorwatch.report.completeness import percent
from mirrorwatch.report.indicators import BAR_WIDTH

_HERE = Path(__file__).parent


def fill(template: str, **values: Any) -> str:  # noqa: ANN401 - whatever the template shows
    """Return a whole page as text."""
    style, script = _asset("report.css"), _asset("report.js")
    return _environment().get_template(template).render(
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        policy=_policy(style, script),
        **values,
    )  # fmt: skip


def _policy(style: str, script: str) -> str:
    """Content security policy: nothing loads, and only this style and this script, by their hashes, run."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _asset(name: str) -> str:
    text = (_HERE / "assets" / name).read_text(encoding="utf-8")
    if "</" in text:
        raise ValueError(f"{name} would end its own element")
    return text


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    names = ("count", "money", "rounded_money", "day", "days", "moment", "plural", "words", "sentence", "short_day")
    environment.filters |= {name: getattr(wording, name) for name in names}
    environment.globals |= {"percent": percent, "BAR_WIDTH": BAR_WIDTH}
    return environment


def _finalize(value: object) -> object:
    """Whatever the data holds is shown with its control characters made visible; null is shown as nothing."""
    if value is None:
        return ""
    if isinstance(value, str) and not isinstance(value, Markup):
        return wording.visible(value)
    return value
