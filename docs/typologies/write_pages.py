"""Write the pages of typologies from their detectors: python docs/typologies/write_pages.py [--check].

With --check nothing is written; the exit status says whether a page is stale.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from mirrorwatch.detectors import DETECTORS
from mirrorwatch.detectors.base import Detector
from mirrorwatch.detectors.shape_terms import TERMS

HERE = Path(__file__).parent
LAYERED = "How chance is reckoned, what was measured and where it ends: [layered shapes](layered_shapes.md)."


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def page(detector: Detector, words: str) -> str:
    """Write one page: what it is, what looks like it, parameters, score, what it is blind to, sources."""
    fields = detector.parameters.model_fields
    parameters = [(f"`{name}`", f"{field.default:g}", field.description or "") for name, field in fields.items()]
    terms = [
        (f"`{term.code}`", f"{term.threshold:g} to {term.full:g}", f"{term.weight / 10_000:g}", term.reason,
         term.reference)
        for term in detector.terms
    ]  # fmt: skip
    needs = [(f"{dataset}{f'.{column}' if column else ''}", why) for dataset, column, _, why in detector.needs]
    needs += [
        (f"a rule used as {need.use.replace('_', ' ')}", f"{need.what} there: {need.why}") for need in detector.rules
    ]
    title, _, rest = words.strip().partition("\n")
    return "\n\n".join(
        (
            f"# {title.rstrip('.')}",
            (
                f"<!-- Written by docs/typologies/write_pages.py from mirrorwatch/detectors/{detector.typology}.py, "
                f"version {detector.version}. -->"
            ),
            rest.strip(),
            *([LAYERED] if detector.terms is TERMS else []),
            "## What looks the same and is innocent",
            _table(("look-alike", "what keeps it silent"), detector.look_alikes),
            "## Parameters",
            _table(("parameter", "default", "what it is, and why"), parameters),
            "## The score is a sum of terms",
            _table(("indicator", "from nothing to full", "weight", "reason", "published"), terms),
            "## What it cannot see without",
            _table(("column or rule" if detector.rules else "column", "then"), needs),
            "## Sources",
            "\n".join(f"- {source.title}: {source.locator}" for source in detector.sources),
        )
    ) + "\n"  # fmt: skip


def pages() -> dict[Path, str]:
    """All pages by their path."""
    written = [each for each in DETECTORS if each.look_alikes]
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
