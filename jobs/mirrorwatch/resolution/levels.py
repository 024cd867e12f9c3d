"""What is compared, how far two values can agree, and what is believed of that before the data speak.

A pair is one of three things: one party twice (`same`), two related parties (`kin`: a household, two firms of one
group, which share a telephone or a director and are not one), or two strangers. For strangers the chance of agreeing is
counted in the data; for the other two these are the starting shares, from which both are fitted.
Country and nationality are not compared.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """One comparison: its levels from most to least alike, and the share of pairs at each level."""

    name: str
    levels: tuple[str, ...]
    same: tuple[float, ...]
    kin: tuple[float, ...]
    chance: bool = True  # whether levels that no frequency weighs are counted among drawn strangers


NAME, PHONE, EMAIL, ADDRESS, BORN, OWNER, IDENTIFIER, CONDUCTOR = range(8)
# Shares of `same`: people re-register with the name they have and one or two contacts changed. Shares of `kin`: a
# household shares home and surname, hardly ever a full name or a birthday.
FIELDS = (
    Field("name", ("same", "alike", "partly", "different"), (0.45, 0.40, 0.10, 0.05), (0.01, 0.04, 0.45, 0.50)),
    Field("phone", ("same", "different"), (0.5, 0.5), (0.5, 0.5)),
    Field("email", ("same", "same mailbox, other domain", "different"), (0.5, 0.05, 0.45), (0.1, 0.01, 0.89)),
    Field("address", ("same", "near", "different"), (0.5, 0.15, 0.35), (0.6, 0.05, 0.35)),
    Field(
        "born_or_incorporated_on",
        ("same", "slip, or day and month swapped", "different"),
        (0.80, 0.12, 0.08),
        (0.01, 0.02, 0.97),
    ),
    Field("owner", ("shared", "one owns the other", "none shared"), (0.6, 0.001, 0.399), (0.6, 0.1, 0.3)),
    Field("identifier", ("same", "different"), (0.9, 0.1), (0.002, 0.998)),
    Field("conductor", ("shared", "none shared"), (0.3, 0.7), (0.3, 0.7)),
)
