"""What an analyst would say of underground banking seen from one side."""

from mirrorwatch.detectors.underground_banking_parameters import UndergroundBankingParameters
from mirrorwatch.detectors.writing import Row, Words, named, usd

SOURCES = {
    "cash_minor": "cash",
    "abroad_minor": "transfers from abroad",
    "stranger_minor": "transfers from persons met a few times",
    "kin_minor": "transfers from persons who pay again and again",
    "firm_minor": "transfers from firms",
}


def _who(row: Row) -> str:
    holders = sorted(set(row["holders"]))
    if len(holders) > 1:
        return f"{len(holders)} holders ({named(holders)}) with the same payees or depositors"
    return f"{holders[0]}, with {len(row['accounts'])} account{'s' if len(row['accounts']) > 1 else ''},"


def _came(row: Row) -> str:
    parts = [f"{usd(row[name])} in {words}" for name, words in SOURCES.items() if row[name]]
    return f"{_who(row)} took in {' and '.join(parts)} from {row['first']} to {row['last']}."


def _cash(row: Row) -> str:
    if not row["cash_minor"]:
        return ""
    said = []
    if row["by_others"] is not None:
        said.append(f"{row['by_others']:.0%} of the deposits with a known conductor were brought by somebody else")
    if row["branches"]:
        said.append(f"the cash of one holder went to {row['branches']:.1f} branches, were they used alike")
    return f"Of the cash, {'; '.join(said)}." if said else ""


def _went(row: Row) -> str:
    return (
        f"{usd(row['moved_minor'])}, {row['moved_share']:.0%} of it, was gone again after {row['rest_hours']:,.0f} "
        f"hours on average, to {row['payees_seen']} payees; {row['unrelated']:.0%} of that went to persons, "
        f"property or firms that are paid at no other time."
    )


def _income(row: Row) -> str:
    if row["income_multiple"] is None:
        return "No income or turnover is declared that it could be held against."
    return (
        f"That is {row['income_multiple']:.1f} times the income of the window, {usd(row['carried_minor'])} (declared, "
        f"seen as wages, or what is usual where none is declared)."
    )


def _narrative(row: Row) -> str:
    parts = (_came(row), _went(row), _income(row), _cash(row), row["rule_words"])
    return " ".join(part for part in parts if part)


def _next_steps(row: Row) -> list[str]:
    first = row["holders"][0]
    return [
        f"Ask {first} where the money comes from and who the payees are; some holders lend their account for a fee.",
        "Look at who stood at the counter, and at other accounts that the same people paid into.",
        "If a holder expected a transfer and was paid in strangers' cash, treat them as a victim (cuckoo smurfing).",
        "Whoever merely paid in or was paid is not a suspect for that: shops, landlords and sellers are paid by many.",
    ]


def _carried(row: Row, parameters: UndergroundBankingParameters) -> list[str]:
    if row["subject"] == "firm" and row["card_share"] >= parameters.least_form:
        return []  # whoever pays many persons' cards is not cleared by a turnover
    return [f"Income or turnover of the window were more than the {usd(row['moved_minor'])} that was moved on."]


def words(parameters: UndergroundBankingParameters) -> Words:
    """Give the sentences of a finding."""

    def cleared(row: Row) -> list[str]:
        return [
            f"The score were below {parameters.least_score:.2f}; it is {row['score']:.3f}.",
            *_carried(row, parameters),
            (
                f"Less than {parameters.least_moved_share:.0%} of the unusual money left again within "
                f"{parameters.hold_hours} hours (for large card payments twice that) other than for rent, schooling, "
                "taxes, instalments or small purchases."
            ),
            f"Most of it had gone on fewer than {parameters.least_days:g} days.",
            "The holder were licensed, or the recorded agent of somebody licensed, to move money for others.",
        ]

    return Words(_narrative, cleared, _next_steps)
