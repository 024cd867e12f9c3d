"""Cash by the bulk, and what the money did next: payments of the few owners who handle that much."""

from dataclasses import dataclass

import polars as pl

from mirrorwatch.detectors.bulk_cash_parameters import BulkCashParameters
from mirrorwatch.features.chains import component_of

CAME, DREW = "deposited", "drawn"
KEY = ("purse", "way")
_CASH = {"cash_deposit": CAME, "cash_withdrawal": DREW}
# Private security carries cash: what such a firm credits is what it counted at its vault.
_CARRIERS_OF_CASH = ("80",)
ROWS = (
    "purse", "way", "role", "transaction_id", "booked_at", "day", "usd_minor", "account_id", "party_id", "other",
)  # fmt: skip


@dataclass(frozen=True)
class Bulk:
    """Payments of owners with bulk cash, as ROWS, sorted by transaction.

    `cash`: notes in (or out). `border`: payments out to (or in from) another country. `onward`: payments out to one
    payee or another business of the owner at home. `rest`: one row a KEY, rest_minor, what else came to (or went from)
    the accounts with cash.
    """

    cash: pl.DataFrame
    border: pl.DataFrame
    onward: pl.DataFrame
    rest: pl.DataFrame


def notes(payments: pl.LazyFrame, holders: pl.LazyFrame) -> pl.LazyFrame:
    """Cash in and out of `holders` (account_id, party_id, purse, vault), and vault credits: ROWS with role `cash`."""
    into = pl.col("channel") == "cash_deposit"
    counted = payments.filter(pl.col("channel").is_in(list(_CASH))).select(
        "transaction_id", "booked_at", "usd_minor", pl.col("booking_date").alias("day"),
        pl.col("channel").replace_strict(_CASH, return_dtype=pl.String).alias("way"),
        pl.when(into).then("beneficiary_account_id").otherwise("originator_account_id").alias("account_id"),
    )  # fmt: skip
    vaults = holders.filter("vault").select("account_id")
    credited = (
        payments.filter(~pl.col("channel").is_in([*_CASH, "card"]))
        .join(vaults, left_on="originator_account_id", right_on="account_id", how="semi")
        .select(
            "transaction_id", "booked_at", "usd_minor", pl.col("booking_date").alias("day"),
            pl.lit(CAME).alias("way"), pl.col("beneficiary_account_id").alias("account_id"),
        )
    )  # fmt: skip
    both = pl.concat([counted, credited.select(counted.collect_schema().names())])
    known = holders.filter(~pl.col("vault")).select("account_id", "party_id", "purse")
    return both.join(known, on="account_id", how="inner").select(
        "purse", "way", pl.lit("cash").alias("role"), "transaction_id", "booked_at", "day", "usd_minor", "account_id",
        "party_id", pl.lit(None, dtype=pl.String).alias("other"),
    )  # fmt: skip


def vault() -> pl.Expr:
    """Whether a party (industry division `trade`) carries other people's cash."""
    return pl.col("trade").is_in(_CARRIERS_OF_CASH).fill_null(value=False).alias("vault")


