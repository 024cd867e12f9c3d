"""Trade across a border: who pays whom for goods, what the documents say of it, and what the night's custom is.

Money is integer US cents. A *trade payment* goes from one firm to another across a border, or between two parties that
a trade document names together. Parties of one corporate group trade at prices of their own and are left out.
"""

from datetime import date

import polars as pl

from mirrorwatch.features import isic
from mirrorwatch.features.activity import without_reversals
from mirrorwatch.features.shortlist import corporate_groups
from mirrorwatch.features.ties import licensed_parties

# No firm settles an invoice for goods abroad so; a card is how a retail buyer or a dropshipper pays.
NOT_TRADE = ("card", "cash_deposit", "cash_withdrawal", "p2p", "crypto")
# ISIC divisions whose firms make or sell goods: farming, mining, manufacture, wholesale and retail.
GOODS = (*(f"{number:02d}" for number in (*range(1, 4), *range(5, 10), *range(10, 34))), "45", "46", "47")
CARRIAGE = ("49", "50", "51", "52", "53")  # freight, storage, post
AGENTS = "461"  # wholesale for a fee or under contract: the documents are those of the principal
PAIR = ("importer", "exporter")

TRADES = pl.Schema(
    {
        "transaction_id": pl.String(),
        "booked_at": pl.Datetime("us", "UTC"),
        "usd_minor": pl.Int64(),
        "amount_minor": pl.Int64(),
        "importer": pl.String(),  # who pays
        "exporter": pl.String(),  # who is paid
        "importer_account": pl.String(),
        "exporter_account": pl.String(),
        "corridor": pl.String(),  # countries of the two accounts
    }
)
PAPERS = pl.Schema(
    {
        "document_id": pl.String(),
        "issued_on": pl.Date(),
        "importer": pl.String(),
        "exporter": pl.String(),
        "corridor": pl.String(),
        "origin_country": pl.String(),
        "destination_country": pl.String(),
        "hs_code": pl.String(),
        "declared_minor": pl.Int64(),
        "transaction_id": pl.String(),
        "parcels": pl.Int64(),
    }
)


def firms(accounts: pl.LazyFrame, parties: pl.LazyFrame, ownership: pl.LazyFrame, run_date: date) -> pl.LazyFrame:
    """One row an account: account_id, party_id, purse, firm, division, agent.

    `purse` is the corporate group, or the party itself. `firm`: an organisation's business account without a licence.
    `agent`: its trade on file is to sell other people's goods for a fee.
    """
    covered = licensed_parties(parties, ownership, run_date).with_columns(licensed=pl.lit(value=True))
    grouped = corporate_groups(parties, ownership, run_date)
    code = isic.digits()
    said = parties.select(
        "party_id", "party_type", isic.division().alias("division"), code.str.starts_with(AGENTS).alias("agent")
    )
    organised = (pl.col("party_type").fill_null("organisation") == "organisation") & (
        pl.col("account_type") == "business"
    )
    return (
        accounts.select("account_id", "party_id", "account_type")
        .join(said, on="party_id", how="left")
        .join(grouped, on="party_id", how="left")
        .join(covered, on="party_id", how="left")
        .select(
            "account_id",
            "party_id",
            pl.col("group_id").fill_null(pl.col("party_id")).alias("purse"),
            (organised & ~pl.col("licensed").fill_null(value=False)).alias("firm"),
            "division",
            pl.col("agent").fill_null(value=False),
        )
    )


def papers(documents: pl.LazyFrame, run_date: date) -> pl.DataFrame:
    """PAPERS: documents issued by `run_date` between two parties, sorted by id."""
    return (
        documents.filter(pl.col("issued_on") <= run_date, pl.col("declared_value_usd") > 0)
        .select(
            "document_id",
            "issued_on",
            importer="importer_party_id",
            exporter="exporter_party_id",
            corridor=pl.col("destination_country") + ">" + pl.col("origin_country"),
            origin_country="origin_country",
            destination_country="destination_country",
            hs_code="hs_code",
            declared_minor=(pl.col("declared_value_usd") * 100).cast(pl.Int64),
            transaction_id="transaction_id",
            parcels="parcels",
        )
        .filter(pl.col("importer") != pl.col("exporter"))
        .collect()
        .select(PAPERS.names())
        .cast(PAPERS)
        .unique("document_id", keep="any")
        .sort("document_id")
    )


def trades(transactions: pl.LazyFrame, known: pl.LazyFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """TRADES, sorted by id: payments between firms across a border, or of a pair that documents name. One read.

    `known` is `firms`, `documents` PAPERS. An account that is on no file is its own party.
    """
    pairs = documents.lazy().select(PAIR).unique().with_columns(named=pl.lit(value=True))
    tied = documents.lazy().select("transaction_id").drop_nulls().unique().with_columns(tied=pl.lit(value=True))
    sides = known.select("account_id", "party_id", "purse", "firm")
    both = (
        without_reversals(transactions.filter(~pl.col("channel").is_in(NOT_TRADE)))
        .select(
            "transaction_id", "booked_at", "usd_minor", "amount_minor",
            importer_account="originator_account_id", exporter_account="beneficiary_account_id",
            corridor=pl.col("originator_country") + ">" + pl.col("beneficiary_country"),
            abroad=pl.col("originator_country") != pl.col("beneficiary_country"),
        )
        .join(sides, left_on="importer_account", right_on="account_id", how="left")
        .join(sides, left_on="exporter_account", right_on="account_id", how="left", suffix="_to")
        .with_columns(
            importer=pl.coalesce("party_id", "importer_account"),
            exporter=pl.coalesce("party_id_to", "exporter_account"),
        )
        .filter(pl.col("purse").ne_missing(pl.col("purse_to")) | pl.col("purse").is_null())
    )  # fmt: skip
    return (
        both.join(pairs, on=PAIR, how="left")
        .join(tied, on="transaction_id", how="left")
        .filter(
            (pl.col("abroad") & pl.col("firm").fill_null(value=True) & pl.col("firm_to").fill_null(value=True))
            | pl.col("named")
            | pl.col("tied")
        )
        .select(TRADES.names())
        .collect()
        .cast(TRADES)
        .sort("transaction_id")
    )
