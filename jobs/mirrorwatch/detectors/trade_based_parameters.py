"""Parameters of the trade-based detector: each with its unit, its bounds and the reason for its default."""

from pydantic import Field

from mirrorwatch.detectors.base import Parameters


class TradeParameters(Parameters):
    """Thresholds of the trade-based detector. Amounts are US dollars at the booking day's rate."""

    least_misvaluation: float = Field(
        default=0.15,
        ge=0.05,
        le=1,
        description="Share by which a payment must differ from its document. Freight and insurance add 5 to 10 percent "
        "to the goods, a currency moves 2 or 3 percent until payment; no number is published.",
    )
    least_misvalued: int = Field(
        default=3, ge=2, le=50, description="Payments so far off, of one pair or firm: one may be a slip or a dispute."
    )
    least_understated: int = Field(
        default=4,
        ge=2,
        le=50,
        description="The same for payments below their documents, where deposits and part payments are common.",
    )
    least_undocumented: int = Field(
        default=5, ge=3, le=100, description="Payments for goods without any document, before a lack of paper can tell."
    )
    least_coverage: float = Field(
        default=0.4,
        ge=0.1,
        le=1,
        description="Share of the night's goods payments that have a document, under which a missing one says nothing.",
    )
    least_repeats: int = Field(
        default=3,
        ge=3,
        le=50,
        description="Payments of nearly one amount for one shipment: two are a correction or a second order.",
    )
    same_amount: float = Field(
        default=0.02,
        gt=0,
        le=0.1,
        description="Share by which amounts for one shipment may differ from the next: charges, or a changed digit.",
    )
    least_under_limit: float = Field(
        default=0.85,
        ge=0.5,
        lt=1,
        description="Lower end, as a share of the duty-free limit, of what counts as just under it. No number is "
        "published; 680 to 800 US dollars while the limit was 800.",
    )
    least_parcel_documents: int = Field(
        default=5, ge=3, le=500, description="Documents just under the limit of one importer before they are a run."
    )
    most_chance: float = Field(
        default=0.05,
        gt=0,
        le=1,
        description="Probability, over the whole night, that custom alone shows as much: one false alarm in 20 nights.",
    )
    least_moved_usd: int = Field(
        default=5_000, ge=0, description="USD of value in question. Below this a correction costs less than a look."
    )
    least_income_usd: int = Field(
        default=30_000,
        ge=1_000,
        description="USD from abroad or from marketplaces over the window before missing purchases can tell.",
    )
    least_income_share: float = Field(
        default=0.5,
        ge=0.1,
        le=1,
        description="Share of all receipts that such income makes up: it is what the firm does.",
    )
    least_receipts: int = Field(default=4, ge=2, description="Receipts of such income; fewer may be one sale.")
    most_purchases: float = Field(
        default=0.2,
        ge=0,
        le=0.6,
        description="Purchases, freight and customs over such income. Margins of 80 percent are rare in goods; some "
        "purchases are made for cover.",
    )
    most_of_peers: float = Field(
        default=0.5,
        gt=0,
        le=1,
        description="The same as a share of what the middle one of the night's like firms spends: a trade whose firms "
        "buy little is not suspect for it.",
    )
    least_forwarded: float = Field(
        default=0.45,
        ge=0.1,
        le=1,
        description="Share of such income that goes on to persons, firms of other trades, exchanges or cash. A firm "
        "that sells from stock keeps its takings or repays its bank.",
    )
    most_dwell_days: float = Field(
        default=6.5,
        gt=0,
        le=60,
        description="Mean days that a dollar rests. A firm that lives off its trade holds weeks of costs; no number is "
        "published.",
    )
    most_delay_days: float = Field(
        default=2.4,
        gt=0,
        le=30,
        description="Or mean days by which what goes on trails the income, whatever else the firm keeps or spends. "
        "Payments without a link to the income lie three days from it or more.",
    )
    most_payees: float = Field(
        default=9,
        ge=2,
        le=500,
        description="Effective number of those who get it: as many equal ones would concentrate it as much. A "
        "consignment house or a payroll pays many.",
    )
    most_heads: int = Field(
        default=15,
        ge=2,
        le=5_000,
        description="All of those who get it, however little. Consignors and staff are a score.",
    )
    most_in_runs: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="Share of it paid on days with five payees or more. Whoever pays consignors or staff pays them in "
        "runs; what is passed on goes to one or two at a time.",
    )
    most_wages: float = Field(
        default=0.25, ge=0, le=1, description="Wages over all payments. A firm that sells work, not goods, pays more."
    )
    report_score: float = Field(
        default=0.25, gt=0, lt=1, description="Score from which a finding is reported: one sub-pattern seen clearly."
    )
