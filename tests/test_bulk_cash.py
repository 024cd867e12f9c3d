"""What the bulk-cash detector says beyond its cases: sums of any size, and the advisory as it stood."""

from dataclasses import replace

import polars as pl
import pytest
from tests.cases.bulk_cash import CASES
from tests.town import Town

from mirrorwatch.detectors.bulk_cash import DETECTOR
from mirrorwatch.rulebook import SHIPPED, Rulebook

TIMES = 1_000_000


def town() -> Town:
    return next(case.town() for case in CASES if case.name == "vault deposits wired elsewhere, turnover unknown")


def uneven(built: Town) -> float:
    found = DETECTOR.detect(built.night(), DETECTOR.parameters()).collect()
    struct = found["indicators"].explode().struct
    return float(found["indicators"].explode().filter(struct.field("code") == "uneven").struct.field("value").item())


def test_how_uneven_the_weeks_are_does_not_hang_on_the_size_of_the_sums() -> None:
    large = town()
    for row in large.payments:
        row["amount_minor"] *= TIMES
        row["usd_minor"] *= TIMES
    assert pl.DataFrame(large.payments)["usd_minor"].sum() > 100 * 3_000_000_000
    assert uneven(large) == pytest.approx(uneven(town()), abs=1e-4)


def test_the_advisory_is_told_as_it_stood() -> None:
    night = town().night()
    said = DETECTOR.detect(night, DETECTOR.parameters()).collect()["narrative"].item()
    assert said.endswith("Red flags as they stood: FIN-2025-Alert001, in force on 2026-03-31.")
    unknown = replace(night, rulebook=Rulebook.of(rule for rule in SHIPPED.rules if rule.kind != "advisory"))
    silent = DETECTOR.detect(unknown, DETECTOR.parameters()).collect()["narrative"].item()
    assert "Red flags" not in silent
    assert silent.endswith(".")
