"""What an analyst would say of a scheme around one home: the sentence, what would have cleared it, what to do next."""

from mirrorwatch.detectors.base import NightFrames
from mirrorwatch.detectors.real_estate_parameters import PropertyParameters
from mirrorwatch.detectors.real_estate_payers import thresholds
from mirrorwatch.detectors.writing import Row, Words, named, usd

_WORTH_SAYING = 0.2  # a fifth: less of anything explains nothing


def _rules(night: NightFrames, row: Row) -> str:
    """Tell the rules on property, which score nothing, as they stood; and thresholds where sums lie under one."""
    near = [rule for rule, _ in thresholds(night)] if row["structured_share"] else []
    told = [*night.rules.known_as("property"), *near]
    held = [rule.words for rule in told if rule.rule.jurisdiction in row["places"] and rule.version.status != "none"]
    return f"Rules as they stood: {'; '.join(held)}." if held else ""


def _narrative(night: NightFrames, row: Row) -> str:
    who = "payer" if row["payers"] == 1 else "unrelated payers"
    parts = [
        (
            f"{row['payers']:,.0f} {who} ({named(row['names'])}) paid {usd(row['amount_usd_minor'])} in "
            f"{row['payments']:,} payments to {named(row['takers'])} for property, {row['first']} to {row['last']}."
        )
    ]
    if row["same_reference"]:
        parts.append(
            f"{row['same_reference']:.0%} of the texts name what unrelated others name: {named(row['units'])}."
        )
    said = (
        ("structured_share", "lie just under a reporting threshold (share of payments)"),
        ("opaque_payers", "come from companies without a business, or accounts that nobody lives from"),
        ("foreign_payers", "come from accounts abroad, persons' counted half"),
        ("linked_payers", "of the payers share a contact or a source of money with another"),
        ("beyond_income", "of the payers with a declared income paid more than a year of it"),
        ("far_beyond_income", "paid more than two years of it"),
        ("drafts", "were paid by draft, cheques counted half"),
    )
    facts = [f"{row[code]:.0%} {words}" for code, words in said if row[code] is not None and row[code] >= _WORTH_SAYING]
    parts += [f"{'; '.join(facts)}."] if facts else []
    parts += ["Whoever was paid is not named as a suspect.", _rules(night, row)]
    return " ".join(part for part in parts if part)


def _cleared(row: Row, parameters: PropertyParameters) -> list[str]:
    bound = parameters.least_score if row["payers"] > 1 else parameters.single_score
    return [
        f"The score were below {bound:.2f}; it is {row['score']:.3f}.",
        "The payers were one household or connected in the ownership records.",
        "The companies had the costs of a business, and the persons lived from these accounts.",
        f"Fewer than {parameters.least_same} unrelated payers named one unit, and no payer was odd by itself.",
    ]


STEPS = [
    "Ask the payee for the buyer of the unit or file, the contract, and who else paid for it.",
    "Ask each payer what connects them to the buyer and where the money came from.",
    "Look for the owners behind companies that paid, and for costs of the home paid by others afterwards.",
]


def words(night: NightFrames, parameters: PropertyParameters) -> Words:
    """Sentences about a scheme; rules are told as they stood on the night."""
    return Words(lambda row: _narrative(night, row), lambda row: _cleared(row, parameters), lambda _: STEPS)
