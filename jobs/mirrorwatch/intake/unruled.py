"""Bookings in countries where no rule says what a detector asks for: blind there, country by country."""

from collections.abc import Iterator, Sequence

import polars as pl

from mirrorwatch.detectors.base import Detector, RuleNeed
from mirrorwatch.intake import blindness_words as words
from mirrorwatch.intake.gaps import Row
from mirrorwatch.rulebook import Held, Rules

_PLACES = {
    "handled": pl.when(pl.col("channel") == "cash_withdrawal")
    .then("beneficiary_country")
    .otherwise("originator_country"),
    "payee": pl.col("beneficiary_country"),
}
_SIDES = ("originator_account_id", "beneficiary_account_id")
_ANY = "USD"  # what is reckoned in dollars is held against a sum in dollars, whatever its currency


def unruled(bookings: pl.LazyFrame, rules: Rules, detectors: Sequence[Detector]) -> Iterator[Row]:
    """Give a row for each country and rule that a detector needs and the day does not have.

    Two rows where no rule holds and where one speaks of other currencies only. `bookings`: staged transactions.
    """
    for detector in detectors:
        for need in detector.rules:
            for country, ruled, rows, accounts, usd in _counted(bookings, rules, need).iter_rows():
                concerned = f"{rows:,} bookings, {words.usd(usd)} on {accounts:,} accounts"
                blinded = f"{detector.typology} cannot judge {need.indicator} of {concerned}"
                told = _told(rules, need, country, ruled=ruled)
                yield (detector.typology, need.indicator, f"{told}: {blinded}; {need.why}.", accounts, usd)


def _counted(bookings: pl.LazyFrame, rules: Rules, need: RuleNeed) -> pl.DataFrame:
    """One row a country: country, ruled (a rule speaks of other currencies), rows, accounts, usd_minor, sorted."""
    held = [(each.rule.jurisdiction, each.version.currency) for each in rules.used_as(need.use)]
    spoken = pl.DataFrame(held, schema={"country": pl.String, "currency": pl.String}, orient="row").unique()
    any_currency = spoken.filter(pl.col("currency") == _ANY).select("country")
    seen = (
        bookings.filter(pl.col("channel").is_in(need.channels))
        .select("currency", "usd_minor", *_SIDES, country=_PLACES[need.place])
        .join(spoken.lazy(), on=["country", "currency"], how="anti")
        .join(any_currency.lazy(), on="country", how="anti")
        .with_columns(ruled=pl.col("country").is_in(spoken["country"].unique().implode()))
    )
    # Accounts apart from sums, a side at a time: lists of both sides would hold every booking in memory.
    sides = pl.concat(seen.select("country", "ruled", account=side) for side in _SIDES).drop_nulls("account")
    accounts = sides.group_by("country", "ruled").agg(pl.col("account").n_unique().cast(pl.Int64).alias("accounts"))
    sums = seen.group_by("country", "ruled").agg(pl.len().cast(pl.Int64).alias("rows"), pl.col("usd_minor").sum())
    return (
        sums.join(accounts, on=["country", "ruled"], how="left", nulls_equal=True)
        .select("country", "ruled", "rows", pl.col("accounts").fill_null(0), "usd_minor")
        .sort("country", "ruled")
        .collect()
    )


def _told(rules: Rules, need: RuleNeed, country: str, *, ruled: bool) -> str:
    if ruled:
        return f"{need.what} in {country} in currencies of which no rule there speaks"
    known = [each for each in rules.known_as(need.use) if each.rule.jurisdiction == country]
    return f"{need.what} in {country}, where {_why_not(known, need)} on {rules.day}"


def _why_not(known: Sequence[Held], need: RuleNeed) -> str:
    use = need.use.replace("_", " ")
    if not known:
        return f"the rulebook knows no {use}"
    if all(each.version.status == "none" for each in known):
        return f"the law, as far as it was read, has no {use}"
    return f"no {use} was in force ({', '.join(each.words for each in known)})"
