"""Spellings that stand for one sound: rules of romanisation, none of them a dictionary of names.

`folded` writes letters that romanisation systems exchange (kh/k/q, ph/f, w/v, ou/u, sh/sch, dj/j) one way. `skeleton`
keeps the first letter and the consonants of that: what abjads write, and what systems agree on.
"""

import polars as pl

# Applied from left to right, longest first. Vowels: one sign for each that systems confuse. h after a consonant says
# how a consonant was written, not which word it is, and is dropped; other h too, since many systems leave it out.
_FOLDS = {
    "shch": "s", "tsch": "c", "dsch": "j", "dzh": "j", "sch": "s", "tch": "c", "tsh": "c", "sh": "s", "zh": "j",
    "ch": "c", "cz": "c", "sz": "s", "dj": "j", "dz": "z", "ts": "z", "tz": "z", "kh": "k", "gh": "g", "ph": "f",
    "th": "t", "dh": "d", "bh": "b", "ck": "k", "ce": "se", "ci": "si", "cy": "si", "qu": "k", "q": "k",
    "c": "k", "x": "ks", "w": "v", "o": "u", "ou": "u", "ie": "i", "ey": "ei", "ay": "ai",
    "oy": "ui", "ij": "i", "ej": "ei", "y": "i", "h": "", "ae": "e", "oe": "u", "ue": "u",
}  # fmt: skip
_FROM = sorted(_FOLDS, key=lambda letters: (-len(letters), letters))
_TO = [_FOLDS[letters] for letters in _FROM]


def folded(word: pl.Expr) -> pl.Expr:
    """Write exchangeable letters of a word one way; doubled letters count once."""
    # x at the start is the s of pinyin, and hs of its forerunner; a first h or y is heard, so it is kept (H, Y)
    begun = word.str.replace(r"^(x|hs)", "sh").str.replace("^h", "H").str.replace("^y", "Y")
    # doubled vowels are one long one; what is doubled is told before h is dropped, so that "mhmd" keeps both its m
    single = begun.str.replace_all("oo", "u", literal=True).str.replace_all("ee", "i", literal=True)
    for letter in "abdefgijklmnoprstuvz":
        single = single.str.replace_all(letter + letter + "+", letter)
    return single.str.replace_many(_FROM, _TO, leftmost=True)


# Letters that scripts lack and borrow for each other: Arabic has no p, v, hard g and e, Russian no h.
_BORROWED = {"p": "b", "v": "f", "g": "j", "e": "i"}


def borrowed(word: pl.Expr) -> pl.Expr:
    """Fold a word once more, writing alike what another script has no letters of its own for."""
    plain = folded(word.str.replace_all("kh", "h", literal=True))
    return plain.str.replace_many(list(_BORROWED), list(_BORROWED.values())).str.replace_all("i+", "i")


def skeleton(word: pl.Expr) -> pl.Expr:
    """First letter class and consonants of a folded word."""
    first = word.str.slice(0, 1).str.replace("[aeiou]", "a")
    return first + word.str.slice(1).str.replace_all("[aeiou]", "")
