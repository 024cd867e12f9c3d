"""Names for the screening benchmarks: real ones, real ones spelt wrongly, and ones that nobody lists.

Unrelated names are made so that they are hard. Persons: three in five by Faker in 30 locales (as their scripts write
them), one in five of a given name and a surname of two different listed persons, one in five of a Faker name with one
word from the list. Companies: two in five by Faker, one in five of a surname or town and words of trade that listed
companies have too, two in five of words of two or three listed companies. A made name that equals a
listed one but for the order of its words, its script, spaces and legal form is left out: nothing could tell it apart by
its name.
"""

import hashlib
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
from anyascii import anyascii
from faker import Faker

LOCALES = (
    "en_US", "en_GB", "de_DE", "fr_FR", "es_ES", "es_MX", "es_CO", "pt_BR", "it_IT", "nl_NL", "pl_PL", "ru_RU", "uk_UA",
    "tr_TR", "ar_AA", "fa_IR", "zh_CN", "zh_TW", "ja_JP", "ko_KR", "en_IN", "id_ID", "vi_VN", "ro_RO", "hr_HR", "cs_CZ",
    "sv_SE", "az_AZ", "en_PK", "en_NG",
)  # fmt: skip
FORMS = (
    "LLC",
    "Ltd",
    "Limited",
    "Co., Ltd.",
    "Inc.",
    "GmbH",
    "S.A.",
    "S.A. de C.V.",
    "OOO",
    "JSC",
    "S.R.L.",
    "Ltda.",
    "FZE",
)
TRADES = (
    "Trading", "International", "Group", "Shipping", "Services", "General Trading", "Import Export", "Logistics",
    "Industries", "Petrochemical", "Oil", "Investment", "Marine", "Holding", "Construction", "Electronics", "Metals",
)  # fmt: skip
PLACES = (
    "Dubai",
    "Istanbul",
    "Hong Kong",
    "Panama",
    "Moscow",
    "Tehran",
    "Mexico",
    "Guadalajara",
    "Beirut",
    "Guangzhou",
)
GIVEN = ("Karim", "Luis", "Ivan", "Ahmed", "Wei", "Jose")
_TWO_ADDED = 0.3
_TURNED = 0.5
TITLES = ("Mr", "Dr", "Haji", "General", "Engineer", "Sheikh", "Colonel")
_FORM_WORDS = {word.casefold() for form in FORMS for word in re.findall(r"\w+", form)} | set(
    re.findall(
        r"\w+",
        "company co corporation corp incorporated de rl cv sa sarl sl bv ag pjsc ojsc cjsc zao oao pao ao fzco pte pty"
        " plc lp llp sab sas spa ltda limitada cia ca eu kg ooo tov srl sro doo eirl private public joint stock"
        " liability the",
    )
)
_SIGNS = re.compile(r"([\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])")


def listed(data: Path, vintage: str = "") -> pl.DataFrame:
    """(id, name, kind) of one vintage's main names."""
    kind = pl.when(pl.col("sdn_type") == "individual").then(pl.lit("person")).otherwise(pl.lit("organisation"))
    return pl.read_parquet(data / f"sdn{vintage}.parquet").select(id="ent_num", name="sdn_name", kind=kind).sort("id")


def aliases(data: Path, vintage: str = "") -> pl.DataFrame:
    """(id, name, kind) of the same entries' other names."""
    other = pl.read_parquet(data / f"alt{vintage}.parquet").select(id="ent_num", name="alt_name")
    return other.join(listed(data, vintage).select("id", "kind"), on="id").unique().sort("id", "name")


def held_out(entry: str) -> bool:
    """Whether an entry belongs to the half that nothing is fitted on."""
    return hashlib.sha256(entry.encode()).digest()[0] % 2 == 0


def apart(name: str) -> list[str]:
    """Words of a name, in small letters."""
    return re.findall(r"\w+", name.casefold())


def romanised(name: str) -> str:
    """Write a name in ASCII letters; signs that need no spaces are set apart."""
    return anyascii(_SIGNS.sub(r" \1 ", name))


def known_by(name: str) -> str:
    """Write what nothing can tell apart by name: its words in Latin letters, sorted, without legal forms."""
    words = apart(romanised(name))
    return "".join(sorted(word for word in words if word not in _FORM_WORDS) or sorted(words))


