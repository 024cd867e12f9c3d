"""Parameters of the bulk-cash detector: each with its unit, its bounds and the reason for its default."""

from pydantic import Field

from mirrorwatch.detectors.base import Parameters


class BulkCashParameters(Parameters):
    """Thresholds of the bulk-cash detector. FIN-2025-Alert001 publishes no number; every default says what it rests on.

    Amounts are US dollars at the booking day's rate.
    """

    least_cash_usd: int = Field(
        default=75_000,
        ge=0,
        description="Cash over the window, of one owner's accounts together. What an armoured car is sent for; less is "
        "carried over the counter and read as structuring or underground banking.",
    )
    most_lag_days: int = Field(
        default=12,
        ge=0,
        le=30,
        description="Days from the cash to its going on. 'Rapidly' in the alert; ten days and a weekend, for those who "
        "wait.",
    )
    least_crossed: float = Field(
        default=0.25,
        gt=0,
        le=1,
        description="Share of the cash that must have crossed a border. A quarter: much of it may be kept, or be the "
        "trade's own takings.",
    )
    least_from_cash: float = Field(
        default=0.3,
        gt=0,
        le=1,
        description="Share of the payments abroad that the cash must have paid for: a trader with many bills abroad "
        "would else seem to send any cash there.",
    )
    least_cash_share: float = Field(
        default=0.25,
        ge=0,
        le=1,
        description="Share of all money into the accounts that must be cash (out of them, for cash drawn). A quarter: "
        "a scheme may run beside a trade.",
    )
    mostly: float = Field(
        default=0.7,
        gt=0,
        le=1,
        description="Share of the cash that crossed, and of what crossed that was cash, from which `least_cash_share` "
        "is not asked: a large trade beside it explains neither.",
    )
    least_moved: float = Field(
        default=0.6,
        gt=0,
        le=1,
        description="Share that must have gone to one payee, or to another business of the owner, where too little "
        "crossed a border.",
    )
    least_over: float = Field(
        default=1.0,
        ge=0.1,
        le=20,
        description="Cash a year over the declared turnover: this or `least_beyond` must be passed. At one, takings in "
        "cash alone would be all that was declared.",
    )
    least_beyond: float = Field(
        default=1.5,
        ge=1,
        le=50,
        description="Cash over what three in four of the trade stay within. Half as much again: the next one in four.",
    )
    least_deposit_usd: int = Field(
        default=25_000,
        ge=0,
        description="Mean bundle that may come with `least_beyond` instead, where no turnover is declared: more than a "
        "till holds.",
    )
    least_uneven: float = Field(
        default=0.4,
        ge=0,
        le=5,
        description="Unevenness of the weeks (standard deviation over the mean) that must come with `least_beyond`: "
        "takings that are only high for the trade come every week.",
    )
    least_over_at_home: float = Field(
        default=2.5,
        ge=0.1,
        le=50,
        description="The same where the money stayed in the country, which by itself is how any shop pays its "
        "supplier: both must be passed.",
    )
    score: float = Field(default=0.40, gt=0, lt=1, description="Score from which a finding is reported.")
