"""Who of the night's parties is a listed one: entries in force, and name hits that chance does not explain."""

from datetime import date

import polars as pl

from mirrorwatch.contract import WATCHLIST
from mirrorwatch.detectors.base import LIKE_ENTRIES, LISTED, NightFrames
from mirrorwatch.detectors.watchlist_exposure_parameters import ExposureParameters
from mirrorwatch.detectors.watchlist_exposure_since import first_listed
from mirrorwatch.detectors.watchlist_exposure_strength import expected, vocabulary
from mirrorwatch.features.contacts import marks
from mirrorwatch.names import NAMED
from mirrorwatch.screening import ScreeningParameters, screen
from mirrorwatch.screening.hits import DISMISSED, PARTY, REOPENED

# A programme or list of exposed persons and their kin: context, no sanction
EXPOSED = r"(?i)\bpeps?\b|\brca\b|politically|exposed|role\.pep|role\.rca|close associate|family member"
SANCTION = r"^[A-Z0-9][A-Z0-9 ./_-]+$|(?i)sanction|embargo|regulation|designat|terror|narco|ofac|\bsdn|blocked|debar"
NOT_A_PARTY = ("vessel", "aircraft", "ship")


def in_force(watchlist: pl.LazyFrame, day: date) -> pl.DataFrame:
    """Entries of `day`: entry_id, list_name, name, aliases, kind, country, programme, listed_on, sanctioned.

    `kind` is person, organisation, thing, or null where unknown.
    """
    begun = pl.col("listed_on").is_null() | (pl.col("listed_on") <= day)
    going_on = pl.col("delisted_on").is_null() | (pl.col("delisted_on") > day)
    said = pl.col("entity_type").str.to_lowercase()
    kind = (
        pl.when(said.str.contains("person|individual"))
        .then(pl.lit("person"))
        .when(said.is_in(NOT_A_PARTY))
        .then(pl.lit("thing"))
        .when(said.str.contains("organi|entity|company|legal|corporat|business|firm"))
        .then(pl.lit("organisation"))
    )
    # beside an office ("PEP; minister of transport"), only what reads like a programme of sanctions is one
    programmes = pl.col("programme").fill_null("").str.split(";").list.eval(pl.element().str.strip_chars())
    says_exposed = programmes.list.eval(pl.element().str.contains(EXPOSED)).list.any()
    other = pl.element().str.contains(SANCTION) & ~pl.element().str.contains(EXPOSED)
    exposed = (pl.col("list_name").str.contains(EXPOSED) | says_exposed) & ~programmes.list.eval(other).list.any()
    return (
        watchlist.filter(begun, going_on)
        .select("entry_id", "list_name", "name", "aliases", "country", "programme", "listed_on", kind=kind,
                sanctioned=~exposed)
        .sort("entry_id")
        .collect()
    )  # fmt: skip


_NEW = {"listed": "newly listed", "renamed": "listed under new names", "relisted": "listed again"}


def newly(night: NightFrames, entries: pl.DataFrame) -> pl.DataFrame:
    """Add `newness` to entries: in words, what the last night could not know of them; null where it knew all.

    An entry without a listing of its own is new where it was listed since. Nothing is new on a first night.
    """
    if night.last_night is None:
        return entries.with_columns(newness=pl.lit(None, dtype=pl.String))
    by_date = pl.when(pl.col("listed_on") > night.last_night).then(pl.lit(_NEW["listed"]))
    if night.watchlist_listings is None:
        return entries.with_columns(newness=by_date)
    told = night.watchlist_listings.select("entry_id", "opened_by", "known_from").unique("entry_id").collect()
    since = pl.col("known_from").is_between(night.last_night, night.run_date, closed="right")
    said = pl.when(since).then(pl.col("opened_by").replace_strict(_NEW, default=None, return_dtype=pl.String))
    newness = pl.when(pl.col("known_from").is_null()).then(by_date).otherwise(said)
    known = entries.join(told, on="entry_id", how="left", maintain_order="left")
    return known.with_columns(newness=newness).drop("opened_by", "known_from")


def called(entries: pl.DataFrame) -> pl.DataFrame:
    """Every name of every entry as NAMED."""
    own = entries.select(id="entry_id", name="name", kind="kind")
    others = entries.select(id="entry_id", name="aliases", kind="kind").explode("name", empty_as_null=False)
    return pl.concat([own, others.select(own.columns)]).drop_nulls("name").unique().cast(NAMED).sort(own.columns)


