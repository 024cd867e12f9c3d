"""Figures, dates and chances in words."""

import unicodedata
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirrorwatch.report.wording import chance_sentence, days, duration, figure, odds, plural, rounded_money, visible


def plain(text: str) -> str:
    """Text with ordinary spaces, so that expectations can be read."""
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("value", "reads"),
    [
        (None, "no null model"),
        (2.5e-5, "1 in 40,000"),
        (1 / 3, "1 in 3"),
        (0.4, "1 in 2.5"),
        (1.0, "1 in 1"),
        (0.0123, "1 in 81"),
        (1e-12, "under 1 in a billion"),
        (0.0, "under 1 in a billion"),
    ],
)
def test_odds_read_as_an_examiner_says_them(value: float | None, reads: str) -> None:
    assert plain(odds(value)) == reads


@given(st.floats(min_value=1e-9, max_value=1.0))
def test_odds_keep_two_significant_digits(probability: float) -> None:
    said = float(plain(odds(probability)).removeprefix("1 in ").replace(",", ""))
    assert said == pytest.approx(1 / probability, rel=0.051)


def test_chance_sentence_says_when_no_null_model_applies() -> None:
    assert "No null model applies" in chance_sentence(None)
    assert "about one night in 40,000 like this" in plain(chance_sentence(2.5e-5))


@pytest.mark.parametrize(
    ("value", "reads"),
    [
        (1e-6, "less than 1 in 1,000,000"),
        (1e-12, "less than 1 in 1,000,000"),
        (1.1e-6, "1 in 910,000"),
        (None, "no null model"),
    ],
)
def test_a_chance_at_its_floor_reads_as_less_than_that(value: float | None, reads: str) -> None:
    assert plain(odds(value, 1e-6)) == reads


def test_a_sentence_at_the_floor_says_on_what_the_floor_rests() -> None:
    said = plain(chance_sentence(1e-6, 1e-6, "it rests on 20 draws"))
    assert said.startswith("Less than 1 in 1,000,000: without any scheme, fewer than one night in 1,000,000 like this")
    assert said.endswith("No smaller figure is stated: it rests on 20 draws.")
    assert "about one night in 500,000" in plain(chance_sentence(2e-6, 1e-6, "it rests on 20 draws"))


@pytest.mark.parametrize(
    ("value", "reads"),
    [
        (12.0, "12"),
        (1234567.0, "1,234,567"),
        (0.9883, "0.9883"),
        (13.6231, "13.62"),
        (2.5e-5, "2.5 × 10⁻⁵"),
        (-3.5, "-3.5"),
        (0.0, "0"),
        (float("nan"), "none"),
        (float("inf"), "no limit"),
        (None, "none"),
    ],
)
def test_figures_are_whole_or_four_digits(value: float | None, reads: str) -> None:
    assert plain(figure(value)) == reads


@pytest.mark.parametrize(
    ("first", "last", "reads"),
    [
        (date(2026, 3, 2), date(2026, 3, 2), "2 March 2026"),
        (date(2026, 3, 2), date(2026, 3, 13), "2–13 March 2026"),
        (date(2026, 2, 27), date(2026, 3, 1), "27 February to 1 March 2026"),
        (date(2025, 12, 30), date(2026, 1, 2), "30 December 2025 to 2 January 2026"),
    ],
)
def test_days_say_no_more_than_needed(first: date, last: date, reads: str) -> None:
    assert plain(days(first, last)) == reads


@pytest.mark.parametrize(
    ("seconds", "reads"),
    [(20, "under 1 min"), (5_300, "88 min"), (7_200, "2 h"), (170_000, "47 h"), (187_200, "2 d 4 h")],
)
def test_durations_are_coarse(seconds: int, reads: str) -> None:
    assert plain(duration(seconds)) == reads


def test_money_in_sentences_is_rounded_by_size() -> None:
    assert plain(rounded_money(Decimal("812400.49"))) == "USD 812,400"
    assert plain(rounded_money(Decimal(4_210_000))) == "USD 4.21 million"
    assert plain(rounded_money(7 * 10**9)) == "USD 7.00 billion"
    assert plain(plural(1, "check")) == "1 check"
    assert plain(plural(1200, "check")) == "1,200 checks"


@given(st.text())
def test_nothing_that_turns_or_hides_text_stays(text: str) -> None:
    shown = visible(text)
    assert not any(unicodedata.category(each) == "Cc" for each in shown)
    assert not any(
        unicodedata.bidirectional(each) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI"} for each in shown
    )
    assert visible(shown) == shown


def test_overrides_show_their_code_points_and_joiners_stay() -> None:
    assert visible("a\u202eb\x00") == "a⟨U+202E⟩b⟨U+0000⟩"
    assert visible("می\u200cخواهم\r\nb") == "می\u200cخواهم b"
