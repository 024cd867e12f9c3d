"""Nights one after the other: each keeps its profile, the next compares itself with it, and the report shows it."""

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from tests.conftest import Command
from tests.worlds import DAY, World, ordinary

from mirrorwatch.contract import PROFILE, QUALITY
from mirrorwatch.night import plan, profiling, steps
from mirrorwatch.night.planning import published
from mirrorwatch_suites import trend

pytestmark = pytest.mark.usefixtures("pretend")
BEFORE = DAY - timedelta(days=1)


def world(folder: Path, **tonight: object) -> Path:
    """Sixty payments a day over five weeks, the last day's changed by `tonight`."""
    made = World()
    for back in range(35):
        for number in range(60):
            changes = tonight if back == 0 else {}
            made.pay(f"o{back}-{number}", "rent", day=DAY - timedelta(days=back), payer=f"C{number % 3}", **changes)  # type: ignore[arg-type]
    return made.write(folder)


def test_a_nights_profile_is_published_with_it_and_read_by_the_next(
    command: Command, tmp_path: Path, out: Path
) -> None:
    data = world(tmp_path / "data")
    for night in (BEFORE, DAY):
        assert command("run", "--data", data, "--out", out, "--date", night)[0] == 0
    kept = pl.read_parquet(out / "profile" / f"run_date={BEFORE}" / "part-0.parquet")
    assert kept.schema == PROFILE
    assert kept.filter(metric="row_count", dataset="transactions", booking_date=BEFORE)["value"].to_list() == [60]
    told = profiling.history(plan(str(data), str(out), DAY))
    assert set(told["run_date"]) == {BEFORE, DAY}
    assert not trend.findings(told, DAY)["success"].is_in([False]).any()
    page = (out / "reports" / str(DAY) / "quality.html").read_text(encoding="utf-8")
    assert "like days of this window and of 1\u00a0earlier night." in page


def test_the_same_night_leaves_the_same_profile(command: Command, tmp_path: Path, out: Path) -> None:
    data = world(tmp_path / "data")
    path = out / "profile" / f"run_date={DAY}" / "part-0.parquet"
    written = []
    for _ in range(2):
        assert command("run", "--data", data, "--out", out, "--date", DAY)[0] == 0
        written.append(path.read_bytes())
    assert written[0] == written[1]


def test_findings_stand_beside_the_suites_and_never_stop_the_night(tmp_path: Path, out: Path) -> None:
    laid_out = plan(str(world(tmp_path / "data", channel="crypto")), str(out), DAY)
    steps.stage(laid_out)
    quality = profiling.with_findings(laid_out, pl.DataFrame(schema=QUALITY))
    odd = quality.filter(~pl.col("success"))
    assert set(odd["column"]) == {"crypto", "wire"}
    assert set(odd["severity"]) == {"warning"}


def test_a_night_from_before_profiles_is_left_out(command: Command, tmp_path: Path, out: Path) -> None:
    data = world(tmp_path / "data")
    assert command("run", "--data", data, "--out", out, "--date", BEFORE)[0] == 0
    (out / "profile" / f"run_date={BEFORE}" / "part-0.parquet").resolve().unlink()
    laid_out = plan(str(data), str(out), DAY)
    assert profiling.published(published(laid_out, laid_out.configuration()), DAY).is_empty()
    assert command("run", "--data", data, "--out", out, "--date", DAY)[0] == 0


def test_a_published_night_with_rows_in_quarantine_is_rendered_again(
    command: Command, tmp_path: Path, out: Path
) -> None:
    data = ordinary(40).pay("b", "rent", currency="XXQ").write(tmp_path / "data")
    assert command("run", "--data", data, "--out", out, "--date", DAY)[0] == 0
    assert command("report", "--out", out, "--date", DAY, "--to", tmp_path / "again")[0] == 0
    page = (tmp_path / "again" / "quality.html").read_text(encoding="utf-8")
    assert page == (out / "reports" / str(DAY) / "quality.html").read_text(encoding="utf-8")
    assert "Rejected: currency_unknown" in page


def test_a_stopped_night_leaves_its_profile_and_its_page(command: Command, tmp_path: Path, out: Path) -> None:
    data = ordinary(40).pay("b", "broken").write(tmp_path / "data")
    assert command("run", "--data", data, "--out", out, "--date", DAY)[0] == 3
    failed = out / "failed" / f"run_date={DAY}"
    assert (failed / "profile" / "part-0.parquet").is_file()
    assert "The night was stopped" in (failed / "report" / "quality.html").read_text(encoding="utf-8")
