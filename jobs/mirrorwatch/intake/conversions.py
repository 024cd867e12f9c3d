"""From whatever type a source wrote to the contract's type, without loss, or with the reason why not.

Each conversion is a pair of expressions over one column: the value (null where it fails) and, for each way to fail,
a flag. Money becomes Int64 hundredths of its currency. A type that no conversion takes is refused by name.
"""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from mirrorwatch.contract import MONEY, UTC_TIMESTAMP

MAX_MINOR = 10**18 - 1  # the most hundredths that decimal(18,2) holds; it fits 64 bits nine times over
# A float amount is taken when it lies on a hundredth but for the float's own noise: half a unit in the last place of a
# short float, four of a long one, which leaves room for sums such as 0.1 + 0.2. Hundredths can be told apart while
# neighbouring floats lie closer than that: below 2^4, 2^17 and 2^46 for 11, 24 and 53 bits. Beyond, a float is taken
# when it is a whole number, up to where whole numbers can no longer be told apart.
_MOST_NOISE = 0.45  # of a hundredth: nearer to a half, the next hundredth would be as good
_NOISE: dict[type[pl.DataType], float] = {
    pl.Float16: 0.5 * 2.0**-10,
    pl.Float32: 0.5 * 2.0**-23,
    pl.Float64: 4 * 2.0**-52,
}
_CENTS_DISTINCT: dict[type[pl.DataType], float] = {pl.Float16: 2.0**4, pl.Float32: 2.0**17, pl.Float64: 2.0**46}
_WHOLE_DISTINCT: dict[type[pl.DataType], float] = {pl.Float16: 2.0**11, pl.Float32: 2.0**24, pl.Float64: 2.0**53}
_PLAIN_NUMBER = r"^\s*[+-]?\d+(\.\d+)?\s*$"
_ISO_DATE = r"^\d{4}-\d{2}-\d{2}([T ].*)?$"
_ZONED, _PLAIN, _MINUTES = "%Y-%m-%dT%H:%M:%S%.f%:z", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"

UNREADABLE, INEXACT, NOT_FINITE, OUT_OF_RANGE = "unreadable", "inexact", "not_finite", "out_of_range"
FAILURES = {
    UNREADABLE: "cannot be read as {target}",
    INEXACT: "cannot become {target} without loss",
    NOT_FINITE: "is not a finite number",
    OUT_OF_RANGE: "is too large for {target}",
}


@dataclass(frozen=True)
class Conversion:
    """A column's value in its canonical type, and a flag for each way in which a non-null value can fail."""

    value: pl.Expr
    failures: tuple[tuple[str, pl.Expr], ...] = ()


_Converter = Callable[[pl.Expr, pl.DataType], Conversion | None]


def convert(column: pl.Expr, found: pl.DataType, target: pl.DataType) -> Conversion | None:
    """Return the conversion of a column of type `found` to `target`, or None where that type is refused."""
    if found == pl.Null():
        return Conversion(pl.lit(None, dtype=pl.Int64() if target == MONEY else target))
    return _CONVERTERS[str(target)](column, found)


def _text(column: pl.Expr, found: pl.DataType) -> Conversion | None:
    if isinstance(found, pl.String | pl.Categorical | pl.Enum):
        text = column.cast(pl.String)
        return Conversion(pl.when(text.str.strip_chars() != "").then(text))
    if found.is_integer():
        return Conversion(column.cast(pl.String))
    whole = _whole(column, found)
    return None if whole is None else Conversion(whole.value.cast(pl.String), whole.failures)


def _whole(column: pl.Expr, found: pl.DataType) -> Conversion | None:
    if found.is_integer():
        value = column.cast(pl.Int64, strict=False)
        return Conversion(value, ((OUT_OF_RANGE, column.is_not_null() & value.is_null()),))
    if found.is_float():
        number = column.cast(pl.Float64)
        fits = number.is_finite() & (number == number.round()) & (number.abs() <= _WHOLE_DISTINCT[type(found)])
        return _checked(column, pl.when(fits).then(number).cast(pl.Int64, strict=False), INEXACT)
    if isinstance(found, pl.Decimal):
        value = column.cast(pl.Int64, strict=False)
        return _checked(column, pl.when(value.cast(pl.Decimal(38, found.scale)) == column).then(value), INEXACT)
    if isinstance(found, pl.String):
        text = column.str.strip_chars()
        return _checked(column, text.cast(pl.Int64, strict=False), UNREADABLE)
    return None


