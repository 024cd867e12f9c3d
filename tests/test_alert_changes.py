"""What is different since an alert was last published: told in the tables, by `explain` and in the report."""

import csv
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from tests.conftest import Command
from tests.findings import NIGHT, STAMPS, finding, findings, night, staged
from tests.report_nights import ordinary_night
from tests.worlds import DAY, ordinary

from mirrorwatch.alerts import Assembled, Stamp
from mirrorwatch.alerts.changes import MOST_NAMED
from mirrorwatch.report import write_report

NEXT = NIGHT + timedelta(days=1)


def swap(*rows: dict[str, object]) -> dict[str, pl.DataFrame]:
    return {"mirror_swap": findings(*rows)}


def told(tables: Assembled) -> str:
    live = tables.explanations.join(
        tables.alerts.filter(pl.col("state") != "withdrawn"), on="alert_id", how="semi", maintain_order="left"
    )
    return " ".join(live["what_changed"].explode().drop_nulls())


def test_accounts_transactions_and_amounts_that_came_and_went_are_named() -> None:
    before = night(swap(finding(["a", "b"], ["t1", "t2"])))
    found = swap(finding(["b", "c"], ["t2", "t3", "t4"], score=0.9))
    tables = night(found, previous=before, run_date=NEXT, rows=staged(["t1", "t2", "t3", "t4"]))
    assert tables.alerts["state"].to_list() == ["changed"]
    assert told(tables) == (
        f"It was alert {before.alerts['alert_id'][0][:12]} of the night of {NIGHT}. "
        "1 account added: c. 1 account gone: a. "
        "2 transactions added, USD 246.90 in all: t3 (2026-03-20, USD 123.45), t4 (2026-03-20, USD 123.45). "
        "1 transaction gone, USD 123.45 in all: t1 (2026-03-20, USD 123.45). "
        "Of those gone, 1 can still be found in the data, outside this pattern. "
        "The amount was USD 246.90 and is USD 370.35. The score was 0.800 and is 0.900."
    )


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"first_day": date(2026, 3, 21)}, "1 left the lookback window, which begins on 2026-03-21."),
        ({"rows": staged(["t2"])}, "1 can no longer be found in the data, or say something else there."),
        (
            {"stamps": {**STAMPS, "mirror_swap": Stamp("2", "other")}},
            "The detector, its parameters or the rules changed",
        ),
    ],
)
def test_it_says_why_transactions_are_gone(changes: dict[str, object], why: str) -> None:
    before = night(swap(finding(["a"], ["t1", "t2"])))
    arguments = {"rows": staged(["t1", "t2"]), **changes}
    assert why in told(night(swap(finding(["a"], ["t2"])), previous=before, run_date=NEXT, **arguments))  # type: ignore[arg-type]


def test_an_unchanged_alert_tells_its_figures_only_where_they_moved() -> None:
    before = night(swap(finding(["a"], ["t1"]), finding(["b"], ["t2"])))
    tables = night(swap(finding(["a"], ["t1"]), finding(["b"], ["t2"], score=0.7)), previous=before, run_date=NEXT)
    assert tables.alerts["state"].unique().to_list() == ["unchanged"]
    assert told(tables) == "The score was 0.800 and is 0.700."


def test_a_new_or_withdrawn_alert_tells_no_change() -> None:
    first = night(swap(finding(["a"], ["t1"])))
    assert told(first) == ""
    second = night(swap(finding(["a"], ["t1", "t2"])), previous=first, run_date=NEXT)
    gone = night(swap(), previous=second, run_date=NEXT + timedelta(days=1))
    assert gone.alerts["state"].to_list() == ["withdrawn"]
    assert gone.explanations["what_changed"].to_list() == [None]


def test_a_correction_within_the_night_is_told_and_stays_told() -> None:
    seen = night(swap(finding(["a"], ["t1"])))
    found = swap(finding(["a"], ["t1", "t9"]))
    rerun = night(found, superseded=seen)
    assert "of this night's earlier publication. 1 transaction added" in told(rerun)
    assert told(night(found, superseded=rerun)) == told(rerun)


def test_many_are_counted_and_added_up_but_not_all_named() -> None:
    many = [f"t{number:03}" for number in range(100, 100 + MOST_NAMED + 5)]
    before = night(swap(finding(["a"], ["t1"])))
    text = told(night(swap(finding(["a"], ["t1", *many])), previous=before, run_date=NEXT))
    assert f"{len(many)} transactions added, USD {Decimal('123.45') * len(many):,} in all" in text
    assert "and 5 more" in text
    assert many[MOST_NAMED - 1] in text
    assert many[MOST_NAMED] not in text


@pytest.mark.usefixtures("pretend")
def test_explain_tells_what_changed_also_beside_nights_of_an_older_version(
    command: Command, tmp_path: Path, out: Path
) -> None:
    world = ordinary().pay("s1", "scheme one").pay("s2", "scheme one", day=DAY - timedelta(days=1))
    data = world.write(tmp_path / "data")
    assert command("run", "--data", data, "--out", out, "--date", DAY - timedelta(days=1))[0] == 0
    older = (out / "explanations" / f"run_date={DAY - timedelta(days=1)}" / "part-0.parquet").resolve()
    older.chmod(0o644)
    pl.read_parquet(older).drop("what_changed").write_parquet(older)
    assert command("run", "--data", data, "--out", out, "--date", DAY)[0] == 0
    changed = pl.read_parquet(out / "alerts" / f"run_date={DAY}" / "*.parquet").filter(state="changed")
    code, text, _ = command("explain", changed["alert_id"].item(), "--out", out)
    assert code == 0
    assert "Since the last published night:" in text
    assert f"It was alert {changed['previous_alert_id'].item()[:12]} of the night of {DAY - timedelta(days=1)}." in text
    assert "1 transaction added" in text
    before = command("explain", "", "--out", out, "--date", DAY - timedelta(days=1))
    assert before[0] == 0
    assert "Since the last" not in before[1]


def test_the_report_tells_what_changed_and_nothing_in_it_acts(tmp_path: Path) -> None:
    plain = ordinary_night()
    changed = plain.alerts["alert_id"][0]
    sentence = "1 account added: <script>alert(1)</script>=1+1."
    words = pl.when(alert_id=changed).then(pl.lit([sentence])).otherwise("what_changed")
    write_report(replace(plain, explanations=plain.explanations.with_columns(what_changed=words)), tmp_path)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "What changed since the last published night" in page
    assert "1 account added: &lt;script&gt;alert(1)&lt;/script&gt;=1+1." in page
    with (tmp_path / "alerts.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.DictReader(file))["what_changed"] == sentence
