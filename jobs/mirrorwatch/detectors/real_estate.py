"""Real estate: one home paid by several strangers or shells, by drafts kept small, or with money from nowhere.

Looked at are payments to developers, agents, title companies and escrow accounts (by declared trade or kind of account;
where neither is known, by what three payers or more write), rents left out. What ties payers to one purchase is the
unit, lot or file that unrelated others name too, a telephone, e-mail or source of money in common, or how odd each is
by itself: a company without the costs of a business, an account that nobody lives from, sums just under a reporting
threshold, a payment beyond a year's income, an account abroad. Several strangers who each look like an honest buyer and
write nothing cannot be told from several honest buyers, and are not.

The payers are named; whoever was paid is not. Which rules on property held on the night is said, and scores nothing.
Thresholds are those of the payee's country and in its currency: what the rulebook uses as reports of cash or records of
instruments on that night. Where a law adds up one person's month (France, India, Italy), no sum by itself is near one.
No chance is stated: the facts of one payer are not independent, and for shared units there is no honest null model.
"""

import polars as pl

from mirrorwatch.detectors.base import Detector, NightFrames, RuleNeed, Source
from mirrorwatch.detectors.real_estate_parameters import PropertyParameters
from mirrorwatch.detectors.real_estate_payers import CHECKS, TIE, Payers, payers
from mirrorwatch.detectors.real_estate_schemes import beyond_peers, grouped, same
from mirrorwatch.detectors.real_estate_terms import TERMS
from mirrorwatch.detectors.real_estate_words import words
from mirrorwatch.detectors.terms import scored
from mirrorwatch.detectors.writing import findings
from mirrorwatch.features.activity import without_reversals
from mirrorwatch.features.sides import known

_MOSTLY = 0.8
_FEWEST_NEAR = 3  # sums just under a threshold: two may be one deposit in two parts


def _of_payments(rows: pl.DataFrame) -> pl.DataFrame:
    """One row a scheme: what its payments say."""
    counted = pl.col("near") & (pl.col("named") | (pl.col("near_of_tie") > 1))
    told = pl.col("purpose").is_not_null()
    days = (pl.col("booked_at").max() - pl.col("booked_at").min()).dt.total_days()
    return rows.group_by("scheme").agg(
        pl.when(counted.sum() >= _FEWEST_NEAR)
        .then(counted.sum())
        .otherwise(0)
        .truediv(pl.len())
        .alias("structured_share"),
        pl.when(told.any()).then(pl.col("says_unit").sum() / told.sum()).alias("same_reference"),
        pl.when(pl.col("says_unit").any()).then(days).cast(pl.Float64).alias("span_days"),
        pl.col("usd_minor").sum().alias("amount_usd_minor"),
        pl.col("payee").unique().sort().alias("takers"),
        pl.col("reference").drop_nulls().unique().sort().alias("units"),
        pl.col("payee_at").unique().sort().alias("places"),
    )


def _of_payers(members: pl.DataFrame) -> pl.DataFrame:
    """One row a scheme: what its payers are, by their money where that tells more than their number."""
    paid = pl.col("paid_minor")
    return members.group_by("scheme").agg(
        pl.col("home").n_unique().cast(pl.Float64).alias("payers"),
        ((pl.col("opaque") * paid).sum() / (10 * paid.sum())).alias("opaque_payers"),
        ((pl.col("foreign") * paid).sum() / (10 * paid.sum())).alias("foreign_payers"),
        (pl.col("linked").sum() / pl.len()).alias("linked_payers"),
        *(
            (pl.col(name).sum() / pl.col(name).count()).fill_nan(None).alias(f"{name}_income")
            for name in ("beyond", "far_beyond")
        ),
        (pl.col("draft_minor").sum() / paid.sum()).alias("drafts"),
        (pl.col("again").sum() / pl.len()).alias("repeated"),
        (pl.col("fresh_minor").sum() / paid.sum()).alias("fresh_money"),
        pl.col("payer").sort_by("paid_minor", "payer", descending=[True, False]).first().alias("subject_party_id"),
        pl.col("payer").unique().sort().alias("names"),
    )


