"""What an analyst would say of a scheme of precursor procurement, bought in bulk or in retail sums."""

from mirrorwatch.detectors.precursor_procurement_parameters import PrecursorParameters
from mirrorwatch.detectors.writing import Row, Words, as_stood, named, usd
from mirrorwatch.rulebook import Rules

# What each pattern rests on: the later advisory adds to the first, which alone tells of retail purchases.
BULK_ADVISORIES, RETAIL_ADVISORIES = ("fin_2024_a002", "fin_2019_a006"), ("fin_2019_a006",)


def _count(number: float, one: str, many: str) -> str:
    return f"{number:,.0f} {one if number == 1 else many}"


def _trade(row: Row) -> str:
    said = row["unrelated_trade"]
    if said is None:
        return "whose trade is not declared"
    return "whose declared trade has no use for chemicals" if said == 1 else "without a trade that uses chemicals"


def _bulk(row: Row) -> str:
    parts = [
        (
            f"{named(row['buyers_named'])}, {_trade(row)}, paid {usd(row['amount_usd_minor'])} for chemicals in "
            f"{_count(row['chemical_payments'], 'payment', 'payments')} from {row['first']} to {row['last']}, to "
            f"{named(row['sellers'])} in China or Hong Kong: {row['share_of_sum']:.0%} of all that went to firms "
            "abroad."
        ),
    ]
    if row["carried_of_sum"]:
        parts.append(
            f"{row['carried_of_sum']:.0%} of it went to an account in between, which paid the supplier in days."
        )
    if row["shared_contact"]:
        parts.append("Buyers with a telephone, e-mail or address in common paid the same supplier.")
    if row["running_costs"] is not None and row["running_costs"] <= 1:
        parts.append("Hardly any running costs of a business are seen.")
    if row["said_of_sum"]:
        parts.append(f"Documents or texts of {row['said_of_sum']:.0%} of the money name chemicals.")
    parts.append(
        f"Drawn as other importers of unrelated trades draw theirs, its suppliers would be chemical with probability "
        f"{row['chance_probability']:.2g} for any buyer of the night. The suppliers are not named as suspects."
    )
    return " ".join(parts)


def _bulk_cleared(parameters: PrecursorParameters) -> list[str]:
    return [
        "The buyer's declared trade made, sold, tested or used chemicals.",
        f"Chemicals made up less than {parameters.least_chemical_share:.0%} of what it paid firms abroad.",
        f"It had paid less than USD {parameters.least_bulk_usd:,} for them.",
    ]


BULK_STEPS = [
    "Ask for the orders, import permits and shipping documents of the three largest payments: what goods, to whom.",
    "Find out what the buyer sells and whether chemicals can be part of it; a missing code is not a trade.",
    "Screen the suppliers and their owners against the designations for synthetic opioids.",
]


def bulk(parameters: PrecursorParameters, rules: Rules) -> Words:
    """Sentences about buyers in bulk, with the advisories as `rules` has them."""
    said = as_stood(rules, *BULK_ADVISORIES)
    return Words(lambda row: f"{_bulk(row)} {said}".rstrip(), lambda _: _bulk_cleared(parameters), lambda _: BULK_STEPS)


def _retail(row: Row) -> str:
    ramp = f" {row['by_ramp']:.0%} of the purchases came through virtual currency." if row["by_ramp"] else ""
    return (
        f"{_count(row['purchases'], 'payment', 'payments')} of retail size, {usd(row['amount_usd_minor'])} in all from "
        f"{row['first']} to {row['last']}, reached {_count(row['parties'], 'payee', 'payees')} in China or Hong Kong "
        f"({named(row['sellers'])}) that seem unconnected but share a telephone or e-mail. They came from "
        f"{_count(row['direct'], 'known buyer', 'known buyers')} abroad, {row['crossing']} of whom paid several of "
        f"these payees.{ramp} Named are the payees, and {_count(row['named_buyers'], 'buyer', 'buyers')} with two "
        "purchases or more; who bought once is not."
    )


def _retail_cleared(parameters: PrecursorParameters) -> list[str]:
    return [
        "The payees were one household, one company, or connected in the ownership records.",
        f"Fewer than {parameters.least_buyers} buyers had paid them and none had paid three of them.",
        f"Fewer than {parameters.least_purchases} payments were of retail size.",
    ]


RETAIL_STEPS = [
    "Look for advertisements with the telephone or e-mail that the payees share.",
    "Ask the buyers who came back what they bought, and look for parcels under the name of the payees.",
    "Look for further payees at the same contact at other banks and money transmitters.",
]


def retail(parameters: PrecursorParameters, rules: Rules) -> Words:
    """Sentences about payees for retail purchases, with the advisory as `rules` has it."""
    said = as_stood(rules, *RETAIL_ADVISORIES)
    return Words(
        lambda row: f"{_retail(row)} {said}".rstrip(), lambda _: _retail_cleared(parameters), lambda _: RETAIL_STEPS
    )
