"""Parameters of the structuring detector: each with its unit, its bounds and the reason for its default."""

from pydantic import Field

from mirrorwatch.detectors.base import Parameters


class StructuringParameters(Parameters):
    """Thresholds of the structuring detector. No authority publishes numbers beyond the reporting thresholds."""

    least_piece: float = Field(
        default=0.15,
        gt=0,
        lt=1,
        description="Share of the reporting threshold from which a sum counts as a piece. Published cases go down to "
        "2,000 of 10,000; below that are tips, coins and rents.",
    )
    least_mean_piece: float = Field(
        default=0.3,
        gt=0,
        lt=1,
        description="Mean piece as a share of the threshold. Who hides from a report need not cut smaller than a "
        "third; dues, rents and collection boxes are. No number is published.",
    )
    least_mean_spread: float = Field(
        default=0.19,
        gt=0,
        lt=1,
        description="The same of persons' cash from three regions or more, or of three holders or more together: the "
        "FFIEC manual's example is sums under 3,000 brought to several accounts and then put together.",
    )
    least_pieces: int = Field(
        default=3, ge=2, le=50, description="Pieces in the window. Two are how anybody may bring what they saved."
    )
    least_total: float = Field(
        default=1.5,
        ge=1,
        le=100,
        description="Sum of the pieces, in thresholds. One report avoided may be an accident.",
    )
    most_conducted: int = Field(
        default=12,
        ge=2,
        le=100,
        description="Accounts that one conductor serves, beyond which that is a trade: an armoured car, a bookkeeper.",
    )
    most_accounts: int = Field(
        default=40,
        ge=2,
        le=500,
        description="Accounts linked by conductors, beyond which the links mean nothing and owners stand alone.",
    )
    least_together: float = Field(
        default=0.6,
        gt=0,
        le=1,
        description="Share of the pieces of a holder that goes on to one payee, or came from one payer, from which it "
        "is that one's money: most of it, a fee and an own share left out. No number is published.",
    )
    most_together: float = Field(
        default=1.5,
        ge=1,
        le=100,
        description="Times the pieces that the payee may get, or the payer send: more is paid from other money.",
    )
    regular_weeks: int = Field(
        default=4,
        ge=2,
        le=12,
        description="Weeks in which a business's branch or conductor must be seen to be its habit: most of a 45-day "
        "window.",
    )
    steady_weeks: float = Field(
        default=0.7,
        gt=0,
        le=1,
        description="Share of the window's weeks for every further branch of a business, and for a hand whose rounds "
        "are its habit: a second shop banks every week, a scheme's branches and hands change.",
    )
    most_turnover: float = Field(
        default=3.0,
        ge=0.1,
        le=20,
        description="A year at this rate over the declared turnover, beyond which regular cash is not the trade's own "
        "takings. Three: declarations are old and low.",
    )
    front_turnover: float = Field(
        default=1.2,
        ge=0.1,
        le=10,
        description="The same of irregular cash of a business, beyond which it needs no other sign of a front.",
    )
    pass_days: int = Field(
        default=7,
        ge=0,
        le=30,
        description="Days within which cash counts as passed on: a week, with the weekend that a wire waits for.",
    )
    victim_days: int = Field(
        default=6,
        ge=0,
        le=45,
        description="Days of a single burst by strangers into one account whose holder does not pass it on: that "
        "is how a victim of cuckoo smurfing looks, who is not named.",
    )
    victim_pieces: int = Field(
        default=10,
        ge=0,
        le=100,
        description="Sums of such a burst: what somebody waits for from abroad is seldom ten thresholds.",
    )
    score: float = Field(default=0.36, gt=0, lt=1, description="Score from which pieces of persons are reported.")
    business_score: float = Field(
        default=0.42,
        gt=0,
        lt=1,
        description="Score from which a business is: it has more honest reasons to handle cash. It also needs one of: "
        "more cash than turnover, sums near the threshold, round sums, many hands, an amount changed.",
    )
    certain_score: float = Field(
        default=0.65, gt=0, lt=1, description="Score from which a business needs none of these: every way of hiding."
    )
