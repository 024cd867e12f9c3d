"""Country codes from the names that publishers give; case, accents and the order of words do not matter."""

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files

from mirrorwatch.intake.iso import COUNTRIES

_IGNORED = frozenset({"the", "of", "and", "region", "s"})
_WORD = re.compile(r"[a-z0-9]+")
# What publishers write where they know no country: no name to report.
_NONE = frozenset(
    {"undetermined", "unknown", "none identified", "none", "not applicable", "na", "n a", "stateless", "00"}
)
# Codes that publishers use beside ISO's.
_OTHER_CODES = {"UK": "GB", "EL": "GR"}
_LONGEST_CODE = 2
_SPELT = {"st": "saint"}


def country_code(name: str) -> str | None:
    """Return the ISO 3166-1 alpha-2 code of a country's name or code, or None when no country of today has it.

    Of a place, such as `Bunagana, Congo, Democratic Republic of the`, the last parts may name the country.
    """
    text = name.strip()
    if len(text) == _LONGEST_CODE and text.isascii():
        code = _OTHER_CODES.get(text.upper(), text.upper())
        return code if code in COUNTRIES else None
    parts = text.split(",")
    ends = [text, ",".join(parts[-2:]), parts[-1]]
    return next((found for end in ends if (found := _by_words().get(_words(end))) is not None), None)


def means_none(name: str) -> bool:
    """Tell whether the publisher says that no country is known."""
    return " ".join(_WORD.findall(name.casefold())) in _NONE or not name.strip()


def _words(name: str) -> frozenset[str]:
    bare = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return frozenset(_SPELT.get(word, word) for word in _WORD.findall(letters)) - _IGNORED


@cache
def _by_words() -> dict[frozenset[str], str]:
    table = tomllib.loads((files("mirrorwatch.watchlists") / "countries.toml").read_text(encoding="utf-8"))
    return {_words(name): code for code, names in table.items() for name in names}
