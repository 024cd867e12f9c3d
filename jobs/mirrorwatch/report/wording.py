"""Figures, dates and probabilities in words. No locale and no clock: the same value always reads the same."""

import re
from datetime import date, datetime
from decimal import Decimal

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
NBSP = "\u00a0"
DASH = "–"
# Characters that change how the text around them is shown, or show as nothing: C0 and C1 controls, soft hyphen,
# bidirectional marks, embeddings, overrides and isolates, zero-width space, separators, byte-order mark, interlinear
# and tag characters. Zero-width joiners stay: Persian and Indian names need them.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    r"\ufff9-\ufffc\U000e0000-\U000e007f]"
)
_LARGE: tuple[tuple[int, str], ...] = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"))
_BREAKS = re.compile(r"[\t\r\n]+")
# Below one in a billion the model's own assumptions are the larger doubt, so no smaller figure is stated.
_SMALLEST_CHANCE = 1e-9


def visible(text: str) -> str:
    """Show every control or direction character as its code point, and every line break or tab as a space."""
    return _UNSEEN.sub(lambda match: f"⟨U+{ord(match[0]):04X}⟩", _BREAKS.sub(" ", text))


def count(number: int) -> str:
    """Write a whole number with thousands separators."""
    return f"{number:,}"


def plural(number: int, one: str, many: str = "") -> str:
    """`3 alerts`, `1 alert`; `many` where the plural is not formed with s."""
    return f"{number:,}{NBSP}{one if number == 1 else many or one + 's'}"


def money(amount: Decimal | int, currency: str = "USD") -> str:
    """Write an amount in its currency with two decimals: `USD 1,234.50`."""
    return f"{currency}{NBSP}{amount:,.2f}"


def rounded_money(amount: Decimal | int, currency: str = "USD") -> str:
    """Round an amount for a sentence: `USD 4.21 million`, `USD 812,400`."""
    exact = Decimal(amount)
    for size, word in _LARGE:
        if abs(exact) >= size:
            return f"{currency}{NBSP}{exact / size:.2f}{NBSP}{word}"
    return f"{currency}{NBSP}{amount:,.0f}"


def day(value: date) -> str:
    """`14 March 2026`."""
    return f"{value.day}{NBSP}{MONTHS[value.month - 1]}{NBSP}{value.year}"


def short_day(value: date) -> str:
    """`14 Mar`."""
    return f"{value.day}{NBSP}{MONTHS[value.month - 1][:3]}"


def moment(value: datetime) -> str:
    """`2026-03-14 09:05` (UTC, as all times here)."""
    return f"{value:%Y-%m-%d}{NBSP}{value:%H:%M}"


def days(first: date, last: date) -> str:
    """`2–13 March 2026`, or each end in full when month or year differ."""
    if first == last:
        return day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}{DASH}{day(last)}"
    if first.year == last.year:
        return f"{first.day}{NBSP}{MONTHS[first.month - 1]} to {day(last)}"
    return f"{day(first)} to {day(last)}"


def short_days(first: date, last: date) -> str:
    """`2–13 Mar`, for labels in drawings."""
    if first == last:
        return short_day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}{DASH}{short_day(last)}"
    return f"{short_day(first)}{DASH}{short_day(last)}"


def duration(seconds: int) -> str:
    """`35 min`, `9 h`, `2 d 4 h`: coarse, as an analyst would say it."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return f"under 1{NBSP}min"
    if minutes < 90:  # noqa: PLR2004 - up to an hour and a half minutes read better than hours
        return f"{minutes}{NBSP}min"
    hours = round(minutes / 60)
    if hours < 48:  # noqa: PLR2004 - up to two days hours read better than days
        return f"{hours}{NBSP}h"
    whole, rest = divmod(hours, 24)
    return f"{whole}{NBSP}d" + (f"{NBSP}{rest}{NBSP}h" if rest else "")


def figure(value: float | None) -> str:
    """Write an indicator's value or threshold: whole numbers whole, others to four significant digits."""
    if value is None or value != value:  # noqa: PLR0124 - NaN is the one value that differs from itself
        return "none"
    if value in (float("inf"), float("-inf")):
        return "no limit"
    if value == int(value) and abs(value) < 1e15:  # noqa: PLR2004 - above this a float no longer holds every integer
        return f"{int(value):,}"
    if abs(value) < 1e-4:  # noqa: PLR2004 - more zeros than the eye counts
        mantissa, exponent = f"{value:.1e}".split("e")
        return f"{mantissa}{NBSP}×{NBSP}10{_superscript(int(exponent))}"
    digits = max(0, 3 - len(str(int(abs(value))))) + 1 if abs(value) >= 1 else 4
    return f"{value:,.{digits}f}".rstrip("0").rstrip(".")


def _superscript(number: int) -> str:
    return str(number).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def odds(probability: float | None, least: float | None = None) -> str:
    """`1 in 40,000`, to two significant digits; `no null model` for null.

    `least` is the smallest probability that the typology states: there, and below, it reads `less than 1 in 1,000,000`.
    """
    if probability is None or probability != probability:  # noqa: PLR0124 - NaN
        return "no null model"
    if least is not None and probability <= least:
        return f"less than 1 in{NBSP}{round(1 / least):,}"
    if probability < _SMALLEST_CHANCE:
        return "under 1 in a billion"
    ratio = 1 / min(probability, 1.0)
    if ratio < 10:  # noqa: PLR2004 - small odds keep a decimal: 1 in 2.5
        return f"1 in{NBSP}{ratio:.1f}".removesuffix(".0")
    size = 10 ** (len(str(int(ratio))) - 2)
    return f"1 in{NBSP}{round(ratio / size) * size:,}"


def chance_sentence(probability: float | None, least: float | None = None, rests_on: str = "") -> str:
    """How likely ordinary activity shows this much, as a sentence an examiner can repeat; `least` as in `odds`."""
    if probability is None:
        return (
            "No null model applies to this typology, so no probability is stated. "
            "The alert rests on its indicators, each against its threshold."
        )
    if least is not None and probability <= least:
        ratio = f"{round(1 / least):,}"
        return (
            f"Less than 1 in {ratio}: without any scheme, fewer than one night in {ratio} like this would show this "
            f"much. No smaller figure is stated{f': {rests_on}' if rests_on else ''}."
        )
    if probability < _SMALLEST_CHANCE:
        return (
            "Under one in a billion: without any scheme, fewer than one night in a billion like this would show "
            "this much. At that size the model's own assumptions are the larger doubt."
        )
    ratio = odds(probability).removeprefix(f"1 in{NBSP}")
    return f"About 1 in {ratio}: without any scheme, about one night in {ratio} like this would show this much."


def words(code: str) -> str:
    """Read a code as words: `mirror_swap` reads `mirror swap`."""
    return code.replace("_", " ")


def sentence(code: str) -> str:
    """Read a code as the start of a sentence or a title: `Mirror swap`."""
    text = words(code)
    return text[:1].upper() + text[1:]
