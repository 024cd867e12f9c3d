"""One spelling for a name: Latin letters, small, without punctuation, legal forms as one word a kind.

Scripts are turned letter by letter (anyascii), so that no dictionary of peoples or places is asked. Where a script puts
no spaces between words (Chinese, Japanese, Korean), each sign becomes a word; words joined and split are compared
later.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files
from itertools import chain

import polars as pl
from anyascii import anyascii

# A name beyond this is no name: 95 in 100 of the longest official list's stay under 90 letters. It bounds the work that
# a hostile row can cause.
LONGEST_NAME = 240
FORM_MARK = "~"  # begins a word that stands for a legal form; no name holds it, since punctuation goes

_SIGNS = re.compile(r"([\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff])")
# Arabic and Persian write long u and i with the signs of w and y: vowels between consonants and at the end of a word.
_CONSONANT = "[\u0628\u062a-\u0638\u063a-\u0647\u067e\u0686\u0698\u06a9\u06af]"
_LONG_VOWELS = [
    (re.compile(rf"(?<={_CONSONANT})\u0648(?={_CONSONANT}|\b)"), "u"),
    (re.compile(rf"(?<=\b[\u064a\u06cc])\u0648(?={_CONSONANT})"), "u"),
    (re.compile(rf"(?<={_CONSONANT})[\u064a\u06cc](?={_CONSONANT}|\b)"), "i"),
    (re.compile("\u0625"), "i"),
    # what begins with a vowel is written with one of these, and so is a long a; the last is an ending, a t nobody hears
    (re.compile("[\u0622\u0623\u0627\u0639\u0649\u0629]"), "a"),
]
# Legal forms that are written without a space before them; shorter ones end too many words.
_GROWN_ON = r"\b([a-z]{3,})(limited|company|corporation|gmbh|ltd|llc)\b"
_MISREAD = {"0": "o", "1": "l", "5": "s", "8": "b"}  # as machines read letters
# What a terminal reads as a colour or a move and never shows; its letters and digits would stand as words of the name.
# The one-sign beginning needs digits: alone it is also a quotation mark that was read in the wrong encoding.
_UNSEEN = "\x1b\\[[0-?]*[ -/]*[@-~]|\x1b[()][0-9A-Z]|\u009b[0-?]+[ -/]*[@-~]"
_DOTTED = "\x01"  # stands, for a moment, where a dot followed a single letter


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    text = files("mirrorwatch.names").joinpath("forms.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _native() -> tuple[re.Pattern[str], dict[str, str]]:
    words = {word: latin for latin, native in _table()["native"].items() for word in native}
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, longest_first))), words


def latin(name: str) -> str:
    """`name` in ASCII letters; signs of scripts without spaces are set apart."""
    pattern, words = _native()
    named = pattern.sub(lambda found: words[found[0]], name[:LONGEST_NAME])
    for sign, vowel in _LONG_VOWELS:
        named = sign.sub(vowel, named)
    return anyascii(_SIGNS.sub(r" \1 ", named))


def seen(text: pl.Expr) -> pl.Expr:
    """`text` without a terminal's control sequences."""
    return text.str.replace_all(_UNSEEN, "")


def _in_latin(names: pl.Series) -> pl.Series:
    """`names` in ASCII. Only names that need it are looked at one by one, each different one once."""
    foreign = names.filter(names.str.contains(r"[^\x00-\x7f]")).unique()
    if foreign.is_empty():
        return names
    turned = pl.DataFrame({"name": foreign, "turned": pl.Series([latin(name) for name in foreign], dtype=pl.String)})
    frame = names.to_frame("name").join(turned, on="name", how="left", maintain_order="left")
    return frame.select(pl.coalesce("turned", "name"))["turned"]


@cache
def _replacements() -> tuple[list[str], list[str]]:
    """Phrases of company names and what each becomes, longest first. Two spaces part words, so each has its own two."""
    table = _table()
    found = {word: whole for whole, shorts in table["abbreviations"].items() for word in shorts}
    found |= {form: FORM_MARK + kind for kind, forms in table["forms"].items() for form in forms}
    phrases = sorted(found, key=lambda phrase: (-len(phrase), phrase))
    return [f" {phrase.replace(' ', '  ')} " for phrase in phrases], [f" {found[phrase]} " for phrase in phrases]


def _organised(name: pl.Expr) -> pl.Expr:
    """Write legal forms and abbreviations as their common words."""
    patterns, replaced = _replacements()
    apart = name.str.replace_all(_GROWN_ON, "${1} ${2}").str.replace_all(" ", "  ", literal=True)
    phrased = pl.concat_str(pl.lit(" "), apart, pl.lit(" ")).str.replace_many(patterns, replaced, leftmost=True)
    return phrased.str.replace_all(" +", " ").str.strip_chars()


def spelt(names: pl.Series, person: pl.Series) -> pl.Series:
    """Each name in its one spelling; where `person` is true, forms are left alone ("Sa", "As" are surnames too)."""
    shown = names.to_frame("name").select(seen(pl.col("name").fill_null("")).str.slice(0, LONGEST_NAME))["name"]
    small = _in_latin(shown).str.to_lowercase()
    name = pl.col("name").str.replace_all("[`'\u2019\"]", "").str.replace_all("&", " and ", literal=True)
    dotted = name.str.replace_all(r"\b([a-z])\.", "${1}" + _DOTTED)
    # "J. R. Smith" has two initials, "S. A." and "I.R.I.S.L." are one word each
    closed = dotted.str.replace_all(f"{_DOTTED} ([a-z]{_DOTTED})", "${1}").str.replace_all(f"{_DOTTED}( |$)", " ")
    spread = dotted.str.replace_all(_DOTTED, " ")
    apart = pl.when("person").then(spread).otherwise(closed.str.replace_all(_DOTTED, ""))
    plain = apart.str.replace_all(r"[^a-z0-9]+", " ").str.strip_chars()
    for digit, letter in _MISREAD.items():
        # within a word or before three letters; at the end it counts ships and shops
        plain = plain.str.replace_all(rf"([a-z]){digit}([a-z])", f"${{1}}{letter}${{2}}").str.replace_all(
            rf"\b{digit}([a-z]{{3}})", f"{letter}${{1}}"
        )
    frame = pl.DataFrame({"name": small, "person": person}).select("person", plain=plain)
    organised = pl.when("person").then("plain").otherwise(_organised(pl.col("plain")))
    return frame.select(organised.alias("plain"))["plain"]


@cache
def shortened() -> pl.DataFrame:
    """Single words that the one spelling writes as another: (word, as_written); legal forms with their mark."""
    table = _table()
    pairs = [(word, short) for word, shorts in table["abbreviations"].items() for short in (*shorts, word)]
    pairs += [(FORM_MARK + kind, form) for kind, forms in table["forms"].items() for form in forms]
    single = [pair for pair in pairs if " " not in pair[1]]
    return (
        pl.DataFrame(single, schema={"word": pl.String(), "as_written": pl.String()}, orient="row")
        .unique()
        .sort("word", "as_written")
    )


@cache
def forms_told() -> dict[str, str]:
    """Words that stand for a legal form, and what a reader is told instead."""
    known = _table()["known_as"]
    return {FORM_MARK + kind: f"a legal form like {known[kind]}" for kind in _table()["forms"]}


def shipped_phrases() -> list[str]:
    """Every legal form and abbreviation that is known, for tests and documents."""
    table = _table()
    return sorted(chain.from_iterable([*table["forms"].values(), *table["abbreviations"].values()]))
