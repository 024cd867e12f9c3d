"""Opaque ownership: companies whose owners on record lead to nobody, and whose money makes it matter.

Looked at are companies that own one another in a circle, whose chain of owners ends at a company without any, for which
only nominees or agents stand, or that changed hands shortly before their money. They are joined into structures by
shares, by a common front, and by paying each other. To be hidden is no offence: a structure is reported only where its
money moves among the companies or goes through them whole, and none of the costs of a business are seen.

A company that nobody has an owner's row for is unknown, not hidden, whatever the night's coverage; so data that is
missing alone never speaks against anybody. Widely held and state-owned firms, foundations, associations, licensed
institutions and family holdings end in somebody. Groups with a working parent are judged by what the group pays for.
No chance is stated: there is no honest null model of who hides behind what.
"""

import polars as pl

from mirrorwatch.detectors.base import Detector, NightFrames, Source
from mirrorwatch.detectors.opaque_ownership_parameters import OpaqueParameters
from mirrorwatch.detectors.opaque_ownership_structures import Structures, structures
from mirrorwatch.detectors.opaque_ownership_terms import TERMS
from mirrorwatch.detectors.opaque_ownership_values import values
from mirrorwatch.detectors.opaque_ownership_words import words
from mirrorwatch.detectors.terms import scored
from mirrorwatch.detectors.writing import findings
from mirrorwatch.features.edges import window_days

_HALF = 0.5
_GOOD_PART = 5  # one part in five of a structure's money: no salary, no fee
_WORTH_SHOWING = 100  # payments with others are shown from one part in so many of a structure's money on


def _matters(parameters: OpaqueParameters) -> pl.Expr:
    """Whether most companies are hidden and the money says why it matters."""
    others = pl.max_horizontal("payers", "payees").fill_null(0)
    # whoever bought several companies at once to move money among them needs no other veil
    hidden = (pl.col("hidden") >= _HALF) | ((pl.col("replaced") >= _HALF) & (pl.col("companies") > 1))
    among = (pl.col("companies") > 1) & (pl.col("among") >= parameters.least_among)
    among &= others <= parameters.most_counterparties * 2
    through = (pl.col("pass_through") >= parameters.least_pass).fill_null(value=False)
    through &= others <= parameters.most_counterparties
    # A group below a holding whose owners are not on record looks the same but for its money.
    plain = pl.sum_horizontal("circle", "fronted", "replaced") == 0
    deep = ~plain | (pl.col("layers") >= parameters.least_layers) | through
    idle = (pl.col("cost_share") <= parameters.most_cost_share).fill_null(value=True)
    large = pl.col("amount_usd_minor") >= parameters.least_moved_usd * 100
    return hidden & large & idle & deep & (among | through)


def _evidence(found: Structures, kept: pl.DataFrame) -> pl.DataFrame:
    """Payments inside the structures, and the larger ones with others; each once."""
    rows = found.legs.join(kept.select("scheme", "amount_usd_minor"), on="scheme", how="inner")
    worth = pl.col("inside") | (pl.col("usd_minor") * _WORTH_SHOWING >= pl.col("amount_usd_minor"))
    role = pl.when("inside").then(pl.lit("hop")).when(pl.col("sign") == 1).then(pl.lit("in")).otherwise(pl.lit("out"))
    return (
        rows.filter(worth)
        .sort("scheme", "booked_at", "transaction_id", "sign")
        .unique(("scheme", "transaction_id"), keep="first", maintain_order=True)
        .select(
            "scheme", "transaction_id", role.alias("role"), pl.lit(1, dtype=pl.Int64).alias("group_no"),
            pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("scheme").alias("step_no"), "booked_at",
        )
    )  # fmt: skip


def _suspects(found: Structures, kept: pl.DataFrame) -> pl.DataFrame:
    """Accounts of the companies, and of persons on record as theirs who sent or got a good part of the money."""
    rows = found.legs.join(kept.select("scheme", "amount_usd_minor"), on="scheme", how="inner")
    own = rows.select("scheme", "account_id", "party_id")
    held = found.behind.join(found.members.select("party_id", "scheme"), on="party_id", how="inner")
    theirs = held.select("scheme", other="holder").unique()
    handled = (
        rows.filter(pl.col("other_kind") == "person", ~pl.col("inside"))
        .join(theirs, on=("scheme", "other"), how="semi")
        .group_by("scheme", "other_account_id", "other", "amount_usd_minor")
        .agg(pl.col("usd_minor").sum())
        .filter(pl.col("usd_minor") * _GOOD_PART >= pl.col("amount_usd_minor"))
        .select("scheme", account_id="other_account_id", party_id="other")
    )
    return pl.concat([own, handled]).unique().sort("scheme", "account_id")


def detect(night: NightFrames, parameters: OpaqueParameters) -> pl.LazyFrame:
    """One finding a structure, as FINDINGS, sorted by score and first account."""
    found = structures(night, parameters)
    days = window_days(night.transactions.select("booked_at"))
    table = scored(values(found, night, days).filter(_matters(parameters)), TERMS)
    bound = pl.when(pl.col("companies") > 1).then(parameters.least_score).otherwise(parameters.single_score)
    kept = table.filter(pl.col("score") >= bound)
    return findings(kept, _suspects(found, kept), _evidence(found, kept), TERMS, words(parameters))


DETECTOR = Detector(
    typology="opaque_ownership",
    version="2",
    title="Companies whose owners are hidden, and their money",
    summary="Circles, chains that end, nominees alone or owners just replaced, and money moved among them or through.",
    parameters=OpaqueParameters,
    sources=(
        Source("FATF and Egmont Group, Concealment of Beneficial Ownership", "July 2018"),
        Source("FFIEC, BSA/AML Examination Manual, Appendix F (shell company activity)", "FFIEC BSA/AML Manual"),
        Source("FinCEN, Potential Money Laundering Risks Related to Shell Companies", "FIN-2006-G014"),
    ),
    detect=detect,
    terms=TERMS,
    needs=(
        ("ownership", "", "circle", "nobody's owners can be followed: this detector sees nothing"),
        ("ownership", "since", "replaced", "changes of owner cannot be dated"),
        ("ownership", "share", "dead_end", "owners whose share is not given count with what the others leave"),
        ("parties", "industry_code", "dead_end", "foundations and state bodies are known by their accounts only"),
        ("parties", "annual_turnover_usd", "declared_turnover", "money cannot be held against a declared turnover"),
    ),
    look_alikes=(
        ("listed companies and funds, widely held", "persons or a public hold most, or nobody is on record"),
        ("state-owned firms", "the chain ends at a public body"),
        ("family holdings", "persons stand at the top"),
        ("start-ups with founders", "founders are on record"),
        ("clients of a registered agent", "owners are on record beside the agent, or the firms pay for a business"),
        ("groups with a parent abroad whose owners are not on record", "the group pays wages, tax and suppliers"),
        ("foundations, charities, associations", "nobody owns them, and nobody is asked to"),
        ("branches of foreign firms", "they pay for a business; without one, a treasury centre is not told apart"),
        ("companies without any owner's row", "what is not on record says nothing"),
        ("a firm that was sold", "it is hidden from nobody, and pays for a business"),
    ),
)