def _sides(payments: pl.LazyFrame, wanted: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Transfers out of owners with cash deposited and into owners with cash drawn: ROWS without role, and `abroad`.

    `wanted`: purse, way; `known`: account_id, party_id, purse. `own`: the other side is the same owner's.
    """
    transfers = payments.filter(~pl.col("channel").is_in(("card", *_CASH)))
    sides = []
    for way, own, other in ((CAME, "originator", "beneficiary"), (DREW, "beneficiary", "originator")):
        mine = known.join(wanted.filter(pl.col("way") == way), on="purse", how="inner").lazy()
        sides.append(
            transfers.select(
                "transaction_id", "booked_at", "usd_minor", pl.col("booking_date").alias("day"),
                pl.col(f"{own}_account_id").alias("account_id"), pl.col(f"{other}_account_id").alias("other"),
                (pl.col("originator_country") != pl.col("beneficiary_country")).alias("abroad"),
            ).join(mine, on="account_id", how="inner")
        )  # fmt: skip
    purses = known.select(other="account_id", other_party="party_id", other_purse="purse").lazy()
    joined = pl.concat(sides).join(purses, on="other", how="left").collect().sort("transaction_id", "account_id")
    same = (pl.col("other_purse") == pl.col("purse")).fill_null(value=False)
    return joined.with_columns(
        same.alias("own"), (same & (pl.col("other_party") != pl.col("party_id"))).alias("sister"),
        pl.col("other").alias("other_account"), pl.coalesce("other_party", "other").alias("other"),
    )  # fmt: skip


def _onward(moved: pl.DataFrame) -> pl.DataFrame:
    """Payments at home to the payee, or the owner's other business, that got most of the money."""
    at_home = moved.filter(~pl.col("abroad"), ~pl.col("own") | pl.col("sister"), pl.col("way") == CAME)
    sums = at_home.group_by(*KEY, "other").agg(pl.col("usd_minor").sum())
    largest = sums.sort(*KEY, "usd_minor", "other", descending=[False, False, True, False])
    main = largest.group_by(KEY, maintain_order=True).agg(pl.col("other").first())
    return at_home.join(main, on=[*KEY, "other"], how="semi")


def _linked(cash: pl.DataFrame, moved: pl.DataFrame, onward: pl.DataFrame) -> pl.DataFrame:
    """Accounts that the cash can have gone through: purse, way, account_id, and `pays`, whether over the border.

    An account with cash counts where a fifth of it could leave by its own payments, to another country, the owner's
    other accounts or the main payee; an account that pays abroad, where cash of its own or the owner's other accounts
    fed three tenths of that. One owner is not enough: a shop's cash does not pay the bills of the owner's other firm.
    """
    account = [*KEY, "account_id"]
    held = cash.group_by(account).agg(pl.col("usd_minor").sum().alias("held"))
    outlets = pl.concat([moved.filter(pl.col("abroad") | pl.col("own")).select(*account, "transaction_id", "usd_minor"),
                         onward.select(*account, "transaction_id", "usd_minor")]).unique()  # fmt: skip
    left = outlets.group_by(account).agg(pl.col("usd_minor").sum().alias("left"))
    fed = moved.filter("own").group_by(*KEY, account_id="other_account").agg(pl.col("usd_minor").sum().alias("fed"))
    border = moved.filter("abroad").group_by(account).agg(pl.col("usd_minor").sum().alias("border"))
    every = pl.concat([part.select(account) for part in (held, fed, border)]).unique()
    for part in (held, left, fed, border):
        every = every.join(part, on=account, how="left")
    known = every.with_columns(pl.col("held", "left", "fed", "border").fill_null(0))
    feeds = (pl.col("held") > 0) & (pl.col("left") * 5 >= pl.col("held"))
    pays = (pl.col("border") > 0) & ((pl.col("held") + pl.col("fed")) * 10 >= pl.col("border") * 3)
    return known.select(*account, feeds.alias("feeds"), pays.alias("pays")).filter(pl.col("feeds") | pl.col("pays"))


def _units(linked: pl.DataFrame, moved: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """`linked` with `unit`: accounts of an owner whose money meets, of one party, in a transfer or at one payee abroad.

    Somebody's supermarket and the firm that their cousin runs in their name are not one business by that alone.
    """
    account = [*KEY, "account_id"]
    nodes = linked.select(account).join(known.select("account_id", "party_id"), on="account_id", how="left")
    first = pl.col("account_id").min()
    same = nodes.select(*account, account_id_to=first.over(*KEY, "party_id"))
    abroad = moved.filter("abroad").select(*account, "other").unique()
    met = abroad.select(*account, account_id_to=first.over(*KEY, "other"))
    own = moved.filter("own").select(*account, account_id_to="other_account")
    edges = pl.concat([same, met, own]).unique().with_columns(purse_to="purse", way_to="way")
    unit = component_of(nodes, edges, (*KEY, "account_id"), "unit")
    return linked.join(unit, on=account, how="inner").with_columns(unit=pl.format("{} {}", "purse", "unit"))


def _rest(payments: pl.LazyFrame, cash: pl.DataFrame, linked: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """One row a unit: rest_minor, what else came from outside to the accounts with cash deposited (went, for drawn)."""
    purses = known.select(other="account_id", other_purse="purse").lazy()
    tables = []
    for way, own, other in ((CAME, "beneficiary", "originator"), (DREW, "originator", "beneficiary")):
        mine = linked.filter(pl.col("way") == way, "feeds").select(*KEY, "unit", "account_id").lazy()
        rows = (
            payments.filter(pl.col("channel").is_in(list(_CASH)).not_())
            .select(
                "transaction_id", "usd_minor", pl.col(f"{own}_account_id").alias("account_id"),
                pl.col(f"{other}_account_id").alias("other"),
            )
            .join(mine, on="account_id", how="inner")
            .join(cash.lazy().select("transaction_id"), on="transaction_id", how="anti")
            .join(purses, on="other", how="left")
            .filter(pl.col("other_purse").ne_missing(pl.col("purse")))
        )  # fmt: skip
        tables.append(rows.group_by(purse="unit", way="way").agg(pl.col("usd_minor").sum().alias("rest_minor")))
    return pl.concat(tables).collect()


def _of_units(rows: pl.DataFrame, linked: pl.DataFrame) -> pl.DataFrame:
    """`rows` of `linked` accounts as ROWS, their unit for the purse, sorted."""
    units = linked.select(*KEY, "account_id", "unit")
    joined = rows.join(units, on=[*KEY, "account_id"], how="inner").with_columns(purse="unit")
    return joined.select(ROWS).sort("transaction_id", "account_id")


def gathered(cash: pl.LazyFrame, payments: pl.LazyFrame, known: pl.DataFrame, parameters: BulkCashParameters) -> Bulk:
    """Find owners with bulk cash and their payments; `cash` is `notes`, `known` account_id, party_id, purse."""
    least = parameters.least_cash_usd * 100
    sums = cash.group_by(KEY).agg(pl.col("usd_minor").sum()).collect()
    wanted = sums.filter(pl.col("usd_minor") >= least).select(KEY)
    moved = _sides(payments, wanted, known)
    held, onward = cash.join(wanted.lazy(), on=KEY, how="semi").collect(), _onward(moved)
    linked = _linked(held, moved, onward)
    linked = _units(linked, moved, known)
    feeds, pays = linked.filter("feeds"), linked.filter("pays")
    feeding = _of_units(held, feeds)
    return Bulk(
        feeding.filter(pl.col("usd_minor").sum().over(KEY) >= least),
        _of_units(moved.filter("abroad").with_columns(role=pl.lit("border")), pays),
        _of_units(onward.with_columns(role=pl.lit("onward")), feeds),
        _rest(payments, held, linked, known),
    )
