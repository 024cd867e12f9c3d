"""Dates as publishers write them, often only a year, a month, a range or a guess: the days that each may mean."""

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache

Days = tuple[date, date]

_MONTHS = {name: number for number, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1)}  # fmt: skip
_MONTH = r"(?P<name>[A-Za-z]{3,9})\.?"
_FORMS = tuple(
    re.compile(form)
    for form in (
        r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?:[T ].*)?",  # ISO 8601, with a time or without
        r"(?P<y>\d{4})-(?P<m>\d{1,2})",
        r"(?P<d>\d{1,2}|dd)/(?P<m>\d{1,2}|mm)/(?P<y>\d{4})(?:[T ].*)?",  # unknown parts: dd, mm or 00
        r"(?P<d>\d{1,2}) " + _MONTH + r" (?P<y>\d{4})",
        _MONTH + r" (?P<y>\d{4})",
        r"(?P<y>\d{4})",
    )
)
_ABOUT = re.compile(r"^(circa|c\.|ca\.|approximately|about|around)\s*", re.IGNORECASE)
_RANGE = re.compile(r"\s+(?:to|-|and|or)\s+|(?<=\d{4})-(?=\d{4})", re.IGNORECASE)


@lru_cache(maxsize=100_000)
def days(text: str) -> Days | None:
    """Return the first and last day that a published date may mean; None when it is no date."""
    plain = _ABOUT.sub("", text.strip()).strip()
    ends = [_one(part.strip()) for part in _RANGE.split(plain)]
    known = [end for end in ends if end is not None]
    if not known or len(known) != len(ends):
        return None
    return min(first for first, _ in known), max(last for _, last in known)


def day(text: str | None) -> date | None:
    """Return the one day that a published date means; None when it is missing, no date, or more than one day."""
    found = days(text) if text else None
    return found[0] if found is not None and found[0] == found[1] else None


def parts(year: str | None, month: str | None, day_of_month: str | None) -> Days | None:
    """Return the days that a year, a month and a day may mean; each but the year may be missing or 0."""
    numbers = [int(part) if part and part.strip().isdigit() else 0 for part in (year, month, day_of_month)]
    return _within(*numbers)


def _one(text: str) -> Days | None:
    for form in _FORMS:
        if (match := form.fullmatch(text)) is not None:
            named = match.groupdict()
            month = _MONTHS.get(str(named["name"])[:3].lower(), -1) if named.get("name") else _number(named.get("m"))
            return _within(_number(named["y"]), month, _number(named.get("d")))
    return None


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0


def _within(year: int, month: int, day_of_month: int) -> Days | None:
    try:
        if year and month and day_of_month:
            return date(year, month, day_of_month), date(year, month, day_of_month)
        if year and month:
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
        return (date(year, 1, 1), date(year, 12, 31)) if year else None
    except ValueError:  # 31 February, month 13; calendar's own error is a ValueError too
        return None
