"""What an analyst would say of trade that does not add up: the sentences, what would have cleared it, what to do."""

from collections.abc import Callable

from mirrorwatch.detectors.base import Floor
from mirrorwatch.detectors.trade_based_claims import LEAST_CHANCE
from mirrorwatch.detectors.trade_based_parameters import TradeParameters
from mirrorwatch.detectors.writing import Row, Words, named, usd

FLOOR = Floor(
    LEAST_CHANCE,
    "it rests on one night's payments being odd independently of each other, which a shared cause would break",
)


def _papers(unit: Row) -> str:
    return f" (documents {named(unit['documents'])})" if unit["documents"] else ""


def _who(unit: Row) -> str:
    return " and ".join(unit["named"][:2]) + (f" and {len(unit['named']) - 2} more" if len(unit["named"]) > 2 else "")  # noqa: PLR2004 : two are written out


def _far(how: str) -> Callable[[Row], str]:
    return lambda unit: (
        f"{unit['payments']} payments of {_who(unit)} were {how} by {unit['size']:.0%} in the middle, "
        f"{usd(unit['moved_minor'])} in all{_papers(unit)}."
    )


SAID: dict[str, Callable[[Row], str]] = {
    "over_invoiced": _far("above the value that their documents state"),
    "under_invoiced": _far("below the value that their documents state, with no further part paid,"),
    "unlike_documents": _far("away from the values of the documents that should be theirs,"),
    "in_parts": lambda unit: (
        f"{unit['payments']} payments of {_who(unit)} settle documents in parts that do not add up to them: all "
        f"that was paid lies {unit['size']:.0%} away from all that was declared, {usd(unit['moved_minor'])} in all."
    ),
    "price_apart": _far("for goods declared at a value per parcel away from that of the same goods of others"),
    "undocumented": lambda unit: (
        f"{unit['size']:.0f} payments for goods of {_who(unit)}, {usd(unit['moved_minor'])}, have no document, or one "
        "of no parcels, where most goods payments of the night have one."
    ),
    "paid_again": lambda unit: (
        f"{_who(unit)}: {unit['payments']} payments of nearly one amount, {unit['size']:.0f} of them beyond the "
        f"shipments that the documents show{_papers(unit)}; {usd(unit['moved_minor'])} was paid again."
    ),
    "paid_by_others": lambda unit: (
        f"{_who(unit)}: {unit['size']:.0f} payments of those who have no document with the exporter are as large as "
        f"documented ones days before{_papers(unit)}; {usd(unit['moved_minor'])} was paid again by others."
    ),
    "under_limit": lambda unit: (
        f"{unit['size']:.0f} documents of {_who(unit)} state parcels just under the value that enters free of duty"
        f"{_papers(unit)}. Rules as they stood: {unit['note']}."
    ),
    "unbacked_income": lambda unit: (
        f"{_who(unit)} received {usd(unit['moved_minor'])} from abroad or from marketplaces, {unit['share']:.0%} of "
        f"its receipts, and {unit['size']:.0%} of that has no purchases, freight or customs behind it."
    ),
}


def _besides(row: Row) -> str:
    said = []
    if row["forwarded_share"] is not None:
        said.append(
            f"{row['forwarded_share']:.0%} of the income went on within {row['dwell_days']:,.0f} days on average"
        )
    if (row["third_party_share"] or 0) > 0.1:  # noqa: PLR2004 : below this a slip
        said.append(f"{row['third_party_share']:.0%} of the documents name another payer or payee")
    if (row["round_share"] or 0) > 0.3:  # noqa: PLR2004 : the term's threshold
        said.append(f"{row['round_share']:.0%} of the payments were in whole thousands")
    if (row["unearned_rebates"] or 0) > 1:
        said.append("tax rebates came in that the purchases seen could not have earned")
    return f"Besides, {'; '.join(said)}." if said else ""


def _chance(row: Row) -> str:
    likely = row["chance_probability"]
    if likely is None:
        return "No chance is stated: no honest model says how often a firm trades so."
    odds = f"{FLOOR.words}; {FLOOR.rests_on}" if FLOOR.reached(likely) else f"{likely:.2g}"
    return f"Probability that the night's custom shows as much by chance: {odds}."


def _narrative(row: Row) -> str:
    told = [SAID[unit["pattern"]](unit) for unit in row["units"]]
    return " ".join(part for part in (*told[:MOST_TOLD], _besides(row), _chance(row)) if part)


MOST_TOLD = 4
CLEARS: dict[str, str] = {
    "over_invoiced": "Further documents of these parties stated the rest of what was paid.",
    "under_invoiced": "Deposits or balances of these parties made up what the documents state.",
    "unlike_documents": "The documents named their payments, and these were of their values.",
    "in_parts": "Further parts or documents of these parties made each sum whole.",
    "price_apart": "The same goods were declared at such values by others too.",
    "undocumented": "Documents of these payments came in, or the payee sold no goods.",
    "paid_again": "Each payment had a shipment of its own, or what was paid again came back.",
    "paid_by_others": "Documents named these payers too, or they paid for somebody else's order, once.",
    "under_limit": "The parcels' values lay elsewhere as often as other importers', or no rule held at their issue.",
    "unbacked_income": "The firm paid for goods, freight or customs as like firms do, or kept its takings.",
}


def words(parameters: TradeParameters) -> Words:
    """Sentences for one set of parameters."""

    def cleared(row: Row) -> list[str]:
        patterns = sorted({unit["pattern"] for unit in row["units"]})
        return [
            *(CLEARS[pattern] for pattern in patterns),
            f"The score were below {parameters.report_score:.2f}; it is {row['score']:.3f}.",
        ]

    def next_steps(row: Row) -> list[str]:
        papers = sorted({document for unit in row["units"] for document in unit["documents"]})
        asked = f"the documents {named(papers)}" if papers else "contracts, invoices and bills of lading"
        return [
            f"Ask for {asked} and compare goods, quantities and prices with what was paid.",
            "Look for purchases, freight and customs at other banks before concluding that there was no trade.",
            f"Find out who owns {row['subject_party_id']} and its partners in these payments, and who ordered them.",
            "A partner who is not named here merely paid or was paid, and is no suspect for it.",
        ]

    return Words(_narrative, cleared, next_steps)
