"""What becomes of each row: monitored, rejected with its reasons, or not applicable with its reason.

Most rows are monitored, so only the others are held: a decision frame has one row for each row that is not monitored.
Rules that compare rows work on a spine (a few numbers a row); the rows that they suspect are then compared exactly.
"""

import polars as pl

from mirrorwatch.contract import ROW_KEY, Dataset
from mirrorwatch.intake.checks import RULES, Rule, conformed_name, duplicate
from mirrorwatch.intake.conform import FAULTS, bit, reason_bits

NOT_APPLICABLE = "__mw_not_applicable"
REVERSAL, REVERSED, SAME_ACCOUNT = "reversal", "reversed", "same_account"
DECISIONS = pl.Schema({ROW_KEY: pl.Int64(), FAULTS: pl.Int64(), NOT_APPLICABLE: pl.String()})
_KEY, _TARGET = "__mw_key_hash", "__mw_target_hash"
_BUCKET_ROWS = 2_500_000  # ids counted at a time: 10 million in 4 buckets took 270 MB, in one 630 MB
_CHAIN = 8  # a reversal of a reversal of a …: deeper than any real correction, so that the loop ends


def judged(conformed: pl.LazyFrame, dataset: Dataset) -> pl.LazyFrame:
    """Return the conformed frame with the dataset's row rules added to FAULTS."""
    numbers = reason_bits(dataset)
    broken = [bit(numbers, rule.reason.code, _applies(rule, numbers)) for rule in RULES[dataset.name]]
    return conformed.with_columns(pl.sum_horizontal(pl.col(FAULTS), *broken).alias(FAULTS))


def _applies(rule: Rule, numbers: dict[str, int]) -> pl.Expr:
    if rule.unless is None:
        return rule.broken
    known: int = 2 ** numbers[rule.unless]
    return rule.broken & ((pl.col(FAULTS) & known) == 0)


def spine(frame: pl.LazyFrame, dataset: Dataset) -> pl.LazyFrame:
    """Return a few numbers a row: ROW_KEY, FAULTS, its key's hash, and for transactions what completeness needs."""
    columns = [pl.col(ROW_KEY), pl.col(FAULTS), _hash(*dataset.key).alias(_KEY)]
    if dataset.name == "transactions":
        columns += [pl.col("booking_date", "currency", "amount_minor", "usd_minor")]
        columns += [_hash("reverses_transaction_id").alias(_TARGET)]
        columns += [(pl.col("originator_account_id") == pl.col("beneficiary_account_id")).alias(SAME_ACCOUNT)]
    return frame.select(columns)


def suspects(rows: pl.LazyFrame, count: int) -> pl.DataFrame:
    """Return ROW_KEY of the valid rows that may be duplicates, reversals or reversed; `rows` is a spine of `count`."""
    valid = rows.filter(pl.col(FAULTS) == 0)
    buckets = 1 + count // _BUCKET_ROWS
    repeated = [
        valid.filter(pl.col(_KEY) % buckets == bucket).group_by(_KEY).len().filter(pl.col("len") > 1).select(_KEY)
        for bucket in range(buckets)
    ]
    hashes = [frame.collect() for frame in repeated]
    found = []
    if _TARGET in rows.collect_schema():
        reversals = valid.filter(pl.col(_TARGET).is_not_null())
        hashes.append(reversals.select(pl.col(_TARGET).alias(_KEY)).collect())
        found.append(reversals.select(ROW_KEY))
    found.append(valid.join(pl.concat(hashes).unique().lazy(), on=_KEY, how="semi").select(ROW_KEY))
    return pl.concat(found).unique().collect()


