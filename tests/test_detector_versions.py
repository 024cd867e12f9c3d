"""A detector's version moves when its findings can: `detector_versions.json` holds what each version finds.

After a change that is meant, raise the version of the detector and write the file anew:
python -m tests.test_detector_versions
"""

import json
from itertools import islice
from pathlib import Path

import pytest
from tests.test_detectors import cases, detect, detector

from mirrorwatch.canonical import digest

KEPT = Path(__file__).parent / "detector_versions.json"
HELD = ("bulk_cash", "precursor_procurement", "real_estate", "structuring", "trade_based", "underground_banking")
CASES = 4  # firing ones of each detector: enough that most changes show, few enough to be quick


def found(typology: str) -> str:
    """Digest of what a detector finds in its first firing cases: whom, by what, how much, for which indicators."""
    firing = (case for name, case in cases() if name == typology and case.kind == "fires")
    told = [
        (case.name, row["account_ids"], row["transaction_ids"], round(row["score"], 3),
         [(each["code"], round(each["weight"] or 0, 3)) for each in row["indicators"]])
        for case in islice(firing, CASES)
        for row in detect(typology, case.town().night()).iter_rows(named=True)
    ]  # fmt: skip
    return digest(json.loads(json.dumps(told)))


def now(typology: str) -> dict[str, str]:
    return {"version": detector(typology).version, "found": found(typology)}


@pytest.mark.parametrize("typology", HELD)
def test_other_findings_have_another_version(typology: str) -> None:
    kept, is_now = json.loads(KEPT.read_text(encoding="utf-8"))[typology], now(typology)
    if kept["version"] == is_now["version"]:
        assert kept["found"] == is_now["found"], f"{typology} finds otherwise: raise its version, and write the file"
    assert kept["version"] == is_now["version"], "python -m tests.test_detector_versions"


if __name__ == "__main__":
    KEPT.write_text(json.dumps({typology: now(typology) for typology in HELD}, indent=2) + "\n", encoding="utf-8")