def _money(column: pl.Expr, found: pl.DataType) -> Conversion | None:
    if found.is_integer():
        whole = column.cast(pl.Int64, strict=False)
        value = pl.when(whole.abs() <= MAX_MINOR // 100).then(whole * 100)
        return _checked(column, value, OUT_OF_RANGE)
    if found.is_float():
        return _money_from_float(column, found)
    if isinstance(found, pl.Decimal):
        return _money_from_decimal(column, found.scale)
    if isinstance(found, pl.String):
        return _money_from_text(column)
    return None


def _money_from_float(column: pl.Expr, found: pl.DataType) -> Conversion:
    number = column.cast(pl.Float64)
    whole = number == number.round()
    hundredfold = number * 100
    cents = hundredfold.round()
    noise = (hundredfold.abs() * _NOISE[type(found)]).clip(upper_bound=_MOST_NOISE)
    on_a_cent = ((hundredfold - cents).abs() <= noise) & (number.abs() < _CENTS_DISTINCT[type(found)])
    exact = on_a_cent | (whole & (number.abs() <= _WHOLE_DISTINCT[type(found)]))
    in_range = number.abs() < float((MAX_MINOR + 1) // 100)
    minor = pl.when(whole).then(number.cast(pl.Int64, strict=False) * 100).otherwise(cents.cast(pl.Int64, strict=False))
    finite = number.is_finite()
    return Conversion(
        pl.when(finite & in_range & exact).then(minor),
        (
            (NOT_FINITE, column.is_not_null() & ~finite),
            (OUT_OF_RANGE, finite & ~in_range),
            (INEXACT, finite & in_range & ~exact),
        ),
    )


def _money_from_decimal(column: pl.Expr, scale: int) -> Conversion:
    wide = column.cast(pl.Decimal(38, 2), strict=False)
    in_range = (wide * 100).cast(pl.Int64, strict=False).abs() <= MAX_MINOR
    exact = wide.cast(pl.Decimal(38, scale), strict=False) == column if scale > 2 else wide.is_not_null()  # noqa: PLR2004
    value = pl.when(in_range & exact).then((wide * 100).cast(pl.Int64, strict=False))
    present = column.is_not_null()
    too_large = present & ~in_range.fill_null(value=False)
    return Conversion(
        value, ((OUT_OF_RANGE, too_large), (INEXACT, present & ~too_large & ~exact.fill_null(value=False)))
    )


def _money_from_text(column: pl.Expr) -> Conversion:
    text = column.str.strip_chars()
    plain = text.str.contains(_PLAIN_NUMBER)
    fraction = text.str.extract(r"\.(\d+)$").fill_null("").str.strip_chars_end("0")
    exact = fraction.str.len_bytes() <= 2  # noqa: PLR2004 - hundredths
    digits = text.str.extract(r"^([+-]?\d+)") + fraction.str.pad_end(2, "0")
    minor = digits.str.strip_prefix("+").cast(pl.Int64, strict=False)
    in_range = (minor.abs() <= MAX_MINOR).fill_null(value=False)
    present = text != ""
    return Conversion(
        pl.when(plain & exact & in_range).then(minor),
        (
            (UNREADABLE, present & ~plain),
            (INEXACT, present & plain & ~exact),
            (OUT_OF_RANGE, present & plain & exact & ~in_range),
        ),
    )


def _timestamp(column: pl.Expr, found: pl.DataType) -> Conversion | None:
    if isinstance(found, pl.Datetime):
        zoned = column if found.time_zone else column.dt.replace_time_zone("UTC")
        return Conversion(zoned.dt.convert_time_zone("UTC").dt.cast_time_unit("us"))
    if isinstance(found, pl.Date):
        return Conversion(column.cast(pl.Datetime("us")).dt.replace_time_zone("UTC"))
    if isinstance(found, pl.String):
        text = column.str.strip_chars().str.replace(" ", "T", literal=True).str.replace(r"[zZ]$", "+00:00")
        forms = [text.str.to_datetime(form, time_unit="us", time_zone="UTC", strict=False) for form in
                 (_ZONED, _PLAIN, _MINUTES)]  # fmt: skip
        midnight = text.str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
        return _checked(column, pl.coalesce(*forms, midnight), UNREADABLE)
    return None


def _date(column: pl.Expr, found: pl.DataType) -> Conversion | None:
    if isinstance(found, pl.Date):
        return Conversion(column)
    if isinstance(found, pl.Datetime):
        return Conversion(column.dt.date())  # in its own zone: the day that the source meant
    if isinstance(found, pl.String):
        text = column.str.strip_chars()
        day = pl.when(text.str.contains(_ISO_DATE)).then(text.str.slice(0, 10)).str.to_date("%Y-%m-%d", strict=False)
        return _checked(column, day, UNREADABLE)
    return None


def _number(column: pl.Expr, found: pl.DataType) -> Conversion | None:
    if found.is_float():
        # A shorter float is read by its decimal text, so that 0.1 stays 0.1.
        value = column if isinstance(found, pl.Float64) else column.cast(pl.String).cast(pl.Float64, strict=False)
        return Conversion(
            pl.when(column.is_finite()).then(value), ((NOT_FINITE, column.is_not_null() & ~column.is_finite()),)
        )
    if found.is_integer() or isinstance(found, pl.Decimal):
        return Conversion(column.cast(pl.Float64))
    if isinstance(found, pl.String):
        text = column.str.strip_chars()
        number = pl.when(text.str.contains(r"^[+-]?\d*\.?\d+([eE][+-]?\d+)?$")).then(text)
        return _checked(column, number.cast(pl.Float64, strict=False), UNREADABLE)
    return None


def _texts(column: pl.Expr, found: pl.DataType) -> Conversion | None:
    inner = found.inner if isinstance(found, pl.List | pl.Array) else None
    if isinstance(inner, pl.String | pl.Categorical | pl.Enum | pl.Null):
        return Conversion(column.cast(pl.List(pl.String)))
    return None


def _checked(column: pl.Expr, value: pl.Expr, failure: str) -> Conversion:
    """Fail with `failure` where there was something and it has become null; blank text counts as nothing."""
    return Conversion(value, ((failure, column.is_not_null() & (column.cast(pl.String) != "") & value.is_null()),))


_CONVERTERS: dict[str, _Converter] = {
    str(pl.String()): _text,
    str(pl.Int64()): _whole,
    str(MONEY): _money,
    str(UTC_TIMESTAMP): _timestamp,
    str(pl.Date()): _date,
    str(pl.Float64()): _number,
    str(pl.List(pl.String())): _texts,
}
