"""Write the pages of typologies from their detectors: python docs/typologies/write_pages.py [--check].

With --check nothing is written; the exit status says whether a page is stale.
"""

import sys
from pathlib import Path

from mirrorwatch.detectors import DETECTORS
from mirrorwatch.detectors.base import Detector
from mirrorwatch.detectors.shape_terms import TERMS

HERE = Path(__file__).parent
# What honest accounts do that looks the same, and what keeps it silent (or does not).
LOOK_ALIKES = {
    "round_trip": (
        ("a loan and its repayment, a refund", "there and back between two accounts is no ring"),
        ("friends who lend each other money in a circle", "not told apart but by few hops and unlike sums"),
        ("netting between companies of one group", "moves inside an ownership group are no ties"),
    ),
    "scatter_gather": (
        ("an employer and the shop where its people buy", "both are hubs, or their ties come back"),
        ("a firm, its subcontractors and their common supplier", "counted into the price of a further way in common"),
    ),
    "gather_scatter": (
        ("payroll bureau, marketplace, escrow, law firm", "licensed, escrow, hubs and collecting trades are out"),
        ("a club that collects for a trip and pays the hotels", "not told apart from a collecting account"),
    ),
    "bipartite": (
        ("firms of one trade with the same suppliers", "a block must be a main part of what its accounts do"),
        ("tenants who pay the same power and water", "such ties come back; collectors are hubs"),
    ),
    "stack": (
        ("wholesale, retail and their customers", "ties of trade come back within the window"),
        ("a chain of house sales on one day", "not told apart where sums are near each other"),
    ),
    "fan_in": (
        ("rents, fees, dues", "firms' crowds of a month's first week, and trades that bill a public, are out"),
        ("a private sale of many things, a collection for a gift", "not told apart"),
    ),
    "fan_out": (
        ("wages, refunds, dividends", "most paid within half a day, or paid again within a fortnight, is custom"),
        ("a wedding, a builder who pays a crew by cheque", "not told apart"),
    ),
}  # fmt: skip

LAYERED = "How chance is reckoned, what was measured and where it ends: [layered shapes](layered_shapes.md)."


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def page(detector: Detector, words: str) -> str:
    """Write one page: what it is, what looks like it, parameters, score, what it is blind to, sources."""
    fields = detector.parameters.model_fields
    parameters = [(f"`{name}`", f"{field.default:g}", field.description or "") for name, field in fields.items()]
    layered = detector.typology in LOOK_ALIKES
    terms = [
        (f"`{term.code}`", f"{term.threshold:g} to {term.full:g}", f"{term.weight / 10_000:g}", term.reason,
         term.reference)
        for term in detector.terms or TERMS
    ]  # fmt: skip
    needs = [(f"{dataset}{f'.{column}' if column else ''}", why) for dataset, column, _, why in detector.needs]
    title, _, rest = words.strip().partition("\n")
    alike = detector.look_alikes or LOOK_ALIKES[detector.typology]
    return "\n\n".join(
        (
            f"# {title.rstrip('.')}",
            (
                f"<!-- Written by docs/typologies/write_pages.py from mirrorwatch/detectors/{detector.typology}.py, "
                f"version {detector.version}. -->"
            ),
            rest.strip(),
            *([LAYERED] if layered else []),
            "## What looks the same and is innocent",
            _table(("look-alike", "what keeps it silent"), list(alike)),
            "## Parameters",
            _table(("parameter", "default", "what it is, and why"), parameters),
            "## The score is a sum of terms",
            _table(("indicator", "from nothing to full", "weight", "reason", "published"), terms),
            "## What it cannot see without",
            _table(("column", "then"), needs),
            "## Sources",
            "\n".join(f"- {source.title}: {source.locator}" for source in detector.sources),
        )
    ) + "\n"  # fmt: skip


def pages() -> dict[Path, str]:
    """All pages by their path."""
    written = [each for each in DETECTORS if each.look_alikes or each.typology in LOOK_ALIKES]
    words = {each.typology: sys.modules[each.detect.__module__].__doc__ or "" for each in written}
    return {HERE / f"{each.typology}.md": page(each, words[each.typology]) for each in written}


def main() -> int:
    """Write the pages, or only compare them."""
    check = "--check" in sys.argv
    stale = [path for path, text in pages().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        if not check:
            path.write_text(pages()[path], encoding="utf-8")
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
