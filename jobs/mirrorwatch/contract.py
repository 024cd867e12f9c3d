"""The data contract (v1) as data: every input and output column, its type, and whether it may be null.

Source: the project's published contract. It changes only by adding.
Inside mirrorwatch every input frame also carries `source_file` (path relative to the data folder) and
`source_row` (0-based row in that file), so that any figure can be traced to the bytes it came from.
"""

from dataclasses import dataclass

import polars as pl

UTC_TIMESTAMP = pl.Datetime("us", "UTC")
MONEY = pl.Decimal(18, 2)

CHANNELS = (
    "wire", "ach", "instant", "card", "check", "cashiers_check", "money_order", "cash_deposit", "cash_withdrawal",
    "p2p", "remittance", "crypto", "internal",
)  # fmt: skip
ACCOUNT_TYPES = ("personal", "business", "escrow", "nostro", "government", "internal")
PARTY_TYPES = ("person", "organisation")
LICENCES = ("bank", "msb", "psp", "broker")
OWNERSHIP_ROLES = ("shareholder", "director", "nominee", "agent")
TYPOLOGIES = (
    "mirror_swap", "shell_company", "round_trip", "scatter_gather", "fan_in", "fan_out", "gather_scatter", "bipartite",
    "stack", "structuring", "bulk_cash", "precursor_procurement", "trade_based", "real_estate", "underground_banking",
    "watchlist_exposure", "opaque_ownership",
)  # fmt: skip


_NULL_FOR_ONE_CHANNEL = frozenset({"originator_account_id", "beneficiary_account_id"})


@dataclass(frozen=True)
class Column:
    """One contract column: canonical type after reading, and whether null is allowed.

    `null_says_none`: null is an answer (no licence, not closed), so that only a column left out is a gap.
    """

    name: str
    dtype: pl.DataType
    nullable: bool = False
    null_says_none: bool = False


