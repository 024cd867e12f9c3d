"""Officials of customs, ports and police whom carriers and traders, or their owners, pay beyond what they earn."""

import polars as pl

from mirrorwatch.detectors.base import NightFrames
from mirrorwatch.detectors.watchlist_exposure_parameters import ExposureParameters
from mirrorwatch.features import isic
from mirrorwatch.features.purses import LEAST_YEARLY_USD, UNKNOWN_YEARLY_USD
from mirrorwatch.features.ties import CONTROLLING_SHARE, MOST_SEATS, current_ownership

# What an occupation, a programme or a list says of who decides what passes a border
OFFICE = (
    r"(?i)customs|aduan|douan|alf[aâ]ndeg|海关|海關|police|polic[ií]a|gendarm|公安|警|coast ?guard|border (guard|force|"
    r"agent|officer|control)|harbou?r ?master|(port|harbou?r|dock|terminal|seaport|airport)\b.{0,20}(official|officer|"
    r"authorit|inspector|director|captain|administrator|superintendent|controller|commissioner|supervisor|chief)|"
    r"(director|chief|captain|head|inspector) of (the )?(port|harbou?r)|capit[aá]n de puerto|autoridad portuaria|港务"
)
TRADES = ("46", "49", "50", "51", "52")  # ISIC divisions: wholesale; land, water and air transport, warehousing
_MOST_ALIKE = 1.15  # of payments of one payer: a wage
_WAGE = 1.5  # times what an official earns in the window: more, however even, is no second job
# The same where the income is supposed, or the payer's trade is not known: an employer of its own is likelier there
_WAGE_SUPPOSED = 3.0
_DAYS_A_YEAR = 365.0
PAID = pl.Schema(
    {
        "official": pl.String(),
        "official_name": pl.String(),
        "office": pl.String(),
        "account_id": pl.String(),  # of the official
        "payer": pl.String(),  # party
        "payer_account": pl.String(),
        "transaction_id": pl.String(),
        "usd_minor": pl.Int64(),
        "official_income": pl.Float64(),
        "official_payments": pl.Float64(),
    }
)


def officials(parties: pl.LazyFrame, entries: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """One row an official: official (party_id), official_name, office (the words that say so), yearly_usd, declared."""
    by_list = entries.filter(~pl.col("sanctioned")).select(
        "entry_id", listed_office=pl.concat_str("programme", "list_name", separator=" ", ignore_nulls=True)
    )
    on_list = listed.join(by_list, on="entry_id").filter(pl.col("listed_office").str.contains(OFFICE))
    on_list = on_list.sort("party_id", "entry_id").unique("party_id", keep="first", maintain_order=True)
    persons = parties.filter(pl.col("party_type") == "person").select(
        "party_id", "name", "occupation", "country", income=pl.col("annual_turnover_usd").cast(pl.Float64)
    )
    median = pl.coalesce(pl.col("income").median().over("country"), pl.col("income").median(), UNKNOWN_YEARLY_USD)
    earning = persons.with_columns(yearly_usd=pl.coalesce("income", median).clip(lower_bound=LEAST_YEARLY_USD))
    by_work = pl.col("occupation").str.contains(OFFICE).fill_null(value=False)
    return (
        earning.join(on_list.select("party_id", "listed_office").lazy(), on="party_id", how="left")
        .filter(by_work | pl.col("listed_office").is_not_null())
        .select(official="party_id", official_name="name", office=pl.coalesce("listed_office", "occupation"),
                yearly_usd="yearly_usd", declared=pl.col("income").is_not_null())
        .sort("official")
        .collect()
    )  # fmt: skip


def _traders(night: NightFrames) -> pl.LazyFrame:
    """Carriers and traders by their declared trade, firms that declare none, and who owns or directs one.

    Columns: party_id, known (the trade is).
    """
    division = isic.division()
    firms = (
        night.parties.filter(pl.col("party_type") == "organisation")
        .filter(division.is_in(TRADES) | division.is_null())
        .select("party_id", known=division.is_not_null())
    )
    controls = (pl.col("role") != "shareholder") | (pl.col("share").fill_null(1.0) >= CONTROLLING_SHARE)
    seats = pl.col("owned_party_id").n_unique().over("owner_party_id")
    behind = (
        current_ownership(night.ownership, night.run_date)
        .filter(pl.col("role") != "agent", controls, seats <= MOST_SEATS)
        .join(firms, left_on="owned_party_id", right_on="party_id")
        .select("known", party_id="owner_party_id")
    )
    return pl.concat([firms, behind.select("party_id", "known")]).group_by("party_id").agg(pl.col("known").any())


def paid_officials(
    night: NightFrames, paid: pl.LazyFrame, who: pl.DataFrame, parameters: ExposureParameters
) -> pl.DataFrame:
    """Payments to officials beyond their office's: PAID, sorted. `who` is `officials(...)`.

    An even wage of one payer is a second job, and none of it counts; nor does what the official's own firm pays. Firms
    of unknown trade count where a known carrier or trader pays the same official.
    """
    if who.is_empty():
        return pl.DataFrame(schema=PAID)
    of = night.accounts.select("account_id", "party_id", "account_type")
    own = of.join(who.lazy(), left_on="party_id", right_on="official").collect()
    about = own.select("account_id", "yearly_usd", "declared", "official_name", "office", official="party_id")
    to = pl.col("payee").is_in(own["account_id"].implode())
    payers = of.filter(pl.col("account_type").is_in(("personal", "business")))
    rows = (
        paid.filter(to)
        .join(payers.select(payer_account="account_id", payer="party_id"), left_on="payer", right_on="payer_account")
        .select(
            "transaction_id", "booked_at", "usd_minor", account_id="payee", payer_account="payer", payer="payer_right"
        )
        .join(_traders(night), left_on="payer", right_on="party_id")
        .collect()
        .join(about, on="account_id")
    )
    theirs = current_ownership(night.ownership, night.run_date).select(
        official="owner_party_id", payer="owned_party_id"
    ).collect()  # fmt: skip
    rows = rows.filter(pl.col("payer") != pl.col("official")).join(theirs, on=("official", "payer"), how="anti")
    days = night.transactions.select((pl.col("booked_at").max() - pl.col("booked_at").min()).dt.total_days() + 1)
    earned = pl.col("yearly_usd") * 100 * int(days.collect().item() or 1) / _DAYS_A_YEAR
    pair = ("official", "payer")
    even = (pl.len().over(pair) > 1) & (
        pl.col("usd_minor").max().over(pair) <= pl.col("usd_minor").min().over(pair) * _MOST_ALIKE
    )
    # the largest even payer may be where the official works besides
    sums = pl.col("usd_minor").sum().over(pair)
    rows = rows.with_columns(earned=earned, even=even, sums=sums)
    largest = pl.col("sums").filter("even").max().over("official")
    sure = pl.col("declared") & pl.col("known")
    most = pl.col("earned") * pl.when(sure).then(_WAGE).otherwise(_WAGE_SUPPOSED)
    wage = pl.col("even") & (pl.col("sums") == largest) & (pl.col("sums") <= most)
    counted = rows.filter(~wage.fill_null(value=False)).with_columns(
        official_income=pl.col("usd_minor").sum().over("official") / pl.col("earned"),
        official_payments=pl.len().over("official").cast(pl.Float64),
        known=pl.col("known").any().over("official"),
    )
    return counted.filter(
        "known",
        pl.col("official_payments") >= parameters.least_official_payments,
        pl.col("official_income") >= parameters.least_official_income,
    ).select(PAID.names()).cast(PAID).sort("official", "transaction_id")  # fmt: skip