def screened(night: NightFrames, entries: pl.DataFrame, parameters: ExposureParameters) -> pl.DataFrame:
    """Give HITS of the night's parties, dismissed pairs too. The one place that screens."""
    asked = entries.filter(pl.col("kind").ne_missing("thing")).with_columns(
        entity_type=pl.col("kind").fill_null("other"), delisted_on=pl.lit(None, dtype=pl.Date)
    )
    found = screen(
        night.parties,
        night.transactions.clear(),
        asked.lazy().select(WATCHLIST.schema.names()),
        night.run_date,
        dismissals=night.dismissals,
        details=night.watchlist_details,
        parameters=ScreeningParameters(least_score=parameters.least_name_score),
    )
    return found.filter(pl.col("side") == PARTY).collect()


def _told(found: pl.DataFrame) -> pl.DataFrame:
    """Pairs (party_id, entry_id, score, reason, party_name, entry_name, reopened) of hits that are to be looked at.

    Left out are those that somebody dismissed, and those of which a birth date is known and differs.
    """
    told = found.filter(pl.col("state") != DISMISSED, ~pl.col("differs").list.contains("birth_date"))
    reopened = pl.when(pl.col("state") == REOPENED).then("state_reason").alias("reopened")
    return told.select(
        "party_id", "entry_id", "score", "reason", reopened, party_name="subject_name", entry_name="matched_name"
    )


def _with_country(found: pl.DataFrame, parties: pl.DataFrame, parameters: ExposureParameters) -> pl.DataFrame:
    """Hold countries against each other: as rare as the country is where they agree, by a factor where they do not."""
    share = parties.group_by("country").agg(share=pl.len() / parties.height)
    own = parties.select("party_id", party_country="country").join(share, left_on="party_country", right_on="country")
    agrees = pl.col("country") == pl.col("party_country")
    factor = pl.when(agrees).then("share").when(~agrees).then(parameters.abroad_factor).otherwise(1.0)
    return found.join(own, on="party_id", how="left").with_columns(
        expected=pl.col("expected") * factor, country_agrees=agrees.cast(pl.Float64)
    )


def _rivals(found: pl.DataFrame, parties: pl.DataFrame) -> pl.DataFrame:
    """Pairs (party_id, entry_id) whose entry another party, not known to be related, is as much like."""
    as_good = pl.col("expected_other") <= pl.col("expected") * (1 + 1e-9)
    pairs = (
        found.select("entry_id", "party_id", "expected")
        .join(found.select("entry_id", other="party_id", expected_other="expected"), on="entry_id")
        .filter(pl.col("party_id") != pl.col("other"), as_good)
    )
    if pairs.is_empty():
        return pairs.select("party_id", "entry_id")
    held = marks(parties.lazy(), ("phone", "email", "address")).collect()
    common = held.join(held, on=("kind", "mark"), suffix="_other").select("party_id", other="party_id_other").unique()
    return pairs.join(common, on=("party_id", "other"), how="anti").select("party_id", "entry_id").unique()


def listed(
    night: NightFrames, entries: pl.DataFrame, parameters: ExposureParameters, found: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Parties that are listed ones (LISTED, one row an entry, sorted), and all like pairs (party_id, entry_id).

    `found` is what `screened` gives of the night.
    """
    columns = ("party_id", "name", "country", "phone", "email", "address", "born_or_incorporated_on")
    parties = night.parties.select(*columns, kind="party_type").sort("party_id").collect()
    raw, like = _told(found), found.select("party_id", "entry_id").unique().sort("party_id", "entry_id")
    if raw.is_empty():
        return pl.DataFrame(schema=LISTED), like
    kinds = raw.join(parties.select("party_id", "kind"), on="party_id", how="left")
    # what a country that agrees may take off at most
    rarest = parties.group_by("country").len().select(pl.col("len").min() / parties.height).item()
    most = parameters.most_expected / len(called(entries)) / rarest
    weighed = expected(kinds, vocabulary(parties.select("party_id", "name", "kind").drop_nulls("name")), most)
    about = first_listed(night, entries).select(
        "entry_id", "list_name", "programme", "listed_on", "sanctioned", "country"
    )
    told = _with_country(weighed.join(about, on="entry_id", how="left"), parties, parameters)
    involved = parties.join(told.select("party_id").unique(), on="party_id", how="semi")
    alone = told.join(_rivals(told, involved), on=("party_id", "entry_id"), how="anti")
    over_all = alone.with_columns(expected=pl.col("expected") * len(called(entries)))
    kept = over_all.filter(pl.col("expected") <= parameters.most_expected)
    return kept.select(LISTED.names()).cast(LISTED).sort("party_id", "entry_id"), like


def known(
    night: NightFrames, entries: pl.DataFrame, parameters: ExposureParameters
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give what the intake found of the night, as `listed` does; found here where it did not look."""
    if entries.is_empty():
        return pl.DataFrame(schema=LISTED), pl.DataFrame(schema=LIKE_ENTRIES)
    if night.listed is None or night.like_entries is None:
        return listed(night, entries, parameters, screened(night, entries, parameters))
    return night.listed.collect(), night.like_entries.collect()