def _slip(word: str, draw: random.Random) -> str:
    """One letter left out, doubled, changed or swapped with the next one."""
    at = draw.randrange(len(word) - 1)
    letter = draw.choice("abcdefghijklmnoprstuvwyz")
    return draw.choice(
        (word[:at] + word[at + 1 :], word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :],
         word[:at] + word[at + 1] + word[at] + word[at + 2 :])
    )  # fmt: skip


def _slips(name: str, draw: random.Random, number: int) -> str | None:
    words = name.split()
    for _ in range(number):
        long_enough = [place for place, word in enumerate(words) if len(word) >= 4 and word.isalpha()]  # noqa: PLR2004
        if not long_enough:
            return None
        place = draw.choice(long_enough)
        words[place] = _slip(words[place].lower(), draw)
    return " ".join(words)


def typo(name: str, draw: random.Random) -> str | None:
    """One slip."""
    return _slips(name, draw, 1)


def two_typos(name: str, draw: random.Random) -> str | None:
    """Two slips, in one word or two."""
    return _slips(name, draw, 2)


_ROMANISED = (
    ("kh", "h"), ("q", "k"), ("q", "gh"), ("ou", "u"), ("u", "ou"), ("oo", "u"), ("ee", "i"), ("i", "ee"), ("i", "y"),
    ("y", "i"), ("y", "j"), ("j", "dj"), ("j", "zh"), ("sh", "ch"), ("sh", "sch"), ("ch", "tch"), ("zh", "z"),
    ("v", "w"), ("w", "v"), ("ph", "f"), ("f", "ph"), ("e", "a"), ("a", "e"), ("o", "u"), ("u", "o"), ("ss", "s"),
    ("s", "ss"), ("mm", "m"), ("d", "dd"), ("ll", "l"), ("x", "ks"), ("ks", "x"), ("ts", "tz"), ("c", "k"),
    ("k", "c"), ("ia", "iya"), ("iya", "ia"), ("ya", "ia"), ("ei", "ey"), ("ey", "ei"), ("ay", "ai"), ("ai", "ay"),
    ("h", ""), ("th", "t"), ("dh", "d"), ("gh", "g"), ("ae", "a"), ("sky", "skiy"), ("iy", "y"), ("yev", "ev"),
    ("ev", "yev"), ("al-", "el "), ("al-", "al"), ("z", "s"), ("hs", "x"),
)  # fmt: skip


def transliterated(name: str, draw: random.Random) -> str | None:
    """Two letters or groups written as another romanisation would."""
    text = name.lower()
    for _ in range(2):
        fit = [(old, new) for old, new in _ROMANISED if old in text]
        if not fit:
            return None
        old, new = draw.choice(fit)
        at = draw.choice([found.start() for found in re.finditer(re.escape(old), text)])
        text = text[:at] + new + text[at + len(old) :]
    return text if apart(text) != apart(name) else None


def dropped(name: str, draw: random.Random) -> str | None:
    """One word left out, of three or more that are no legal form."""
    words = name.replace(",", "").split()
    fit = [place for place, word in enumerate(words) if not set(apart(word)) <= _FORM_WORDS]
    if len(fit) < 3:  # noqa: PLR2004
        return None
    del words[draw.choice(fit)]
    return " ".join(words)


def swapped(name: str, draw: random.Random) -> str | None:
    """Put the words in another order."""
    words = name.replace(",", "").split()
    shuffled = words[:]
    draw.shuffle(shuffled)
    return " ".join(shuffled) if shuffled != words else None


def reformed(name: str, draw: random.Random) -> str | None:
    """Another legal form, or one where there was none."""
    words = [word for word in name.replace(",", "").split() if not set(apart(word)) <= _FORM_WORDS]
    return f"{' '.join(words)} {draw.choice(FORMS)}" if words else None


def added(name: str, draw: random.Random) -> str | None:
    """Companies: a trade, a place or both; persons: a form of address or one more given name."""
    one = [draw.choice(TRADES + PLACES)]
    extra = [draw.choice(TRADES), draw.choice(PLACES)] if draw.random() < _TWO_ADDED else one
    return f"{name} {' '.join(extra)}"


def added_person(name: str, draw: random.Random) -> str | None:
    """Add a form of address or one more given name before."""
    extra = draw.choice(TITLES + GIVEN)
    return f"{extra} {name}"