@dataclass(frozen=True)
class Dataset:
    """One input dataset: its columns, its key, and whether the night needs it."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    required: bool
    partitioned: bool = False

    @property
    def schema(self) -> pl.Schema:
        """Canonical Polars schema, without lineage columns."""
        return pl.Schema({column.name: column.dtype for column in self.columns})

    @property
    def must_be_given(self) -> tuple[str, ...]:
        """Columns that a source cannot leave out: those never null, and those null for one channel only."""
        return tuple(
            column.name for column in self.columns if not column.nullable or column.name in _NULL_FOR_ONE_CHANNEL
        )

    @property
    def pattern(self) -> str:
        """Path pattern of its files below the data folder when no mapping says otherwise."""
        return f"{self.name}/booking_date=*/*.parquet" if self.partitioned else f"{self.name}/*.parquet"


def _column(name: str, dtype: pl.DataType | None = None, *, null: bool = False, none: bool = False) -> Column:
    return Column(name, dtype if dtype is not None else pl.String(), null or none, none)


TRANSACTIONS = Dataset(
    "transactions",
    (
        _column("transaction_id"),
        _column("booked_at", UTC_TIMESTAMP),
        _column("originator_account_id", null=True),  # null only for cash_deposit: a row rule
        _column("beneficiary_account_id", null=True),  # null only for cash_withdrawal: a row rule
        _column("amount", MONEY),
        _column("currency"),
        _column("channel"),
        _column("originator_country"),
        _column("beneficiary_country"),
        _column("branch_id", null=True),
        _column("branch_region", null=True),
        _column("conductor_party_id", null=True),
        _column("purpose", null=True),
        _column("merchant_category", null=True),
        _column("reverses_transaction_id", none=True),
    ),
    key=("transaction_id",),
    required=True,
    partitioned=True,
)
ACCOUNTS = Dataset(
    "accounts",
    (
        _column("account_id"),
        _column("party_id"),
        _column("institution_id"),
        _column("country"),
        _column("currency"),
        _column("account_type"),
        _column("opened_on", pl.Date()),
        _column("closed_on", pl.Date(), none=True),
    ),
    key=("account_id",),
    required=True,
)
PARTIES = Dataset(
    "parties",
    (
        _column("party_id"),
        _column("party_type"),
        _column("name"),
        _column("country"),
        _column("industry_code", null=True),
        _column("occupation", null=True),
        _column("born_or_incorporated_on", pl.Date(), null=True),
        _column("address", null=True),
        _column("phone", null=True),
        _column("email", null=True),
        _column("employees", pl.Int64(), null=True),
        _column("annual_turnover_usd", MONEY, null=True),
        _column("licence", none=True),
    ),
    key=("party_id",),
    required=True,
)
FX_RATES = Dataset(
    "fx_rates",
    (_column("rate_date", pl.Date()), _column("currency"), _column("usd_per_unit", pl.Float64())),
    key=("rate_date", "currency"),
    required=True,
)
OWNERSHIP = Dataset(
    "ownership",
    (
        _column("owner_party_id"),
        _column("owned_party_id"),
        _column("role"),
        _column("share", pl.Float64(), null=True),
        _column("since", pl.Date(), null=True),
        _column("until", pl.Date(), none=True),
    ),
    key=("owner_party_id", "owned_party_id", "role", "since"),
    required=False,
)
WATCHLIST = Dataset(
    "watchlist",
    (
        _column("entry_id"),
        _column("list_name"),
        _column("name"),
        _column("aliases", pl.List(pl.String()), null=True),
        _column("entity_type", null=True),
        _column("country", null=True),
        _column("programme", null=True),
        _column("listed_on", pl.Date(), null=True),
        _column("delisted_on", pl.Date(), none=True),
    ),
    key=("entry_id",),
    required=False,
)
CONTROL_TOTALS = Dataset(
    "control_totals",
    (
        _column("booking_date", pl.Date()),
        _column("currency"),
        _column("row_count", pl.Int64()),
        _column("total_amount", MONEY),
    ),
    key=("booking_date", "currency"),
    required=False,
)
TRADE_DOCUMENTS = Dataset(
    "trade_documents",
    (
        _column("document_id"),
        _column("issued_on", pl.Date()),
        _column("exporter_party_id"),
        _column("importer_party_id"),
        _column("origin_country"),
        _column("transit_country", null=True),
        _column("destination_country"),
        _column("hs_code", null=True),
        _column("declared_value_usd", MONEY),
        _column("transaction_id", null=True),
        _column("parcels", pl.Int64(), null=True),
    ),
    key=("document_id",),
    required=False,
)
DATASETS = (
    TRANSACTIONS, ACCOUNTS, PARTIES, FX_RATES, OWNERSHIP, WATCHLIST, CONTROL_TOTALS, TRADE_DOCUMENTS,
)  # fmt: skip

# What an import of watchlists writes beside them, as far as the night reads it: no source has to give it.
WATCHLIST_DETAILS = Dataset(
    "watchlist_details",
    (
        _column("entry_id"),
        _column("list_name"),
        _column("kind"),
        _column("earliest", pl.Date(), null=True),
        _column("latest", pl.Date(), null=True),
        _column("known_from", pl.Date()),
        _column("known_until", pl.Date(), null=True),
    ),
    key=(),
    required=False,
)
WATCHLIST_LISTINGS = Dataset(
    "watchlist_listings",
    (
        _column("entry_id"),
        _column("base_entry_id"),
        _column("opened_by"),
        _column("listed_on_basis"),
        _column("known_from", pl.Date()),
    ),
    key=("entry_id",),
    required=False,
)
BESIDE = (WATCHLIST_DETAILS, WATCHLIST_LISTINGS)

# While rows are judged, a row is known by ROW_KEY (Int64, ordered by file, then row); PARTITION is its folder's date.
ROW_KEY, PARTITION = "__mw_key", "__mw_partition"
LINEAGE = pl.Schema({"source_file": pl.String(), "source_row": pl.Int64()})

# What detectors see of a transaction: the contract's columns, with money as integer hundredths of its currency and
# as integer US cents (exact, so that sums never depend on order), plus the lineage of the row.
STAGED_TRANSACTIONS = pl.Schema(
    {
        **{name: dtype for name, dtype in TRANSACTIONS.schema.items() if name != "amount"},
        "booking_date": pl.Date(),
        "amount_minor": pl.Int64(),
        "usd_minor": pl.Int64(),
        **LINEAGE,
    }
)

INDICATOR = pl.Struct(
    {
        "code": pl.String(),
        "value": pl.Float64(),
        "threshold": pl.Float64(),
        "reference": pl.String(),
        "weight": pl.Float64(),
        "reason": pl.String(),
    }
)
ALERTS = pl.Schema(
    {
        "alert_id": pl.String(),
        "run_date": pl.Date(),
        "typology": pl.String(),
        "state": pl.String(),
        "previous_alert_id": pl.String(),
        "rank": pl.Int64(),
        "score": pl.Float64(),
        "chance_probability": pl.Float64(),
        "subject_party_id": pl.String(),
        "account_ids": pl.List(pl.String()),
        "party_ids": pl.List(pl.String()),
        "transaction_ids": pl.List(pl.String()),
        "first_booked_at": UTC_TIMESTAMP,
        "last_booked_at": UTC_TIMESTAMP,
        "amount_usd": MONEY,
        "indicators": pl.List(INDICATOR),
        "narrative": pl.String(),
        "detector_version": pl.String(),
        "parameters_hash": pl.String(),
    }
)
CASES = pl.Schema(
    {
        "case_id": pl.String(),
        "alert_ids": pl.List(pl.String()),
        "account_ids": pl.List(pl.String()),
        "party_ids": pl.List(pl.String()),
        "typologies": pl.List(pl.String()),
        "score": pl.Float64(),
        "opened_on": pl.Date(),
        "state": pl.String(),
    }
)
COMPLETENESS = pl.Schema(
    {
        "booking_date": pl.Date(),
        "currency": pl.String(),
        "outcome": pl.String(),
        "reason": pl.String(),
        "row_count": pl.Int64(),
        "total_amount": pl.Decimal(38, 2),
    }
)
QUARANTINE = pl.Schema(
    {
        "dataset": pl.String(),
        "source_file": pl.String(),
        "source_row": pl.Int64(),
        "reasons": pl.List(pl.String()),
        "row_json": pl.String(),
    }
)
BLINDNESS = pl.Schema(
    {
        "detector": pl.String(),
        "indicator": pl.String(),
        "why": pl.String(),
        "accounts": pl.Int64(),
        "amount_usd": pl.Decimal(38, 2),
    }
)
QUALITY = pl.Schema(
    {
        "dataset": pl.String(),
        "expectation": pl.String(),
        "column": pl.String(),
        "severity": pl.String(),
        "success": pl.Boolean(),
        "unexpected_count": pl.Int64(),
        "unexpected_fraction": pl.Float64(),
        "observed": pl.String(),
        "reason": pl.String(),
    }
)
# A night's figures, small enough to keep for years: later nights are compared with them.
PROFILE = pl.Schema(
    {
        "dataset": pl.String(),
        "booking_date": pl.Date(),  # of transactions the day told of; of other datasets the run date
        "metric": pl.String(),
        "subject": pl.String(),  # column, channel or outcome; null where the metric is of the whole dataset
        "detail": pl.String(),  # reason of an outcome, physical type of a column
        "value": pl.Float64(),  # rows, US dollars, a fraction or days, as the metric says
        "rows": pl.Int64(),  # rows that the value was drawn from
    }
)
# Tonight's figures beside the trailing nights': what trend findings and their pictures are made from. Not published.
TREND = pl.Schema(
    {
        "dataset": pl.String(),
        "metric": pl.String(),
        "subject": pl.String(),
        "value": pl.Float64(),
        "rows": pl.Int64(),
        "usual": pl.Float64(),  # null, like the bounds, where too few days compare
        "low": pl.Float64(),
        "high": pl.Float64(),
        "days": pl.Int64(),  # how many days it was compared with
        "like": pl.String(),  # which days those are
        "unusual": pl.Boolean(),
    }
)
# Two tables beside the contract's own: what `explain`, `verify` and the report draw from.
EVIDENCE = pl.Schema(
    {
        "alert_id": pl.String(),
        "transaction_id": pl.String(),
        "role": pl.String(),  # collection | payout (mirror_swap); in | hop | out (shell_company)
        "group_no": pl.Int64(),  # which swap, or which unit of money followed, the row belongs to (from 1)
        "step_no": pl.Int64(),  # position inside the group (from 1)
        "booked_at": UTC_TIMESTAMP,
        "originator_account_id": pl.String(),
        "beneficiary_account_id": pl.String(),
        "amount": MONEY,
        "currency": pl.String(),
        "amount_usd": MONEY,
        "channel": pl.String(),
        "originator_country": pl.String(),
        "beneficiary_country": pl.String(),
        "purpose": pl.String(),
        "source_file": pl.String(),
        "source_row": pl.Int64(),
    }
)
EXPLANATIONS = pl.Schema(
    {
        "alert_id": pl.String(),
        "would_not_fire_if": pl.List(pl.String()),
        "next_steps": pl.List(pl.String()),
        "what_changed": pl.List(pl.String()),  # since the last published night; null where nothing did
    }
)
# Columns that nights published by an earlier version lack; there they are read as null.
ADDED_COLUMNS = frozenset({"what_changed"})