def _rows(found: Payers, named: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Payments of the schemes, with the code that each names in common with others."""
    said = named.group_by("transaction_id").agg(pl.col("reference").min())
    of = members.select(*TIE, "scheme", "named", near_of_tie="near")
    rows = found.rows.join(of, on=TIE, how="inner").join(said, on="transaction_id", how="left")
    return rows.with_columns(says_unit=pl.col("reference").is_not_null())


def _enough(parameters: PropertyParameters) -> pl.Expr:
    """Whether more than the oddness of each payer speaks for a scheme, or so many are odd beside those of other payees.

    One payer alone is an honest buyer until sums are kept small, or come from a company abroad without a business.
    """
    foreign_shell = (pl.col("opaque_payers") > _MOSTLY) & (pl.col("foreign_payers") > _MOSTLY)
    small = pl.col("structured_share") > 0
    tied = (pl.col("same_reference") > 0).fill_null(value=False) | (pl.col("linked_payers") > 0)
    rare = pl.col("expected") <= parameters.most_expected
    return small | (tied & (pl.col("payers") > 1)) | (rare & ((pl.col("payers") > 1) | foreign_shell))


def detect(night: NightFrames, parameters: PropertyParameters) -> pl.LazyFrame:
    """One finding a scheme around one payee, as FINDINGS, sorted by score and first account."""
    holders = known(night.accounts, night.parties, night.ownership, night.run_date).collect().lazy()
    found = payers(night, holders, without_reversals(night.transactions), parameters)
    named = same(found, parameters)
    members = grouped(found, named, parameters)
    rows = _rows(found, named, members)
    peers = members.select("scheme", "payee").join(beyond_peers(found, parameters), on="payee", how="left")
    peers = peers.group_by("scheme").agg(pl.col("beyond_peers").max(), pl.col("expected").min())
    table = _of_payers(members).join(_of_payments(rows), on="scheme", how="inner").join(peers, on="scheme", how="left")
    large = pl.col("amount_usd_minor") >= parameters.least_total_usd * 100
    bound = pl.when(pl.col("payers") > 1).then(parameters.least_score).otherwise(parameters.single_score)
    kept = scored(table.filter(large, _enough(parameters)), TERMS).filter(pl.col("score") >= bound)
    values = kept.with_columns(chance_probability=pl.lit(None, dtype=pl.Float64)).sort("scheme")
    rows = rows.join(kept.select("scheme"), on="scheme", how="semi").sort("scheme", "booked_at", "transaction_id")
    shown = rows.select(
        "scheme", "transaction_id", "booked_at", role=pl.lit("paid"),
        group_no=pl.lit(1, dtype=pl.Int64), step_no=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("scheme"),
    )  # fmt: skip
    suspects = rows.select("scheme", account_id="payer_account", party_id="payer").unique()
    return findings(values, suspects, shown, TERMS, words(night, parameters))


DETECTOR = Detector(
    typology="real_estate",
    version="3",
    title="Homes paid by strangers, shells or sums kept small",
    summary="Several unrelated or shell payers for one home, structured drafts to one developer or escrow.",
    parameters=PropertyParameters,
    sources=(
        Source("FinCEN, Advisory on Chinese money laundering networks (real estate payees)", "FIN-2025-A003"),
        Source("FINTRAC, Operational brief: indicators of money laundering in real estate", "FINTRAC-2016-OB001"),
        Source("FINTRAC, Operational alert on underground banking (property and unclear money)", "FINTRAC-2023-OA002"),
    ),
    detect=detect,
    terms=TERMS,
    needs=(
        ("parties", "industry_code", "payers", "developers and agents are known by texts and escrow accounts only"),
        (
            "transactions",
            "purpose",
            "same_reference",
            "payers of one unit are tied only by what else is odd about them",
        ),
        ("parties", "annual_turnover_usd", "beyond_income", "payments cannot be held against a declared income"),
        ("parties", "address", "payers", "members of one household pass for unrelated payers"),
        ("ownership", "", "opaque_payers", "companies whose owners are on record elsewhere pass for opaque ones"),
    ),
    rules=(
        RuleNeed(
            "cash_report",
            "structured_share",
            CHECKS,
            "payee",
            "drafts and cheques paid (those for property are among them)",
            "none can be kept small on purpose",
        ),
    ),
    look_alikes=(
        ("relocation: a home sold, another bought", "one payer who lives from the account"),
        ("inheritance", "one payer, one payment"),
        (
            "a couple, their parents and relatives",
            "few homes, one payment each in a few days; naming one file is not enough",
        ),
        (
            "a company made to hold a home",
            "one payer; its owners are on record, or it is at home and nothing else is odd",
        ),
        ("exchange of one property for another, a lender who pays the price", "escrow and licensed payers are out"),
        ("clients of an escrow agent or a developer", "each names a file of their own, and none is odd by itself"),
        ("property company: rents in, mortgage out", "payers of rent pay evenly, a month apart"),
        ("an investors' club", "owners of one company count as one payer, where that is on record"),
        (
            "a buyer who pays a developer by draft in stages",
            "not told apart when three or more sums lie under a threshold",
        ),
    ),
)
