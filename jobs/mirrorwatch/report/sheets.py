"""The report's tables, flat: what alerts.csv and each sheet of alerts.xlsx hold. Texts are made harmless here."""

import polars as pl
import polars.selectors as cs

from mirrorwatch.report.inputs import ReportInputs

# A spreadsheet takes a cell that starts with one of these for a formula (the wide forms in East Asian locales too).
# A leading apostrophe makes it text.
_FORMULA = r"^(?:[\s\x00]*[=+\-@＝＋－＠]|[\t\r\n])"
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
_SEPARATOR = "; "


def harmless(frame: pl.DataFrame) -> pl.DataFrame:
    """Mark texts that a spreadsheet would run as a formula with an apostrophe, and drop control characters."""
    text = cs.string()
    dangerous = text.str.contains(_FORMULA)
    return frame.with_columns(
        pl.when(dangerous).then(pl.lit("'") + text).otherwise(text).str.replace_all(_CONTROL, "�").name.keep()
    )


def alerts_sheet(inputs: ReportInputs) -> pl.DataFrame:
    """One row an alert, by rank, lists joined by `; `."""
    names = inputs.parties.select(pl.col("party_id").alias("subject_party_id"), pl.col("name").alias("subject_name"))
    cases = inputs.cases.select("case_id", pl.col("alert_ids").alias("alert_id")).explode("alert_id")
    first_case = cases.drop_nulls("alert_id").sort("alert_id", "case_id").unique("alert_id", keep="first")
    explained = inputs.explanations.unique("alert_id").select(
        "alert_id",
        pl.col("what_changed", "would_not_fire_if", "next_steps").list.join(_SEPARATOR),
    )
    lists = ("account_ids", "party_ids", "transaction_ids")
    return (
        inputs.alerts.join(names.unique("subject_party_id"), on="subject_party_id", how="left")
        .join(first_case, on="alert_id", how="left")
        .join(explained, on="alert_id", how="left")
        .select(
            "rank", "state", "typology", "score", "chance_probability", "amount_usd", "subject_party_id",
            "subject_name", "first_booked_at", "last_booked_at",
            pl.col("account_ids").list.len().alias("accounts"),
            pl.col("transaction_ids").list.len().alias("transactions"),
            "narrative", "what_changed", "would_not_fire_if", "next_steps",
            *(pl.col(name).list.join(_SEPARATOR) for name in lists),
            "case_id", "alert_id", "previous_alert_id", "run_date", "detector_version", "parameters_hash",
        )
        .sort("rank", "alert_id")
    )  # fmt: skip


def indicators_sheet(inputs: ReportInputs) -> pl.DataFrame:
    """One row an indicator of an alert, by rank, most weight first."""
    return (
        inputs.alerts.select("rank", "alert_id", "typology", "indicators")
        .explode("indicators")
        .drop_nulls("indicators")
        .unnest("indicators")
        .select("rank", "alert_id", "typology", "code", "value", "threshold", "weight", "reason", "reference")
        .sort("rank", "weight", descending=[False, True], nulls_last=True, maintain_order=True)
    )


def evidence_sheet(inputs: ReportInputs) -> pl.DataFrame:
    """One row a payment of an alert's evidence, by rank, group and step."""
    ranks = inputs.alerts.select("alert_id", "rank")
    order = ["rank", "group_no", "step_no", "booked_at", "transaction_id"]
    columns = [name for name in inputs.evidence.columns if name != "alert_id"]
    joined = inputs.evidence.join(ranks, on="alert_id", how="left")
    return joined.select("rank", "alert_id", *columns).sort(order, nulls_last=True)


def sheets(inputs: ReportInputs) -> dict[str, pl.DataFrame]:
    """Every sheet of the workbook by its name, in order."""
    return {
        "Alerts": alerts_sheet(inputs),
        "Indicators": indicators_sheet(inputs),
        "Evidence": evidence_sheet(inputs).head(inputs.limits.workbook_evidence_rows),
        "Completeness": inputs.completeness.sort("booking_date", "currency", "outcome", "reason", nulls_last=True),
        "Quarantine": inputs.quarantine_counts,
        "Quality": inputs.quality.sort("success", "dataset", "severity", "expectation", "column", nulls_last=True),
        "Blindness": inputs.blindness.sort("detector", "indicator", "why", nulls_last=True),
    }
