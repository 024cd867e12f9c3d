"""From ties to lists to schemes: whatever hangs on one entry, or on one official, is one matter."""

from dataclasses import dataclass

import polars as pl

from mirrorwatch.detectors.base import NightFrames
from mirrorwatch.detectors.watchlist_exposure_paid import volumes
from mirrorwatch.detectors.watchlist_exposure_parameters import ExposureParameters
from mirrorwatch.detectors.watchlist_exposure_since import VERSION
from mirrorwatch.features.activity import without_reversals
from mirrorwatch.features.chains import component_of

FLOOR = 1e-6  # the chance that is stated is never less
_MOST_SHOWN = 500  # payments of one listed one's accounts: the largest tell enough
_SUSPECT = ("personal", "business")
_FIGURES = ("name_strength", "name_likeness", "country_agrees", "owned", "successor", "tainted_share", "nearness",
            "since_listing", "named_in_text", "official_income", "official_payments", "money")  # fmt: skip


@dataclass(frozen=True)
class Found:
    """All ties of a night: LISTED, OWNED, SUCCESSORS, TAINTED, NAMED_IN, PAID, and whose accounts (held) they are."""

    entries: pl.DataFrame
    listed: pl.DataFrame
    owned: pl.DataFrame
    successors: pl.DataFrame
    held: pl.DataFrame  # account_id, party_id, entry_id of listed ones, their firms and successors
    tainted: pl.DataFrame
    texts: pl.DataFrame
    officials: pl.DataFrame
    standing: pl.DataFrame


@dataclass(frozen=True)
class Told:
    """What `writing.findings` takes."""

    values: pl.DataFrame
    members: pl.DataFrame
    evidence: pl.DataFrame


def _text_sides(night: NightFrames, found: Found, parameters: ExposureParameters) -> pl.DataFrame:
    """(account_id, entry_id) of payments that name an entry: who pays, and who is paid much of what they get so."""
    rows = found.texts.join(
        night.transactions.select("transaction_id", "usd_minor").join(
            found.texts.select("transaction_id").lazy(), on="transaction_id", how="semi").collect(),
        on="transaction_id",
    )  # fmt: skip
    payees = rows.drop_nulls("payee").group_by("entry_id", account_id="payee").agg(pl.col("usd_minor").sum())
    of = volumes(night.transactions, payees["account_id"].unique().sort()).select("account_id", "came_minor")
    much = payees.join(of, on="account_id").filter(pl.col("usd_minor") >= parameters.least_share * pl.col("came_minor"))
    payers = rows.drop_nulls("payer").select("entry_id", account_id="payer")
    return pl.concat([payers, much.select("entry_id", "account_id")]).unique()


def _suspects(found: Found, night: NightFrames) -> pl.DataFrame:
    """Accounts that may be named: personal and business ones that carry nobody's money by trade."""
    kinds = night.accounts.filter(pl.col("account_type").is_in(_SUSPECT)).select("account_id").collect()
    free = found.standing.filter(~pl.col("carrier")).select("account_id", "party_id")
    return free.join(kinds, on="account_id", how="semi")


def _edges(found: Found, texts: pl.DataFrame) -> pl.DataFrame:
    """(node, member_to) over accounts and entries; entries are marked, so that no id meets another's."""
    entry = pl.concat_str(pl.lit("entry "), "entry_id")
    return pl.concat(
        [
            found.held.select(member="account_id", member_to=entry),
            found.tainted.select(member="account_id", member_to="source"),
            texts.select(member="account_id", member_to=entry),
            found.officials.select(member="payer_account", member_to="account_id"),
        ]
    ).unique()


def _components(edges: pl.DataFrame) -> pl.DataFrame:
    nodes = pl.concat([edges.select("member"), edges.select(member="member_to")]).unique().sort("member")
    return component_of(nodes, edges, ("member",), "scheme")