def respaced(name: str, draw: random.Random) -> str | None:
    """Two words written as one."""
    words = re.split(r"[\s-]+", name.replace(",", ""))
    forms = [set(apart(word)) <= _FORM_WORDS for word in words]
    fit = [
        place
        for place in range(len(words) - 1)
        if len(words[place]) + len(words[place + 1]) > 4 and not forms[place] and not forms[place + 1]  # noqa: PLR2004
    ]
    if len(words) < 3 or not fit:  # noqa: PLR2004
        return None
    place = draw.choice(fit)
    return " ".join([*words[:place], words[place] + words[place + 1].lower(), *words[place + 2 :]])


KINDS: dict[str, Callable[[str, random.Random], str | None]] = {
    "typo": typo,
    "two typos": two_typos,
    "transliteration": transliterated,
    "dropped word": dropped,
    "swapped words": swapped,
    "legal form": reformed,
    "added words": added,
    "joined words": respaced,
}


def mixed(name: str, draw: random.Random) -> str | None:
    """Two different kinds at once."""
    first, second = draw.sample(["typo", "transliteration", "dropped word", "swapped words", "joined words"], 2)
    once = KINDS[first](name, draw)
    return KINDS[second](once, draw) if once else None


def perturbed(names: pl.DataFrame, seed: int) -> pl.DataFrame:
    """(id, name, kind) -> (entry, name, kind, change): each name once in each way that fits it."""
    draw = random.Random(seed)  # noqa: S311
    rows = []
    for entry, listed_name, kind in names.iter_rows():
        # Lists write the family name first, people and banks as often last.
        turned = kind == "person" and draw.random() < _TURNED
        name = " ".join(reversed(listed_name.split(", "))) if turned else listed_name
        for change, make in {**KINDS, "two kinds": mixed}.items():
            if change == "legal form" and kind == "person":
                continue
            maker = added_person if change == "added words" and kind == "person" else make
            changed = maker(name, draw)
            if changed and apart(changed):
                rows.append((entry, changed, kind, change))
    return pl.DataFrame(rows, schema=["entry", "name", "kind", "change"], orient="row")


def _persons(fakers: list[Faker], known: list[list[str]], draw: random.Random) -> Iterator[str]:
    while True:
        share = draw.random()
        fake = draw.choice(fakers)
        if share < 0.6:  # noqa: PLR2004
            yield fake.name()
        elif share < 0.8:  # noqa: PLR2004
            yield f"{draw.choice(draw.choice(known)[1:])} {draw.choice(known)[0]}".title()
        else:
            words = fake.name().split()
            words[draw.randrange(len(words))] = draw.choice(draw.choice(known)).title()
            yield " ".join(words)


def _companies(fakers: list[Faker], known: list[list[str]], draw: random.Random) -> Iterator[str]:
    trades = [word for words in known for word in words]
    while True:
        share = draw.random()
        fake = draw.choice(fakers)
        if share < 0.4:  # noqa: PLR2004
            yield fake.company()
        elif share < 0.6:  # noqa: PLR2004
            begun = fake.last_name() if draw.random() < 0.5 else fake.city()  # noqa: PLR2004
            yield f"{begun} {draw.choice(trades).title()} {draw.choice(TRADES)} {draw.choice(FORMS)}"
        else:
            parts = [draw.choice(draw.choice(known)) for _ in range(draw.choice((2, 3, 3)))]
            yield f"{' '.join(parts).title()} {draw.choice(FORMS)}"


def unrelated(names: pl.DataFrame, number: int, seed: int, locales: tuple[str, ...] = LOCALES) -> pl.DataFrame:
    """So many names that nobody lists: (id, name, kind), half persons and half companies, each different."""
    draw = random.Random(seed)  # noqa: S311
    fakers = [Faker(locale) for locale in locales]
    for place, fake in enumerate(fakers):
        fake.seed_instance(seed * 1000 + place)
    taken = {known_by(name) for name in names["name"]}
    rows: list[tuple[str, str]] = []
    for kind, make in (("person", _persons), ("organisation", _companies)):
        known = [
            [word for word in apart(name) if len(word) > 2 and word not in _FORM_WORDS]  # noqa: PLR2004
            for name in names.filter(pl.col("kind") == kind)["name"]
        ]
        source = make(fakers, [words for words in known if len(words) > 1], draw)
        target = len(rows) + number // 2
        while len(rows) < target:
            name = next(source)
            key = known_by(name)
            if key not in taken:
                taken.add(key)
                rows.append((name, kind))
    frame = pl.DataFrame(rows, schema=["name", "kind"], orient="row")
    return frame.select(id=pl.format("U{}", pl.int_range(pl.len())), name="name", kind="kind")
