"""Parameters of the shell-company detector: each with its unit, its bounds and the reason for its default."""

from pydantic import Field

from mirrorwatch.detectors.base import Parameters
from mirrorwatch.features import pairing, shortlist


class ShellParameters(Parameters):
    """Thresholds of the shell-company detector. Amounts are US dollars at the booking day's rate."""

    least_throughput_usd: int = Field(
        default=10_000,
        ge=0,
        description="USD in and USD out over the window. Below this a company is idle, whatever its shape.",
    )
    most_payments: int = Field(
        default=300,
        ge=10,
        le=5_000,
        description="Payments in and out over the window. A shell books a handful a week; more is a payment business, "
        "and the bound keeps the search for units linear in transactions.",
    )
    most_counterparties: float = Field(
        default=25,
        ge=2,
        le=500,
        description="Effective number of payers, and of payees: as many equal ones would concentrate money as much. "
        "A payroll bureau, marketplace or collector has more; the hub of a star has about ten.",
    )
    least_pass_ratio: float = Field(
        default=0.80,
        ge=0.5,
        le=1,
        description="Out over in. Seven percent kept a hop leaves 0.93; a unit may be under way.",
    )
    most_pass_ratio: float = Field(
        default=1.20, ge=1, le=2, description="Out over in. Above 1 when money that came before the window left in it."
    )
    most_dwell_hours: float = Field(
        default=168,
        gt=0,
        le=1_000,
        description="Mean hours that a dollar rests. A week: a going concern holds a month's costs.",
    )
    hold_hours: float = Field(
        default=168,
        gt=0,
        le=240,
        description="Hours from the first receipt to the last payment of one unit. A week, as long as a dollar may "
        "rest on average: a hop of four days with a weekend in it, or one that waits for the next receipt.",
    )
    least_unit_ratio: float = Field(
        default=0.90,
        ge=0.5,
        le=1,
        description="Out over in of one unit: a tenth is more than launderers are known to keep a hop.",
    )
    most_unit_ratio: float = Field(
        default=1.015,
        ge=1,
        le=1.1,
        description="Out over in of one unit. Above 1 only by a day's move of the exchange rate.",
    )
    most_parts: int = Field(
        default=4,
        ge=1,
        le=6,
        description="Payments that one receipt is split into, or receipts merged into one payment.",
    )
    least_part: float = Field(
        default=0.01,
        ge=0,
        le=0.2,
        description="Payments under this share of the largest receipt are costs, not money passed on.",
    )
    least_units: int = Field(
        default=1, ge=1, description="Units through each company. The score asks for more of fewer companies."
    )
    least_forwarded: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="Share of all received that left again in units. Half: cover may be mixed in.",
    )
    least_shared: int = Field(
        default=2, ge=1, description="Payments followed from one company to the next before the two count as linked."
    )
    most_kinds: int = Field(
        default=2,
        ge=0,
        le=7,
        description="Kinds of running cost (tax, payroll, rent, utilities, cards, standing, sundry) that a shell may "
        "show: a telephone and an account fee are bought for appearance.",
    )
    trifle_cost_share: float = Field(
        default=0.005,
        ge=0,
        le=1,
        description="Share of outflow. Costs under this do not run a company, of however many kinds.",
    )
    running_cost_share: float = Field(
        default=0.02,
        ge=0,
        le=1,
        description="Share of outflow from which wages or tax with one more kind of cost, or steady wages alone, run a "
        "company: even a margin of a few percent pays its people from it.",
    )
    sibling_share: float = Field(
        default=0.7,
        ge=0.5,
        le=1,
        description="Share from one payer and to one payee that makes parallel companies one star.",
    )
    crowd: int = Field(
        default=20,
        ge=2,
        description="Organisations at one address, or one person's seats, above which sharing means nothing.",
    )
    chain_score: float = Field(
        default=0.58,
        gt=0,
        lt=1,
        description="Score from which a chain or star is reported: one sum through two idle companies stays under.",
    )
    single_score: float = Field(
        default=0.52,
        gt=0,
        lt=1,
        description="Score from which companies that no money links are reported. One alone cannot reach 0.80, since "
        "what a chain or a common hand gives is out of its reach.",
    )
    least_background: float = Field(
        default=0.025,
        ge=0,
        lt=1,
        description="Part of the score that must come from what is known of companies that no money links: young, idle "
        "before, without known owners, or sums many times over what was declared. One of them in full: most who "
        "honestly pay on, such as foundations and brokers of goods, show none.",
    )

    few_sums: int = Field(
        default=3,
        ge=1,
        description="Sums followed under which chance must be ruled out by itself: a rhythm shows in three.",
    )
    most_chance: float = Field(
        default=0.05, gt=0, le=1, description="Probability by chance, over the whole night, that so few sums may have."
    )

    @property
    def passing(self) -> pairing.Passing:
        """Bounds of one unit in whole seconds and basis points."""
        return pairing.Passing(
            self.most_parts,
            int(self.hold_hours * 3600),
            round(self.least_unit_ratio * 10_000),
            round(self.most_unit_ratio * 10_000),
        )

    @property
    def business(self) -> shortlist.Rule:
        """What makes a company a going concern."""
        return shortlist.Rule(self.most_kinds, self.trifle_cost_share, self.running_cost_share)
