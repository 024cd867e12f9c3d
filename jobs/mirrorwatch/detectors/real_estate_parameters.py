"""Parameters of the real-estate detector: each with its unit, its bounds and the reason for its default."""

from pydantic import Field

from mirrorwatch.detectors.base import Parameters


class PropertyParameters(Parameters):
    """Thresholds of the real-estate detector. Amounts are US dollars at the booking day's rate."""

    least_paid_usd: int = Field(
        default=3_000,
        ge=0,
        description="USD that one payer pays one payee over the window. Below it lie fees and most rents of a month.",
    )
    least_total_usd: int = Field(
        default=20_000,
        ge=0,
        description="USD that a scheme's payers pay together. No number is published; less buys no home.",
    )
    span_days: int = Field(
        default=20,
        ge=1,
        description="Days apart from which even payments of one payer are rent or instalments and are left out.",
    )
    near_share: float = Field(
        default=0.7,
        ge=0.5,
        le=1,
        description="Share of a reporting threshold from which a sum counts as just under it. No number is published.",
    )
    least_same: int = Field(
        default=3,
        ge=2,
        description="Unrelated payers who name one unit or file before it counts: a buyer and their parents are two.",
    )
    most_generic: float = Field(
        default=0.5,
        gt=0,
        le=1,
        description="Share of a busy payee's payers who name one code above which it names a project, not a unit.",
    )
    busy_payers: int = Field(
        default=10, ge=2, description="Payers over the window from which a payee is busy: an escrow agent, a developer."
    )
    fund_days: int = Field(
        default=10, ge=1, le=60, description="Days before a payment within which money that came in is held to fund it."
    )
    most_counterparties: int = Field(
        default=4,
        ge=0,
        description="Others that a payer deals with over the window up to which nobody lives or trades from "
        "account: everybody with a life in it buys food and is paid.",
    )
    payer_points: int = Field(
        default=40,
        ge=1,
        le=100,
        description="Points, of 100, from which a payer belongs to a scheme by itself, with nothing that ties it to "
        "others. Two strong facts, or three weak ones; one of them is what honest buyers show.",
    )
    most_expected: float = Field(
        default=0.5,
        gt=0,
        description="Payees of the night that by chance would have as many payers who are odd by themselves. Where it "
        "is more, and neither a unit, a contact, a source nor small drafts tie the payers, nothing is reported.",
    )
    firm_counterparties: int = Field(
        default=10, ge=0, description="The same of a company without running costs: a trader without staff has more."
    )
    least_score: float = Field(
        default=0.2,
        gt=0,
        lt=1,
        description="Score from which several payers are reported: above a family of six homes that pays one file "
        "by draft, each more than a year's income. Low, since the facts rarely come together.",
    )
    single_score: float = Field(
        default=0.23,
        gt=0,
        lt=1,
        description="Score from which one payer is reported: above a company at home, made to hold a home, that pays "
        "by draft what it was given for it.",
    )
