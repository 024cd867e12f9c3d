"""What an analyst would say of companies whose owners are hidden, what would have cleared them, what to do next."""

from mirrorwatch.detectors.opaque_ownership_parameters import OpaqueParameters
from mirrorwatch.detectors.writing import Row, Words, named, usd

_SEVERAL = 2


def _how(row: Row) -> str:
    said = (
        ("circle", "own one another in a circle"),
        ("dead_end", "lead, owner by owner, to companies with no owner on record"),
        ("fronted", "have nominees or agents on record, and no owner"),
        ("replaced", "changed hands shortly before their money"),
    )
    facts = [f"{row[code]:.0%} {words}" for code, words in said if row[code]]
    return "; ".join(facts)


def _narrative(row: Row) -> str:
    who = "company" if row["companies"] == 1 else "companies"
    parts = [
        (
            f"{row['companies']:,.0f} {who} ({named(row['names'])}) whose owners are hidden moved "
            f"{usd(row['amount_usd_minor'])} from {row['first']} to {row['last']}. Of these, {_how(row)}."
        )
    ]
    if row["layers"] >= _SEVERAL:
        parts.append(f"The longest such chain or circle has {row['layers']:.0f} links.")
    if row["holders"]:
        parts.append(f"In front of several of them: {named(row['holders'])}.")
    if row["inside_minor"]:
        parts.append(f"{row['among']:.0%} of the money moved among them.")
    if row["pass_through"] is not None:
        parts.append(f"Money from outside and money to outside were {row['pass_through']:.0%} equal.")
    if row["cost_share"] is not None:
        parts.append(f"Costs of a business make up {row['cost_share']:.1%} of what they paid.")
    if row["declared_turnover"] is not None and row["declared_turnover"] > 1:
        parts.append(f"A year at this rate is {row['declared_turnover']:,.1f} times the turnover declared.")
    parts.append("That nobody is on record is no offence; who is only an officer, payer or payee is not named.")
    return " ".join(parts)


def _cleared(row: Row, parameters: OpaqueParameters) -> list[str]:
    bound = parameters.single_score if row["companies"] == 1 else parameters.least_score
    return [
        f"The score were below {bound:.2f}; it is {row['score']:.3f}.",
        "Persons, a state, an association, a licensed institution or a public held half of the companies or more.",
        "The companies, or one that brings in most of their family's money, had wages, tax and suppliers.",
        (
            f"Less than {parameters.least_among:.0%} of the money moved among them, and what came in and what went out "
            f"differed by more than {1 - parameters.least_pass:.0%}."
        ),
    ]


STEPS = [
    "Ask each company for its owners down to natural persons, and for the papers that show it.",
    "Ask nominees, directors and agents for whom they act, and who tells them what to sign.",
    "Ask for contracts behind the largest payments among the companies.",
]


def words(parameters: OpaqueParameters) -> Words:
    """Sentences about a structure."""
    return Words(_narrative, lambda row: _cleared(row, parameters), lambda _: STEPS)
