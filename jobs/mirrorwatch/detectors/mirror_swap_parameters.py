"""Parameters of the two-leg matcher, each with its unit, bounds and the reason for its default."""

from pydantic import Field

from mirrorwatch.detectors.base import Parameters


class MirrorSwapParameters(Parameters):
    """Parameters of the two-leg matcher. No regulator publishes a window or a fee: the statistics carry the weight."""

    fee_low: float = Field(
        -0.003, ge=-0.05, le=0.05, description="Lowest fee, share of the collection. Below zero: FX between fixings."
    )
    fee_high: float = Field(
        0.034, gt=0, le=0.2, description="Highest fee. Press reports say 0.3 to 3 %; 0.4 % is added for FX."
    )
    paid_before_hours: float = Field(
        9, ge=0, le=168, description="How long before its collection a payout may come: the same working day."
    )
    paid_after_hours: float = Field(
        39, gt=0, le=168, description="How long after: FinCEN says nearly instantly; one night and a working day."
    )
    usual_fee_low: float = Field(0.003, ge=-0.05, le=0.2, description="Lowest usual fee: press reports say 0.3 to 3 %.")
    usual_fee_high: float = Field(0.03, gt=0, le=0.2, description="Highest usual fee: press reports say 0.3 to 3 %.")
    usual_before_hours: float = Field(7, ge=0, le=168, description="Payouts usually come at most this long before.")
    usual_after_hours: float = Field(33, gt=0, le=168, description="And at most this long after: one night and a day.")
    usual_share: float = Field(
        0.9, gt=0, lt=1, description="Swaps taken to lie in each usual range; the others fill the rest of the range."
    )
    parts_span_hours: float = Field(24, gt=0, le=96, description="Parts of one payment come within this: one day.")
    max_parts: int = Field(3, ge=1, le=4, description="Parts a side of one swap.")
    least_leg_usd: int = Field(250, ge=0, description="Smaller payments are too common to be evidence, in USD.")
    most_legs_per_account: int = Field(120, ge=10, le=1000, description="Largest legs kept of an account: bounds cost.")
    most_accounts_per_side: int = Field(8, ge=1, le=20, description="Accounts of one ring on one side.")
    expected_swaps: float = Field(
        14, gt=0, le=1000, description="Swaps a ring makes in a window, as a prior weight; changes no probability much."
    )
    least_swaps: int = Field(4, ge=2, description="Fewer repeated swaps than this are never reported.")
    false_discovery_rate: float = Field(
        0.005, gt=0, lt=1, description="Expected share of false rings among those reported."
    )
    moved_nights: int = Field(3, ge=1, le=60, description="Searches with one side moved by whole weeks.")
    seeds: int = Field(60, ge=10, le=20000, description="Pairs of accounts a corridor that rings grow from.")
    most_candidates: int = Field(
        5_000_000, ge=1000, description="Candidate matches looked at when seeding a corridor: bounds cost."
    )
    settled_share: float = Field(
        0.2, ge=0, le=1, description="Payments across the border between the two sides, "
        "as a share of the swaps' worth, from which they explain the swaps."
    )  # fmt: skip
