"""Six more ways to spell a name wrongly, made after the matcher stood: it was measured on them before it was mended.

Each takes a name and a seeded generator and returns the changed name, or None where it does not fit.
"""

import random
import re
from collections.abc import Callable

import polars as pl

import screening_names as made


def _pairs(words: str) -> tuple[tuple[str, str], ...]:
    """Every second word beside the one before it; a dash is nothing."""
    each = words.replace("-", "\0").split()
    return tuple(zip(each[::2], (word.strip("\0") for word in each[1::2]), strict=True))


# Latin letters as Russian and Arabic clerks write them by ear; groups first. Arabic leaves short vowels out.
_CYRILLIC = _pairs(
    "shch щ sch ш sh ш ch ч zh ж kh х ts ц ph ф th т yu ю ya я yo ё ye е ck к qu кв ou у oo у ee и a "
    "а b б c к d д e е f ф g г h х i и j дж k к l л m м n н o о p п q к r р s с t т u у v в w в x кс "
    "y й z з"
)
_ARABIC = _pairs(
    "sh ش ch تش kh خ gh غ th ث dh ذ ph ف ou و oo و ee ي aa ا b ب c ك d د f ف g ج h ه i ي j ج k ك l ل "
    "m م n ن o و p ب q ق r ر s س t ت u و v ف w و x كس y ي z ز a - e -"
)
_SCANNED = _pairs("rn m m rn l 1 i l l i o 0 cl d d cl w vv e c c e u v h b n ri s 5 b 8 t f g q a o")
_LEAST_CUT, _MOST_CUT = 0.6, 0.85
_SHORTEST = 6


def _written(text: str, table: tuple[tuple[str, str], ...]) -> str:
    known = dict(table)
    longest = sorted(known, key=len, reverse=True)
    return re.sub("|".join(longest), lambda found: known[found[0]], text)


def other_script(name: str, draw: random.Random) -> str | None:
    """Write the whole name in Cyrillic or Arabic letters, by ear."""
    # a letter is heard once, however it is written
    plain = re.sub(r"([^aeiou])\1", r"\1", re.sub(r"[^a-z ]", "", name.lower().replace("-", " ")))
    if draw.random() < 0.5:  # noqa: PLR2004
        return _written(plain, _CYRILLIC)
    # a vowel that begins a word is written
    return " ".join(_written(re.sub("^[ae]", "ا", word), _ARABIC) for word in plain.split())


def initialled(name: str, draw: random.Random) -> str | None:
    """One given name of a person as its first letter; a list writes the family name before a comma."""
    family, comma, given = name.partition(", ")
    words = given.split()
    fit = [place for place, word in enumerate(words) if len(word) > 2]  # noqa: PLR2004
    if not comma or not fit:
        return None
    place = draw.choice(fit)
    words[place] = words[place][0] + draw.choice((".", ""))
    return f"{' '.join(words)} {family}"


def scanned(name: str, draw: random.Random) -> str | None:
    """Two letters misread by a machine."""
    text = name.lower()
    for _ in range(2):
        fit = [(old, new) for old, new in _SCANNED if old in text]
        if not fit:
            return None
        old, new = draw.choice(fit)
        at = draw.choice([found.start() for found in re.finditer(old, text)])
        text = text[:at] + new + text[at + len(old) :]
    return text if text != name.lower() else None


def cut_short(name: str, draw: random.Random) -> str | None:
    """End a field before the name does."""
    kept = int(len(name) * draw.uniform(_LEAST_CUT, _MOST_CUT))
    return name[:kept].strip() if len(name.split()) > 2 else None  # noqa: PLR2004


def torn(name: str, draw: random.Random) -> str | None:
    """One word written as two."""
    words = name.replace(",", "").split()
    fit = [place for place, word in enumerate(words) if len(word) >= _SHORTEST and word.isalpha()]
    if not fit or len(words) < 2:  # noqa: PLR2004
        return None
    place = draw.choice(fit)
    at = draw.randrange(2, len(words[place]) - 1)
    words[place] = words[place][:at] + draw.choice((" ", "-")) + words[place][at:]
    return " ".join(words)


def reformed_too(name: str, draw: random.Random) -> str | None:
    """Another legal form and one more change: no writer keeps to one mistake."""
    another = draw.choice((made.typo, made.transliterated, made.dropped, made.added))
    once = made.reformed(name, draw)
    return another(once, draw) if once else None


KINDS: dict[str, Callable[[str, random.Random], str | None]] = {
    "other script": other_script,
    "initial": initialled,
    "misread": scanned,
    "cut short": cut_short,
    "torn word": torn,
    "form and more": reformed_too,
}


ONLY = {"initial": "person", "form and more": "organisation"}


def perturbed(names: pl.DataFrame, seed: int) -> pl.DataFrame:
    """(id, name, kind) -> (entry, name, kind, change): each name once in each way that fits it."""
    draw = random.Random(seed)  # noqa: S311
    rows = [
        (entry, changed, kind, change)
        for entry, name, kind in names.iter_rows()
        for change, make in KINDS.items()
        if kind == ONLY.get(change, kind) and (changed := make(name, draw))
    ]
    return pl.DataFrame(rows, schema=["entry", "name", "kind", "change"], orient="row")
