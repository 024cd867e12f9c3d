"""Names in one spelling, weights of words, and words that are one word written differently."""

import polars as pl
import pytest

from mirrorwatch.names.likeness import LEAST_LIKE, alike
from mirrorwatch.names.spelling import LONGEST_NAME, shipped_phrases, spelt
from mirrorwatch.names.weights import FORM_BITS, MOST_BITS, weighed
from mirrorwatch.names.words import MOST_WORDS, words


def plain(name: str, *, person: bool = False) -> str:
    return str(spelt(pl.Series([name]), pl.Series([person])).item())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Nueva Grupo S.A. de C.V.", "nueva group ~stock"),
        ("NUEVA GRUPO, S. A. DE C. V.", "nueva group ~stock"),
        ("I.R.I.S.L. Co., Ltd.", "irisl ~limited"),
        ("ООО «Нефть»", "~limited neft"),
        ("Obshchestvo s ogranichennoi otvetstvennostyu Neft", "~limited neft"),
        ("北京小米有限公司", "bei jing xiao mi ~limited"),
        ("Müller & Söhne GmbH", "muller and sohne ~limited"),
        ("Vexatron Intl. Mfg. Corp.", "vexatron international manufacturing ~stock"),
        ("O'Brien TradingLLC", "obrien trading ~limited"),
        ("8errnudez L0gistics 2", "berrnudez logistics 2"),
        ("Block12 Depot1", "block12 depot1"),
        ("", ""),
        ("—*—", ""),
    ],
)
def test_names_of_firms_have_one_spelling(name: str, expected: str) -> None:
    assert plain(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("SA, As de", "sa as de"),
        ("J.R. Smith", "j r smith"),
        ("AL-'ANZI, Muhammad", "al anzi muhammad"),
        ("王小明", "wang xiao ming"),
        ("김정은", "gim jeong eun"),
        ("Вла́димир", "vladimir"),
        ("محمود نور", "mhmud nur"),
        ("فاطمة جواد إبراهيم علي", "fatma jwad ibrahim ali"),
    ],
)
def test_names_of_persons_keep_all_their_words(name: str, expected: str) -> None:
    assert plain(name, person=True) == expected


@pytest.mark.parametrize(
    "name",
    [
        "\x1b[31mRamiro M. Olivaro\x1b[0m",
        "Ra\x1b[1;38;5;9mmiro M. Oli\x1b[mvaro",
        "\u009b31mRamiro M. Olivaro\u009b0m",
        "Ramiro M. Olivaro\x1b(B\x1b[m",
        "\x1b[31m" * 80 + "Ramiro M. Olivaro",
        "\u009bRamiro M. Olivaro\u009b",
    ],
)
def test_what_a_terminal_does_not_show_is_no_part_of_a_name(name: str) -> None:
    assert plain(name, person=True) == "ramiro m olivaro"


def test_no_name_is_work_without_end() -> None:
    rows = pl.DataFrame({"row": [0], "plain": [plain("a " * 100_000)]})
    assert len(rows["plain"].item()) <= LONGEST_NAME
    assert len(words(rows)) == MOST_WORDS


@pytest.mark.parametrize("phrase", shipped_phrases())
def test_every_shipped_phrase_is_written_as_names_are_when_it_is_looked_for(phrase: str) -> None:
    assert plain(phrase, person=True) == phrase, "a phrase with capitals, marks or dots would never be found"


def test_words_weigh_by_how_few_names_hold_them() -> None:
    counts = pl.DataFrame({"word": ["rare", "common", "trading", "~limited"], "count": [1, 40_000, 1, 90_000]})
    bits = dict(weighed(counts, 100_000).iter_rows())
    assert bits["rare"] == MOST_BITS
    assert bits["common"] == pytest.approx(1.58, abs=0.01)  # a third of the 120,000 names read and believed
    assert bits["trading"] < bits["rare"] - 6  # weak by what is shipped, though these data hold it once
    assert bits["~limited"] == FORM_BITS


def like(first: str, second: str) -> float:
    found = alike(pl.Series([first]), pl.Series([second]))
    return float(found["like"].item()) if len(found) else 0.0


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("muhammad", "mohamed"), ("muhammad", "mhmd"), ("khalid", "qalid"), ("yusuf", "youssef"), ("sergey", "sergei"),
        ("zhang", "jang"),
        ("xiaohong", "shiaohong"), ("petrovic", "petrovich"), ("schmidt", "shmidt"), ("vexatron", "vexatorn"),
        ("petrochemical", "petrochmeical"), ("kovalenko", "kovalneka"), ("juan", "dzhuan"), ("mahmoud", "mhmud"),
        ("khalid", "halid"), ("yusuf", "yusf"), ("viktorovich", "fikturufitsh"),
    ],
)  # fmt: skip
def test_one_word_written_differently(first: str, second: str) -> None:
    assert LEAST_LIKE <= like(first, second) < 1
    assert like(second, first) == pytest.approx(like(first, second))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("lin", "lim"),
        ("hassan", "husayn"),
        ("456", "457"),
        ("block12", "block13"),
        ("trading", "shipping"),
        ("ali", "ela"),
    ],
)  # fmt: skip
def test_two_words(first: str, second: str) -> None:
    assert like(first, second) == 0
