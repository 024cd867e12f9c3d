"""Whatever a publisher writes is read back as it was: names, dates and countries, through every kind of file."""

import csv
import io
import json
from calendar import month_name
from collections.abc import Callable
from datetime import date
from xml.sax.saxutils import escape, quoteattr

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mirrorwatch.intake.iso import COUNTRIES
from mirrorwatch.watchlists import eu, followthemoney, ofac_legacy, ofac_xml, opensanctions, uk, un
from mirrorwatch.watchlists.countries import country_code, means_none
from mirrorwatch.watchlists.dates import days
from mirrorwatch.watchlists.finishing import version
from mirrorwatch.watchlists.found import Found

# Names in any script, with quotes, delimiters, markup and formulas; no controls, which XML cannot hold.
_LETTERS = st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co", "Zl", "Zp", "Zs"))
NAMES = st.lists(
    st.text(_LETTERS | st.sampled_from('",;@|<>&\'=+-] ['), min_size=1, max_size=30)
    .map(lambda text: " ".join(text.split()))
    .filter(lambda text: text not in {"", "-0-"}),
    min_size=1, max_size=6, unique=True,
)  # fmt: skip


def _delimited(names: list[str]) -> Found:
    text = io.StringIO()
    csv.writer(text).writerows([number, name, *["-0- "] * 10] for number, name in enumerate(names))
    return ofac_legacy.read([("sdn.csv", io.BytesIO(text.getvalue().encode()))])


def _targets(names: list[str]) -> Found:
    text = io.StringIO()
    csv.writer(text).writerows([("id", "schema", "name"), *((n, "Person", name) for n, name in enumerate(names))])
    return opensanctions.read(io.BytesIO(text.getvalue().encode()), "targets.simple.csv")


def _entities(names: list[str]) -> Found:
    lines = [
        json.dumps({"id": str(n), "schema": "Person", "properties": {"name": [name], "topics": ["sanction"]}})
        for n, name in enumerate(names)
    ]
    return followthemoney.read(io.BytesIO("\n".join(lines).encode()), "e.json")


def _markup(read: Callable[[io.BytesIO, str], Found], root: str, record: str) -> Callable[[list[str]], Found]:
    def written(names: list[str]) -> Found:
        records = "".join(
            record.format(number=n, name=escape(name), quoted=quoteattr(name)) for n, name in enumerate(names)
        )
        return read(io.BytesIO(f"<{root}>{records}</{root}>".encode()), "x.xml")

    return written


WRITERS: dict[str, Callable[[list[str]], Found]] = {
    "delimited": _delimited,
    "targets": _targets,
    "entities": _entities,
    "ofac": _markup(ofac_xml.read, "sdnList", "<sdnEntry><uid>{number}</uid><lastName>{name}</lastName></sdnEntry>"),
    "un": _markup(un.read, "L", "<ENTITY><DATAID>{number}</DATAID><FIRST_NAME>{name}</FIRST_NAME></ENTITY>"),
    "uk": _markup(uk.read, "D", "<Designation><UniqueID>{number}</UniqueID><Names><Name><Name6>{name}</Name6></Name>"
                                "</Names></Designation>"),
    "eu": _markup(eu.read, "export", '<sanctionEntity logicalId="{number}"><nameAlias wholeName={quoted}/>'
                                     "</sanctionEntity>"),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRITERS)
@settings(max_examples=25)
@given(names=NAMES)
def test_names_come_back_as_they_were_written(kind: str, names: list[str]) -> None:
    read = version([WRITERS[kind](names)], "x", "there")
    assert sorted(read.entries["name"]) == sorted(names)
    assert read.entries["entry_id"].is_unique().all()
    assert read.skipped.is_empty()
    assert read.entries.filter(pl.col("aliases").list.len() > 0).is_empty()


@given(st.dates(date(1800, 1, 1), date(2099, 12, 31)))
def test_a_day_is_the_same_in_every_spelling(day: date) -> None:
    month = month_name[day.month]
    spellings = (
        day.isoformat(), f"{day.isoformat()}T00:00:00", f"{day:%d/%m/%Y}", f"{day.day:02} {month[:3]} {day.year:04}",
        f"{day.day} {month} {day.year:04}", f"circa {day.isoformat()}",
    )  # fmt: skip
    assert {days(text) for text in spellings} == {(day, day)}
    for text in (f"{month[:3]} {day.year:04}", f"{day:%Y-%m}", f"dd/{day:%m/%Y}", f"{day.year:04}", f"{day:00/00/%Y}"):
        found = days(text)
        assert found is not None
        assert found[0] <= day <= found[1]


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_none_and_a_country_or_none(text: str) -> None:
    found, code = days(text), country_code(text)
    assert found is None or found[0] <= found[1]
    assert code is None or code in COUNTRIES
    assert means_none(text) in {True, False}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Korea, North", "KP"),
        ("KOREA, DEMOCRATIC PEOPLE'S REPUBLIC OF", "KP"),
        ("Congo, Democratic Republic of the", "CD"),
        ("Congo, Republic of the", "CG"), ("Côte d'Ivoire", "CI"), ("Cote d Ivoire", "CI"),
        ("Virgin Islands, British", "VG"),
        ("Bahamas, The", "BS"), ("Region: Gaza", "PS"), ("St. Kitts & Nevis", "KN"), ("uk", "GB"), ("ru", "RU"),
        ("Bunagana, Congo, Democratic Republic of the", "CD"), ("suhh", None),
        ("Netherlands Antilles", None), ("ZZ", None),
        ("Guinea", "GN"), ("Equatorial Guinea", "GQ"), ("Sudan", "SD"), ("South Sudan", "SS"), ("Niger", "NE"),
        ("Dominica", "DM"), ("Dominican Republic", "DO"), ("XK", "XK"),
    ],
)  # fmt: skip
def test_countries_are_known_by_the_names_that_publishers_give(name: str, code: str | None) -> None:
    assert country_code(name) == code
