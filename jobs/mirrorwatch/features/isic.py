"""Codes of trades: ISIC revision 4, written with or without the letter of the section."""

import polars as pl

SECTIONS = "ABCDEFGHIJKLMNOPQRSTU "


def digits(code: str = "industry_code") -> pl.Expr:
    """Give a code without its section; null where none is declared."""
    return pl.col(code).str.strip_chars_start(SECTIONS)


def division(code: str = "industry_code") -> pl.Expr:
    """Give the two digits of a code that name its division; null where none is declared."""
    return digits(code).str.slice(0, 2)