def _evidence(night: NightFrames, found: Found, of: pl.DataFrame, texts: pl.DataFrame) -> pl.DataFrame:
    """Rows (scheme, transaction_id, role, group_no), each payment once a scheme: by the tie that tells most."""
    accounts = of.rename({"member": "account_id"})
    held = found.held.select("account_id").unique().join(accounts, on="account_id")
    booked = without_reversals(night.transactions).select(
        "transaction_id", "originator_account_id", "beneficiary_account_id", "usd_minor"
    )
    at = held["account_id"].implode()
    own = booked.filter(
        pl.col("originator_account_id").is_in(at) | pl.col("beneficiary_account_id").is_in(at)
    ).collect()
    sides = [
        own.join(held, left_on=side, right_on="account_id").select("scheme", "transaction_id", "usd_minor")
        for side in ("originator_account_id", "beneficiary_account_id")
    ]
    listed = (
        pl.concat(sides).unique().sort("scheme", pl.col("usd_minor") * -1, "transaction_id")
        .group_by("scheme", maintain_order=True).head(_MOST_SHOWN)
    )  # fmt: skip
    paths = found.tainted.explode("transaction_ids", empty_as_null=False).rename({"transaction_ids": "transaction_id"})
    named = found.texts.join(texts.select("entry_id", payer="account_id"), on=("entry_id", "payer"), how="semi")
    parts = [
        named.select("transaction_id", account_id="payer", role=pl.lit("text"), group_no=pl.lit(3)),
        found.officials.select("transaction_id", "account_id", role=pl.lit("official"), group_no=pl.lit(4)),
        paths.select("transaction_id", "account_id", role=pl.lit("followed"), group_no=pl.lit(2)),
    ]
    tied = pl.concat(parts).join(accounts, on="account_id").select("scheme", "transaction_id", "role", "group_no")
    every = pl.concat([tied, listed.select("scheme", "transaction_id", role=pl.lit("listed"), group_no=pl.lit(1))])
    return every.unique(["scheme", "transaction_id"], keep="first", maintain_order=True)


def _placed(night: NightFrames, rows: pl.DataFrame) -> pl.DataFrame:
    booked = night.transactions.select("transaction_id", "booked_at", "usd_minor")
    told = rows.join(
        booked.join(rows.select("transaction_id").unique().lazy(), on="transaction_id", how="semi").collect(),
        on="transaction_id",
    ).sort("scheme", "group_no", "booked_at", "transaction_id")
    step = pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("scheme", "group_no")
    return told.with_columns(pl.col("group_no").cast(pl.Int64), step_no=step)


def _by_entry(found: Found, of: pl.DataFrame) -> pl.DataFrame:
    """One row a scheme: what names, ownership and listing say."""
    entries = of.filter(pl.col("member").str.starts_with("entry ")).select(
        "scheme", entry_id=pl.col("member").str.strip_prefix("entry ")
    )
    by_version = pl.col("listed_on_basis") == VERSION
    about = found.entries.select(
        "entry_id", "list_name", "programme", "newness", listed_name="name",
        listed_on=pl.when(~by_version).then("listed_on"), seen_on=pl.when(by_version).then("listed_on"),
    )  # fmt: skip
    sure = pl.concat(
        [
            found.listed.filter("sanctioned").select("entry_id", "expected", "score", "country_agrees", "reason",
                                                     "party_name", "reopened"),
            found.texts.select("entry_id", "expected", score=pl.lit(1.0), country_agrees=pl.lit(None, pl.Float64),
                               reason=pl.lit(None, pl.String), party_name=pl.lit(None, pl.String),
                               reopened=pl.lit(None, pl.String)),
        ]
    )  # fmt: skip
    best = sure.sort("entry_id", "expected", "score", "party_name", nulls_last=True).unique(
        "entry_id", keep="first", maintain_order=True
    )
    of_firms = found.owned.group_by("entry_id").agg(
        pl.col("owned").max(), pl.col("controlled").any(), pl.col("rule").unique().sort().alias("ownership_rules")
    )
    ties = (
        entries.join(about, on="entry_id")
        .join(best, on="entry_id", how="left")
        .join(of_firms, on="entry_id", how="left")
        .join(found.successors.group_by("entry_id").agg(pl.col("successor").max()), on="entry_id", how="left")
        .sort("scheme", "expected", "entry_id", nulls_last=True)
    )
    return ties.group_by("scheme", maintain_order=True).agg(
        pl.col("expected").min(), pl.col("score").first().alias("name_likeness"),
        pl.col("country_agrees").first(), pl.col("reason", "party_name").first(),
        pl.col("owned", "successor", "controlled").max(),
        pl.col("ownership_rules").list.explode(keep_nulls=False, empty_as_null=False).unique().sort(),
        pl.col("listed_on").min(), pl.col("listed_on").max().alias("newest"),
        pl.concat_str("listed_name", pl.lit(" is first on the version of "), pl.col("seen_on").dt.to_string("iso"))
        .drop_nulls().unique(maintain_order=True).alias("undated"),
        pl.col("listed_name").unique(maintain_order=True).alias("names"),
        pl.concat_str("listed_name", pl.lit(" is "), "newness").drop_nulls().unique(maintain_order=True).alias("newly"),
        pl.col("reopened").drop_nulls().unique(maintain_order=True),
        pl.concat_str("list_name", "programme", separator=", ", ignore_nulls=True).unique(maintain_order=True)
        .alias("lists"),
    )  # fmt: skip


