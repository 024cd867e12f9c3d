"""Parameters of the detector of opaque ownership."""

from pydantic import Field

from mirrorwatch.detectors.base import Parameters
from mirrorwatch.features.shortlist import Rule


class OpaqueParameters(Parameters):
    """Bounds of what is hidden and of what money makes it matter. No number is published for any of them."""

    least_moved_usd: int = Field(
        25_000, ge=1_000, le=10_000_000,
        description="US dollars that a structure takes in, pays out or moves inside: below, nobody hides it behind "
        "companies, whose yearly upkeep is a few thousands.",
    )  # fmt: skip
    least_member_usd: int = Field(
        5_000, ge=100, le=1_000_000,
        description="US dollars that a company must have moved to be named: fees and filings stay below.",
    )  # fmt: skip
    handover_days: int = Field(
        120, ge=7, le=730,
        description="Days before the night in which a change of owner is looked at: four months, for a company that is "
        "bought to be used is used soon.",
    )  # fmt: skip
    least_layers: int = Field(
        3, ge=2, le=20,
        description="Links from which a chain that ends at nobody needs no more than money moved inside: with two, as "
        "in any group below a holding, the money must also go through whole.",
    )  # fmt: skip
    most_seats: int = Field(
        20, ge=2, le=10_000,
        description="Companies that one nominee, director or agent may stand for and still join them: beyond, it is a "
        "service to strangers, and companies are joined only where they also pay each other.",
    )  # fmt: skip
    partner_share: float = Field(
        0.2, gt=0, le=1,
        description="Share of a company's money that must go to or come from another hidden one for payments alone to "
        "join them: a fifth is no chance customer.",
    )  # fmt: skip
    least_among: float = Field(
        0.15, gt=0, le=1,
        description="Share of the structure's money that moves inside it, or else:",
    )  # fmt: skip
    least_pass: float = Field(
        0.75, gt=0, le=1,
        description="how nearly what goes out equals what comes in; a business keeps stock, wages and a margin.",
    )  # fmt: skip
    most_cost_share: float = Field(
        0.05, gt=0, le=1,
        description="Share of what is paid out that running costs may make up: even traders pay more.",
    )  # fmt: skip
    most_counterparties: float = Field(
        12, ge=1, le=1_000,
        description="Effective number of payers, and of payees, outside the structure, a company: more is a trade.",
    )  # fmt: skip
    least_score: float = Field(
        0.36, gt=0, lt=1,
        description="Score from which several companies are reported: hidden in one way, and money among them or "
        "passed on whole.",
    )  # fmt: skip
    single_score: float = Field(
        0.34, gt=0, lt=1,
        description="Score from which one company is reported: there is no money among several to add to it.",
    )  # fmt: skip
    most_kinds: int = Field(
        3, ge=0, le=7, description="Kinds of running cost that are bought for appearance: more is a business."
    )
    trifle: float = Field(
        0.01, ge=0, le=1, description="Share of all payments that those costs must make up to count at all."
    )
    good_part: float = Field(
        0.1, gt=0, le=1, description="Share of payments that wages, or two kinds with tax, must make up: a business."
    )

    @property
    def business(self) -> Rule:
        """What makes a going concern."""
        return Rule(self.most_kinds, self.trifle, self.good_part)
