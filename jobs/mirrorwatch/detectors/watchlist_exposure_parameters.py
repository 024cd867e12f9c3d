"""Parameters of the watchlist detector, each with the reason for its default. No number among them is published."""

from pydantic import Field

from mirrorwatch.detectors.base import Parameters


class ExposureParameters(Parameters):
    """How sure a name has to be, and how far money is followed from it."""

    least_name_score: float = Field(
        default=0.5, ge=0.3, le=1, description="likeness of names from which on a pair is held against chance at all"
    )
    most_expected: float = Field(
        default=0.25,
        gt=0,
        le=10,
        description="matches as good that chance makes in a whole night, over all entries; more name nobody. One night "
        "in four with one false name is what a reader can bear",
    )
    abroad_factor: float = Field(
        default=3.0,
        ge=1,
        le=100,
        description="by how much a known other country weakens a name: about one listed person in three is met abroad",
    )
    successor_days: int = Field(
        default=365,
        ge=7,
        le=1_500,
        description="days after a listing in which a firm with the same director or telephone is its successor; weeks "
        "are reported, a year leaves room for late registration",
    )
    most_sharers: int = Field(
        default=8, ge=2, le=100, description="parties with one contact; a mark of more is an agent's or a tower's"
    )
    hops: int = Field(
        default=3,
        ge=1,
        le=6,
        description="payments from a listed party to the last account looked at; beyond is nearly everybody",
    )
    decay: float = Field(
        default=0.7, gt=0, le=1, description="weight of a payment one step farther: two steps count half"
    )
    hold_days: float = Field(
        default=7.0,
        gt=0,
        le=45,
        description="days in which money has to go on to count as carried; mules are told to be quick",
    )
    single_hold_days: float = Field(
        default=3.0,
        gt=0,
        le=45,
        description="the same where only one payment came: a firm's own bills meet one sum by chance within a week",
    )
    least_passed: float = Field(
        default=0.8,
        gt=0,
        le=1,
        description="share of listed money that an account passes on to one other to be named after a single payment; "
        "carriers keep a few hundredths, and firms that spend it pay many",
    )
    least_share: float = Field(
        default=0.3,
        gt=0,
        le=1,
        description="share of an account's volume, decayed, that came from or went to listed ones; a supplier of many "
        "has less from each",
    )
    least_carrying_share: float = Field(
        default=0.1,
        gt=0,
        le=1,
        description="the same of an account that money is followed through: less is diluted beyond any later share",
    )
    least_usd: float = Field(
        default=2_000, ge=0, le=1_000_000, description="listed money in an account; less is a meal or a gift"
    )
    most_counterparties: int = Field(
        default=60,
        ge=5,
        le=10_000,
        description="counterparties by transfer within the window; with more an account is a hub, and money is not "
        "followed through it",
    )
    least_official_payments: int = Field(
        default=3, ge=2, le=50, description="payments of traders and carriers to one official; two are a car and a flat"
    )
    least_official_income: float = Field(
        default=0.5,
        gt=0,
        le=20,
        description="those payments over what the official earns in as many days; a second job brings less than half",
    )
