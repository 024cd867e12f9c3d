"""OFAC's remarks, taken apart: every piece between semicolons becomes one detail, and none is lost.

`DOB 06 Apr 1967; POB Kuwait; nationality Lebanon; Passport RL 2274078 (Lebanon) issued 01 Jan 2001; Linked To: …`
"""

from datetime import date

import polars as pl

from mirrorwatch.watchlists.dates import days
from mirrorwatch.watchlists.ofac_terms import contact_kind
from mirrorwatch.watchlists.tables import FOUND_DETAILS, WEAK

_ALT = r"^(?:[Aa]lt\. )?"
# What an identifier's label ends with. A label without a number after it is prose, and stays a remark.
_ENDS = (
    r"No\.?|#|Number|ID|Passport|Card|License|Identification|Code|Certificate|Address - \S+|SSN|FEIN|MMSI|NIT|"
    r"R\.?F\.?C\.?|C\.?U\.?R\.?P\.?|D\.N\.I\.|C\.U\.I\.T\.|C\.U\.I\.P\.?|\(MSN\)|\(L/N\)|SWIFT/BIC|Document|Registry|"
    r"electoral|Electoral|\([A-Z]{3,6}\)"
)
_IDENTIFIER = (
    _ALT + rf"(?P<label>(?:[A-Z][^0-9;:]{{0,80}}?)?(?:{_ENDS})(?: \([^)0-9]*\))?(?: Number| No\.| #| \(MSN\))?):? "
    r"(?P<number>[^()]*?[0-9][^()]*?|0x\S+)(?: \((?P<country>[^()0-9]+)\))?"
    r"(?: issued (?P<issued>[^;]*?))?(?: expires (?P<expires>[^;]*))?$"
)
_SIMPLE = (
    ("birth_date", None, _ALT + r"DOB (.+)$"),
    ("birth_place", None, _ALT + r"POB (.+)$"),
    ("country", "registration", _ALT + r"[Nn]ationality of Registration (.+)$"),
    ("nationality", None, r"^(?:alt\. )?[Nn]ationality (.+)$"),
    ("citizenship", None, r"^(?:alt\. )?[Cc]itizen (.+)$"),
    ("gender", None, r"^Gender (.+)$"),
    ("position", None, _ALT + r"Position: ?(.+)$"),
    ("link", "linked_to", r"^Linked To: ?(.+)$"),
    ("alias", "a.k.a.", r"^a\.k\.a\. '?(.*?)'?$"),
    ("alias", "f.k.a.", r"^f\.k\.a\. '?(.*?)'?$"),
    ("alias", "n.k.a.", r"^n\.k\.a\. '?(.*?)'?$"),
    ("contact", "website", _ALT + r"Website (.+)$"),
    ("contact", "e-mail", _ALT + r"Email Address (.+)$"),
    ("contact", "phone", _ALT + r"(?:Telephone|Phone Number|Telephone Number):? (.+)$"),
    ("contact", "fax", _ALT + r"Fax:? (.+)$"),
)
_PLACES = ("nationality", "citizenship", "country", "birth_place")


def said(sdn: pl.DataFrame) -> pl.DataFrame:
    """Return FOUND_DETAILS of the column `remarks`: one row for each piece, in order."""
    pieces = _pieces(sdn)
    simple = [pl.col("piece").str.extract(pattern) for _, _, pattern in _SIMPLE]
    read = pieces.with_columns(
        pl.coalesce(*(pl.when(text.is_not_null()).then(pl.lit(number)) for number, text in enumerate(simple))).alias(
            "rule"
        ),
        pl.coalesce(simple).alias("text"),
        pl.col("piece").str.extract_groups(_IDENTIFIER).alias("paper"),
    ).unnest("paper")
    return _dated(_classified(read)).select(FOUND_DETAILS.names()).cast(FOUND_DETAILS)


def _pieces(sdn: pl.DataFrame) -> pl.DataFrame:
    whole = pl.col("remarks").str.strip_chars().str.strip_suffix(".")
    split = sdn.filter(pl.col("remarks").is_not_null()).select(
        whole.str.split(";").alias("piece"), "source_file", "source_position", id="ent_num"
    )
    stripped = split.explode("piece", empty_as_null=False).with_columns(pl.col("piece").str.strip_chars())
    return stripped.filter(pl.col("piece") != "")


def _classified(read: pl.DataFrame) -> pl.DataFrame:
    rules = dict(enumerate(_SIMPLE))
    by_rule = pl.col("rule").replace_strict({number: kind for number, (kind, _, _) in rules.items()}, default=None,
                                            return_dtype=pl.String)  # fmt: skip
    label = pl.col("rule").replace_strict({number: name for number, (_, name, _) in rules.items()}, default=None,
                                          return_dtype=pl.String)  # fmt: skip
    labels = read["label"].drop_nulls().unique()
    of_label = pl.col("label").replace_strict({name: contact_kind(name) for name in labels}, default=None,
                                              return_dtype=pl.String)  # fmt: skip
    is_paper = pl.col("rule").is_null() & pl.col("number").is_not_null()
    kind = pl.coalesce(by_rule, pl.when(is_paper).then(of_label), pl.lit("remark"))
    text = pl.coalesce("text", pl.when(is_paper).then("number"), "piece")
    country = (
        pl.when(by_rule.is_in(_PLACES)).then("text")
        .when(is_paper).then("country")
    )  # fmt: skip
    return read.with_columns(
        kind=kind, value=text, country=country, label=pl.when(is_paper).then("label").otherwise(label),
        quality=pl.when(by_rule == "alias").then(pl.lit(WEAK)), related=pl.lit(None), note=pl.lit(None),
        issued=pl.when(is_paper).then("issued"), expires=pl.when(is_paper).then("expires"),
    )  # fmt: skip


def _dated(rows: pl.DataFrame) -> pl.DataFrame:
    """Add the days that dates of birth may mean, and the validity of documents; each spelling is read once."""
    birth = pl.when(pl.col("kind") == "birth_date").then("value")
    spelt = rows.select(pl.concat_list(birth, "issued", "expires").explode(empty_as_null=False).drop_nulls().unique())
    known = {text: found for text in spelt.to_series() if (found := days(text)) is not None}
    first = {text: found[0] for text, found in known.items()}
    last = {text: found[1] for text, found in known.items()}
    return rows.with_columns(
        pl.coalesce(_day(birth, first), _day(pl.col("issued"), first)).alias("earliest"),
        pl.coalesce(_day(birth, last), _day(pl.col("expires"), last)).alias("latest"),
    )


def _day(text: pl.Expr, known: dict[str, date]) -> pl.Expr:
    return text.replace_strict(known, default=None, return_dtype=pl.Date) if known else pl.lit(None, pl.Date)
