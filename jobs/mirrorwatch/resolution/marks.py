"""What parties share beside their own columns: owners, identifiers, who stood at the counter."""

import polars as pl

MARKS = pl.Schema({"party_id": pl.String(), "kind": pl.String(), "value": pl.String()})
OWNER, IDENTIFIER, CONDUCTOR = "owner", "identifier", "conductor"
# A registered agent serves thousands and owns none of them.
OWNING_ROLES = ("shareholder", "director", "nominee")


def of_owners(ownership: pl.LazyFrame) -> pl.LazyFrame:
    """Owners and directors of each party, as MARKS. The caller leaves in what held on the run date."""
    return ownership.filter(pl.col("role").is_in(OWNING_ROLES)).select(
        party_id="owned_party_id", kind=pl.lit(OWNER), value="owner_party_id"
    )


def of_conductors(transactions: pl.LazyFrame, accounts: pl.LazyFrame) -> pl.LazyFrame:
    """Who handled cash at a counter for each party, other than itself, as MARKS."""
    handled = pl.concat(
        [
            transactions.select(account_id=side, value="conductor_party_id", channel="channel")
            .filter(pl.col("channel") == channel)
            .select("account_id", "value")
            for side, channel in (
                ("beneficiary_account_id", "cash_deposit"),
                ("originator_account_id", "cash_withdrawal"),
            )
        ]
    ).drop_nulls()
    held = handled.unique().join(accounts.select("account_id", "party_id"), on="account_id")
    others = held.filter(pl.col("party_id") != pl.col("value"))
    return others.select("party_id", kind=pl.lit(CONDUCTOR), value="value").unique()
