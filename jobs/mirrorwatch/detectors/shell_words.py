"""What an analyst would say of a shell scheme: the finding's sentence, what would have cleared it, what to do next."""

from typing import Any

import polars as pl

from mirrorwatch.detectors.base import FINDINGS
from mirrorwatch.detectors.shell_bounds import reported
from mirrorwatch.detectors.shell_chance import FLOOR
from mirrorwatch.detectors.shell_parameters import ShellParameters
from mirrorwatch.detectors.shell_terms import TERMS
from mirrorwatch.detectors.terms import indicators
from mirrorwatch.detectors.writing import usd

WORDS = ("narrative", "would_not_fire_if", "next_steps")
MOST_NAMED = 3  # payers and payees outside the scheme that the narrative names on each side


def _named(names: list[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def _count(number: float, one: str, many: str) -> str:
    return f"{number:,.0f} {one if number == 1 else many}"


def _opening(row: dict[str, Any]) -> str:
    chain = " → ".join([_named(row["sources"]) or "cash", *row["stages"], _named(row["exits"]) or "cash"])
    if len(row["order"]) == 1:
        return f"One company only passed money on: {chain}."
    how = "from one to the next" if len(row["stages"]) > 1 else "side by side between the same payer and payee"
    if row["in_money"] < len(row["order"]):
        how = "in part side by side in one hand (a director or owner, and contacts, in common)"
    if row["in_money"] == 1:
        how = "side by side in one hand (a director or owner, and contacts, in common)"
    return f"{len(row['order'])} companies only passed money on, {how}. In order of the money: {chain}."


def _movement(row: dict[str, Any]) -> str:
    return (
        f"{_count(row['units_followed'], 'sum was', 'sums were')} followed through, {usd(row['amount_usd_minor'])} in "
        f"all; {row['forwarded_share']:.0%} of what came in left again in nearly the same amount, and a dollar rested "
        f"{row['dwell_hours']:,.0f} hours on average. Money out and money in "
        f"were {row['pass_through']:.0%} equal."
    )


def _absence(row: dict[str, Any]) -> str:
    seen = (
        f"{row['running_costs']:.1f} of 7 kinds of running cost on average, {row['cost_share']:.2%} of what they paid"
    )
    return (
        f"What a business pays for is missing (tax, payroll, rent, utilities, cards, standing payments, suppliers): "
        f"seen were {seen}."
    )


def _background(row: dict[str, Any]) -> str:
    said = []
    if row["age_days"] is not None and row["age_days"] <= 730:  # noqa: PLR2004 : the term's threshold
        said.append(f"the youngest was {row['age_days']:,.0f} days old at its first money")
    if row["shared_identifiers"]:
        said.append("they share an address, telephone, e-mail or director")
    if row["opaque_ownership"]:
        said.append("recorded owners lead to no person or run in a circle")
    if row["listed_owner"]:
        said.append("a listed person or firm stands behind one of them")
    if row["dormant_days"] is not None and row["dormant_days"] > 14:  # noqa: PLR2004 : the term's threshold
        said.append(f"no large sum was booked for {row['dormant_days']:,.0f} days before")
    if row["declared_turnover"] is not None and row["declared_turnover"] > 3:  # noqa: PLR2004 : the term's threshold
        said.append(f"a year at this rate would be {row['declared_turnover']:,.0f} times the turnover declared")
    if row["round_share"] > 0.3:  # noqa: PLR2004 : the term's threshold
        said.append(f"{row['round_share']:.0%} of the payments were in whole thousands")
    return f"Besides, {'; '.join(said)}." if said else ""


def _chance(row: dict[str, Any]) -> str:
    if row["chance_probability"] is None:
        return "The window is too short to say how many sums would match by chance."
    likely = row["chance_probability"]
    odds = f"{FLOOR.words}; {FLOOR.rests_on}" if FLOOR.reached(likely) else f"{likely:.2g}"
    return (
        f"{row['units']:,} pairings of money in and out were seen where {row['expected']:.1f} would be expected had "
        f"the payments fallen in other weeks (probability for the whole night: {odds})."
    )


def _narrative(row: dict[str, Any]) -> str:
    parts = (_opening(row), _movement(row), _absence(row), _background(row), _chance(row))
    return " ".join(part for part in parts if part)


_UNKNOWN = (
    "The companies were neither young nor idle before, had known persons for owners, and passed on about what they "
    "declared: no money runs from one to another, so what is known of them must speak against them too."
)


def _few(row: dict[str, Any], parameters: ShellParameters) -> str:
    few = row["units_followed"] < parameters.few_sums
    why = f"fewer than {parameters.few_sums} sums were followed" if few else "one company stands alone"
    return f"Chance alone would show as much with a probability above {parameters.most_chance:.2f}, since {why}."


def _cleared(row: dict[str, Any], parameters: ShellParameters) -> list[str]:
    chained, alone = row["in_money"] > 1, len(row["order"]) == 1
    enough = parameters.chain_score if chained else parameters.single_score
    return [
        *([_few(row, parameters)] if alone or row["units_followed"] < parameters.few_sums else []),
        *([] if chained else [_UNKNOWN]),
        f"The score were below {enough:.2f}; it is {row['score']:.3f}.",
        (
            f"The companies or their group had more than {parameters.most_kinds} kinds of running cost, wages or tax "
            f"among them, that make up {parameters.trifle_cost_share:.1%} of what they paid, or wages that make "
            f"up {parameters.running_cost_share:.0%}."
        ),
        f"Money rested more than {parameters.most_dwell_hours:,.0f} hours on average.",
        (
            f"Less than {parameters.least_forwarded:.0%} of what came in left again within "
            f"{parameters.hold_hours:,.0f} hours in nearly the same amount."
        ),
        "One of the companies held, or were covered by, a licence to move money for others.",
    ]


def _next_steps(row: dict[str, Any]) -> list[str]:
    return [
        "Ask for contracts, invoices and shipping documents behind the three largest sums followed.",
        "Look for wages, tax and rent at other banks before concluding that there is no business.",
        f"Find out who stands behind {row['order'][0]} and {row['order'][-1]}: owners, directors, who signs.",
        (
            f"Look at where the money came from ({_named(row['sources']) or 'cash'}) and where it ended "
            f"({_named(row['exits']) or 'cash'}); neither is a suspect for having paid or been paid."
        ),
    ]


def _gathered(evidence: pl.DataFrame, shells: pl.DataFrame) -> pl.DataFrame:
    """One row a scheme: lists of the finding, from its payments and its companies."""
    ends = {"in": "sources", "out": "exits"}
    item = pl.struct("transaction_id", "role", "group_no", "step_no")
    accounts = pl.concat_list("account_id", pl.when(pl.col("role") == "hop").then("other_account_id"))
    lists = evidence.group_by("scheme", maintain_order=True).agg(
        pl.col("transaction_id").sort().alias("transaction_ids"),
        pl.col("booked_at").min().alias("first_booked_at"),
        pl.col("booked_at").max().alias("last_booked_at"),
        pl.col("usd_minor").filter(pl.col("role") == "in").sum().alias("amount_usd_minor"),
        item.sort_by("group_no", "step_no").alias("evidence"),
        accounts.explode().drop_nulls().unique().sort().alias("account_ids"),
    )
    order = shells.group_by("scheme", maintain_order=True).agg(pl.col("party_id").alias("order"))
    stage = pl.col("depth").round(0).alias("stage")  # the arms of a star stand at one stage
    stages = shells.group_by("scheme", stage, maintain_order=True).agg(
        pl.col("party_id").str.join(", ").alias("stages")
    )
    order = order.join(stages.group_by("scheme", maintain_order=True).agg("stages"), on="scheme", how="left")
    for role, name in ends.items():
        outside = evidence.filter(pl.col("role") == role, pl.col("other_kind") != "cash")
        largest = outside.group_by("scheme", "other").agg(pl.col("usd_minor").sum())
        largest = largest.sort("scheme", "usd_minor", "other", descending=[False, True, False])
        names = largest.group_by("scheme", maintain_order=True).agg(pl.col("other").alias(name))
        lists = lists.join(names, on="scheme", how="left")
    return lists.join(order, on="scheme", how="left").with_columns(
        pl.col("sources", "exits").fill_null(pl.lit([], dtype=pl.List(pl.String())))
    )


def write_up(
    scored: pl.DataFrame, evidence: pl.DataFrame, shells: pl.DataFrame, parameters: ShellParameters
) -> pl.DataFrame:
    """Write FINDINGS of the schemes that score enough; `scored` is `shell_terms.score` of `shell_values.values`."""
    kept = scored.join(_gathered(evidence, shells), on="scheme", how="inner").filter(reported(parameters))
    words = [
        {
            "scheme": row["scheme"],
            **dict(zip(WORDS, (_narrative(row), _cleared(row, parameters), _next_steps(row)), strict=True)),
        }
        for row in kept.iter_rows(named=True)
    ]
    schema = pl.Schema({"scheme": pl.Int64(), **{name: FINDINGS[name] for name in WORDS}})
    return (
        kept.join(pl.DataFrame(words, schema=schema), on="scheme", how="inner")
        .with_columns(
            indicators(TERMS),
            pl.col("order").list.first().alias("subject_party_id"),
            pl.col("order").list.sort().alias("party_ids"),
        )
        .select(FINDINGS.names())
        .cast(FINDINGS)
        .sort(pl.col("score") * -1, pl.col("account_ids").list.first())
    )