def decide(rows: pl.LazyFrame, compared: pl.DataFrame, dataset: Dataset) -> pl.DataFrame:
    """Return DECISIONS for a spine, given the suspected rows in full (all conformed columns that comparing needs)."""
    unusable = rows.filter(pl.col(FAULTS) != 0).select(ROW_KEY, FAULTS, pl.lit(None, pl.String).alias(NOT_APPLICABLE))
    duplicates = _duplicates(compared, dataset)
    decided = [unusable.collect(), duplicates]
    if dataset.name == "transactions":
        kept = compared.join(duplicates, on=ROW_KEY, how="anti")
        same = rows.filter(pl.col(FAULTS) == 0, pl.col(SAME_ACCOUNT)).select(ROW_KEY).collect()
        same = same.join(duplicates, on=ROW_KEY, how="anti")
        decided += [_reversals(kept.join(same, on=ROW_KEY, how="anti")), _aside(same, SAME_ACCOUNT)]
    return pl.concat(decided).match_to_schema(DECISIONS).sort(ROW_KEY)


def compared_columns(dataset: Dataset) -> list[str]:
    """Return the conformed columns that `decide` needs of suspected rows."""
    if dataset.name == "transactions":
        return [
            ROW_KEY, "transaction_id", "reverses_transaction_id", "originator_account_id", "beneficiary_account_id",
            "amount_minor", "currency",
        ]  # fmt: skip
    return [ROW_KEY, *(conformed_name(column) for column in dataset.columns if column.name in dataset.key)]


def _duplicates(compared: pl.DataFrame, dataset: Dataset) -> pl.DataFrame:
    later = compared.filter(pl.col(ROW_KEY) > pl.col(ROW_KEY).min().over(dataset.key))
    fault = 2 ** reason_bits(dataset)[duplicate(dataset).code]
    return later.select(
        ROW_KEY, pl.lit(fault, dtype=pl.Int64).alias(FAULTS), pl.lit(None, dtype=pl.String).alias(NOT_APPLICABLE)
    )


def _reversals(compared: pl.DataFrame) -> pl.DataFrame:
    """Pair each reversal with the one row that it undoes in full; a reversal that is itself undone undoes nothing."""
    pairs = _pairs(compared)
    live = pairs
    for _ in range(_CHAIN):
        undone = live.select(pl.col("undoes").alias(ROW_KEY))
        live = pairs.join(undone, on=ROW_KEY, how="anti")
    undoing = _aside(live.select(ROW_KEY), REVERSAL)
    undone = live.select(pl.col("undoes").alias(ROW_KEY)).join(undoing, on=ROW_KEY, how="anti")
    return pl.concat([undoing, _aside(undone, REVERSED)])


def _pairs(compared: pl.DataFrame) -> pl.DataFrame:
    """Return ROW_KEY of each reversal and `undoes`, ROW_KEY of its row: same currency, amount and two accounts."""
    first = pl.min_horizontal("originator_account_id", "beneficiary_account_id")
    last = pl.max_horizontal("originator_account_id", "beneficiary_account_id")
    sided = compared.with_columns(first.alias("first"), last.alias("last"))
    alike = ["currency", "amount_minor", "first", "last"]
    reversals = sided.filter(pl.col("reverses_transaction_id").is_not_null())
    originals = sided.select(pl.col(ROW_KEY).alias("undoes"), "transaction_id", *alike)
    pairs = reversals.select(ROW_KEY, pl.col("reverses_transaction_id").alias("transaction_id"), *alike).join(
        originals, on=["transaction_id", *alike]
    )
    return pairs.filter(pl.col(ROW_KEY) != pl.col("undoes")).group_by("undoes").agg(pl.col(ROW_KEY).min())


def _aside(keys: pl.DataFrame, reason: str) -> pl.DataFrame:
    return keys.select(
        ROW_KEY, pl.lit(0, dtype=pl.Int64).alias(FAULTS), pl.lit(reason, dtype=pl.String).alias(NOT_APPLICABLE)
    )


def _hash(*columns: str) -> pl.Expr:
    # Polars' hash may change with its version: it only narrows the search, and no output depends on it.
    present = pl.any_horizontal(pl.col(column).is_not_null() for column in columns)
    hashed = pl.struct(columns).hash() if len(columns) > 1 else pl.col(columns[0]).hash()
    return pl.when(present).then(hashed)
