"""What an analyst would say of a tie to a list: the sentence, what would have cleared it, what to do next."""

from datetime import date

from mirrorwatch.detectors.base import NightFrames
from mirrorwatch.detectors.watchlist_exposure_parameters import ExposureParameters
from mirrorwatch.detectors.writing import Row, Words, named, usd

ORDERS = ("us_eo_14059",)  # cited where the programme is one of narcotics; no score rests on it
_NARCOTICS = ("NARCO", "SDNTK", "14059", "FENTANYL", "DRUG", "ILLICIT")


def _name(row: Row) -> list[str]:
    if not row["names"]:
        return []
    lists = named(row["lists"])
    if row["party_name"] is None:
        return [f"Texts name {named(row['names'])} ({lists})."]
    how = "" if row["reason"] is None else f" ({row['reason']})"
    chance = f"chance would bring {row['expected']:.2g} matches as good this night"
    return [
        f"{row['party_name']} is called {row['name_likeness']:.0%} like {named(row['names'])} ({lists}){how}; {chance}."
    ]


def _ties(row: Row) -> list[str]:
    said = []
    if row["owned"]:
        said.append(f"Listed ones hold {row['owned']:.0%} of a firm named here, in the aggregate.")
    if row["controlled"]:
        said.append(
            "Listed ones sit on every director's seat of a firm named here, and nobody else holds more than half of it."
        )
    if row["successor"]:
        said.append(f"A firm made after the listing has {row['successor']:.0f} people or contacts in common with it.")
    if row["tainted_share"]:
        said.append(
            f"{row['exposed']} accounts are exposed by payments: up to {row['tainted_share']:.0%} of what one received "
            f"or paid, at {1 / row['nearness']:.0f} step(s), counted down by distance."
        )
    if row["named_in_text"]:
        said.append(f"{row['named_in_text']:.0f} remittance texts hold the name.")
    if row["official_payments"]:
        said.append(
            f"{row['official_name']} ({row['office']}) got {row['official_payments']:.0f} payments from "
            f"{row['official_payers']} carriers or traders or their owners, {row['official_income']:.1f} times the "
            "earnings of the office in as many days."
        )
    return said


def _new(night: NightFrames, row: Row) -> list[str]:
    """Tell what a person who read last night's alerts could not have seen there."""
    said = [f"A dismissed pair is told again: {why}." for why in row["reopened"] or ()]
    if row["newly"]:
        said.append(
            f"{named(row['newly'])} since the night of {night.last_night}: all payments of the window were held "
            "against it."
        )
    return said


def _when(row: Row) -> list[str]:
    if not row["undated"]:
        return _dated(row)
    why = "when that was listed is not said, and no payment is judged by it"
    return [*_dated(row), f"{named(row['undated'])}: {why}."]


def _dated(row: Row) -> list[str]:
    newest: date | None = row["newest"]
    if newest is None:
        return []
    if newest > row["last"]:
        return [f"Listed on {newest}, after the payments: not a breach, still to look at."]
    if newest > row["first"]:
        return [f"Listed on {newest}: {row['since_listing']:.0%} of the payments were booked since."]
    return [f"Listed since {newest}."]


def _rules(night: NightFrames, row: Row) -> list[str]:
    wanted = list(row["ownership_rules"] or ())
    if any(word in text.upper() for text in row["lists"] or () for word in _NARCOTICS):
        wanted += ORDERS
    held = [rule.words for rule in (night.rules.in_force(name) for name in wanted) if rule is not None]
    return [f"Rules as they stood: {'; '.join(held)}."] if held else []


def _narrative(night: NightFrames, row: Row) -> str:
    money = f"{row['payments']:,} payments of {usd(row['amount_usd_minor'])} in all, {row['first']} to {row['last']}."
    return " ".join([*_name(row), *_ties(row), money, *_new(night, row), *_when(row), *_rules(night, row)])


def _cleared(row: Row, parameters: ExposureParameters) -> list[str]:
    said = []
    if row["names"]:
        said += [
            "An identifier, a date of birth or an address showed that the party is another one of that name.",
            f"More than {parameters.most_expected:g} matches as good were to be expected by chance.",
            "The entry were not in force on the run date.",
        ]
    if row["owned"]:
        said.append("Listed ones held less than the bound of the rule in force.")
    if row["tainted_share"]:
        said.append(
            f"Less than {parameters.least_share:.0%} of the account's volume, counted down by distance, came from or "
            "went to listed ones."
        )
    if row["official_payments"]:
        said.append("The payments were a wage of one employer, or paid for something that the official sold.")
    return said


STEPS = [
    "Hold birth date, identifiers and address of the entry against the party's file; dismiss the pair if not.",
    "Ask what the payments were for, and who stands behind the firms that paid or were paid.",
    "If the party is the listed one, block or reject as the rules of the day say, and report it.",
]


def words(night: NightFrames, parameters: ExposureParameters) -> Words:
    """Give the sentences about one scheme."""
    return Words(lambda row: _narrative(night, row), lambda row: _cleared(row, parameters), lambda _: STEPS)
