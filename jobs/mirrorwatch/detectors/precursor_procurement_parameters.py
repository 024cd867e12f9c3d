"""Parameters of the precursor-procurement detector: each with its unit, its bounds and the reason for its default."""

from pydantic import Field

from mirrorwatch.detectors.base import Parameters
from mirrorwatch.features.carried import Carrying


class PrecursorParameters(Parameters):
    """Thresholds of the precursor-procurement detector. Amounts are US dollars at the booking day's rate."""

    least_bulk_usd: int = Field(
        default=10_000,
        ge=0,
        description="USD that one buyer pays for chemicals over the window. FIN-2019-A006 puts purchases of precursors "
        "in bulk above 10,000.",
    )
    least_chemical_share: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="Share that chemicals from China or Hong Kong make up of all that a buyer pays firms abroad. "
        "'Almost only', says the advisory, and gives no number; half leaves room for cover.",
    )
    least_bulk_payments: int = Field(
        default=2, ge=1, description="Payments for chemicals by one buyer. One may be a sample or a mistaken order."
    )
    carry_days: int = Field(
        default=7,
        ge=0,
        le=30,
        description="Days within which an account in between pays the supplier. No number is published.",
    )
    most_kept: float = Field(
        default=0.12,
        ge=0,
        le=0.5,
        description="Share that the account in between keeps. No number is published; a trade margin is above it.",
    )
    least_carried: int = Field(
        default=2,
        ge=1,
        description="Sums carried on between one buyer and one account in between. One alone may be an accident.",
    )
    most_expected: float = Field(
        default=3.0,
        gt=0,
        description="Importers without a use for chemicals who by chance, over the whole night, would have as many "
        "chemical suppliers. Where it is more, a buyer that pays them directly and alone is not reported. Not one, "
        "since even a night without any is taken to have some.",
    )
    contact_crowd: int = Field(
        default=50,
        ge=2,
        le=1_000,
        description="Parties at one telephone or e-mail above which it is a switchboard or an agent's.",
    )
    least_retail_usd: int = Field(
        default=10, ge=1, description="USD of the least retail purchase: the low end that is published for one."
    )
    most_retail_usd: int = Field(
        default=1_000,
        ge=10,
        description="USD of the largest retail purchase. FIN-2019-A006: typically less than 1,000.",
    )
    least_buyers: int = Field(
        default=5,
        ge=2,
        description="Buyers abroad who paid payees of one contact. Fewer are a family's. No number is published.",
    )
    least_purchases: int = Field(
        default=6, ge=2, description="Retail purchases from payees of one contact. No number is published."
    )
    most_buyers: int = Field(
        default=500,
        ge=10,
        description="Buyers of one contact above which it is a marketplace's; keeps the work near-linear too.",
    )
    bulk_score: float = Field(
        default=0.45,
        gt=0,
        lt=1,
        description="Score from which a bulk buyer is reported: above what an importer of no declared trade with staff "
        "and one chemical supplier reaches.",
    )
    habit_payments: int = Field(
        default=10,
        ge=2,
        description="Payments for chemicals from which an unrelated trade buys them by habit: two a week and more. No "
        "number is published; a mixed order has one chemical supplier a few times.",
    )
    least_habit_share: float = Field(
        default=0.3,
        gt=0,
        lt=1,
        description="Share of all payments to firms abroad that chemicals must be where an unrelated trade buys them "
        "so often: goods of its own trade cover the rest.",
    )
    habit_score: float = Field(
        default=0.31,
        gt=0,
        lt=1,
        description="Score from which such a buyer, or one whose money an account in between passes on, is reported. "
        "Lower than for others: whoever has a use for chemicals, or declares no trade, cannot be one.",
    )
    retail_score: float = Field(
        default=0.38,
        gt=0,
        lt=1,
        description="Score from which payees of one contact are reported: above a family with many relatives abroad.",
    )

    @property
    def carrying(self) -> Carrying:
        """What counts as carried on: rates of two days may differ by two in a hundred."""
        return Carrying(self.carry_days, -200, round(self.most_kept * 10_000))