def _by_money(found: Found, of: pl.DataFrame) -> pl.DataFrame:
    accounts = of.rename({"member": "account_id"})
    exposed = found.tainted.join(accounts, on="account_id").group_by("scheme").agg(
        pl.col("share").max().alias("tainted_share"), (1.0 / pl.col("hop").sort_by(pl.col("share") * -1, "hop").first())
        .alias("nearness"), pl.col("account_id").n_unique().alias("exposed"),
    )  # fmt: skip
    said = (
        found.texts.join(accounts, left_on="payer", right_on="account_id")
        .group_by("scheme")
        .agg(pl.col("transaction_id").n_unique().cast(pl.Float64).alias("named_in_text"))
    )
    paid = (
        found.officials.join(accounts, on="account_id")
        .sort("official")
        .group_by("scheme", maintain_order=True)
        .agg(
            pl.col("official_income", "official_payments").max(),
            pl.col("official", "official_name", "office").first(),
            pl.col("payer").n_unique().alias("official_payers"),
        )
    )
    base = accounts.select("scheme").unique()
    for part in (exposed, said, paid):
        base = base.join(part, on="scheme", how="left")
    return base


def schemes(night: NightFrames, found: Found, parameters: ExposureParameters) -> Told | None:
    """Put all ties of a night together; None where there are none."""
    may = _suspects(found, night)
    texts = _text_sides(night, found, parameters).join(may, on="account_id", how="semi")
    edges = _edges(found, texts)
    if edges.is_empty():
        return None
    of = _components(edges)
    rows = _placed(night, _evidence(night, found, of, texts))
    members = of.rename({"member": "account_id"}).join(may, on="account_id").select("scheme", "account_id", "party_id")
    if rows.is_empty() or members.is_empty():
        return None
    values = _values(found, of, rows, members)
    evidence = rows.select("scheme", "transaction_id", "role", "group_no", "step_no", "booked_at")
    return Told(values, members, evidence)


def _values(found: Found, of: pl.DataFrame, rows: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    both = _by_money(found, of).join(_by_entry(found, of), on="scheme", how="left")
    dated = rows.join(both.select("scheme", "listed_on"), on="scheme")
    after = pl.when(pl.col("listed_on").is_not_null()).then(pl.col("booked_at").dt.date() >= pl.col("listed_on"))
    money = dated.group_by("scheme").agg(
        pl.col("usd_minor").sum().alias("amount_usd_minor"), after.mean().alias("since_listing")
    )
    told = both.join(money, on="scheme").join(_subjects(found, members), on="scheme")
    stated = (1 - (-pl.col("expected")).exp()).clip(lower_bound=FLOOR)
    return told.with_columns(
        name_strength=-pl.max_horizontal("expected", 1e-12).log10(),
        money=(pl.col("amount_usd_minor") / 100).clip(lower_bound=1).log10(),
        chance_probability=pl.when(pl.col("expected").is_not_null()).then(stated),
    ).with_columns(pl.col(_FIGURES).cast(pl.Float64)).sort("scheme")  # fmt: skip


def _subjects(found: Found, members: pl.DataFrame) -> pl.DataFrame:
    """One row a scheme: subject_party_id, the listed one, else its firm, else the official, else who pays most."""
    order = pl.concat(
        [
            found.listed.filter("sanctioned").select("party_id", row=pl.lit(0), by="expected"),
            found.owned.select("party_id", row=pl.lit(1), by=-pl.col("owned")),
            found.successors.select("party_id", row=pl.lit(2), by=-pl.col("successor")),
            found.officials.select(party_id="official", row=pl.lit(3), by=pl.lit(0.0)).unique(),
        ]
    ).sort("row", "by", "party_id").unique("party_id", keep="first", maintain_order=True)  # fmt: skip
    ranked = members.join(order, on="party_id", how="left").sort("scheme", "row", "by", "party_id", nulls_last=True)
    return ranked.group_by("scheme", maintain_order=True).agg(pl.col("party_id").first().alias("subject_party_id"))
