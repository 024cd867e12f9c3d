"""Write docs/rulebook.md and docs/coverage.md from their data: python docs/write_coverage.py [--check].

With --check nothing is written; the exit status says whether a page is stale.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from mirrorwatch.rulebook import SHIPPED, Rule
from mirrorwatch.rulebook.coverage import STATES, Coverage, RedFlag, red_flags

HERE = Path(__file__).parent
# Days on which rules that detectors read stood differently: before and in the first border order, after the worldwide
# suspension of de minimis, with the real estate rule in force and just vacated, after the third border order.
DAYS = ("2025-03-31", "2025-06-30", "2025-09-30", "2026-03-10", "2026-03-31", "2026-09-30")
KINDS = {
    "threshold": "Thresholds: sums that oblige somebody",
    "list": "Lists: places, institutions, organisations",
    "order": "Orders and rules: who must report, for how long and where",
    "advisory": "Advisories: what authorities published",
}
WRITTEN = "<!-- Written by docs/write_coverage.py from mirrorwatch/rulebook. -->"
RULEBOOK = """\
Sums, lists and duties change. A run for D uses what held on D: a night of June 2025 is judged by the border order of
that month, also when it is run again a year later. A rule that was vacated, suspended or ended by D makes no detector
fire.

- **in force**: it bound somebody on that day. **suspended**: it exists and does not bind for now, also before its first
  day of effect. **vacated**: a court took it away. **replaced**: another rule stands in its place. **ended**: it ran
  out. **none**: the country has no such rule, as far as was read.
- Detectors read the rules of a `use`, of whatever country: `cash_report` (banks report cash from this sum on) and
  `instrument_record` (instruments sold for cash are recorded) in `structuring` and `real_estate`, `property` in
  `real_estate`, where it is told and scores nothing. The lowest sum of a country and currency is taken. What is handled
  where no rule of a use is in force stands in the night's blindness, country by country.
- `since` is the first day, `until` the last; a rule that is not listed for a day had not been made.
- What could not be read in the source itself is said with the entry. Nothing here is legal advice.

`mirrorwatch rules --date D` tells what held on D, with `--json` in full. An alert that rests on a rule says how it
stood, and its `parameters_hash` changes with the rules in use.

## An institution's own rules stand before the shipped ones

A settings file may name a rulebook: `rulebook = "rules.toml"`, beside it. Its rules replace shipped ones of the same
id, with all their versions, and add new ones. A bad entry is refused by name before anything is read.

```toml
[[rule]]
id = "us_ctr"                    # a shipped one: replaced; another: added
kind = "threshold"               # threshold, list, order or advisory
title = "Currency transaction report"
jurisdiction = "US"
reference = "31 CFR 1010.311"    # as alerts cite it
use = "cash_report"              # what detectors read it as: cash_report, instrument_record, property; or left out

[[rule.versions]]                # one after the other, without overlap
since = 1972-07-01
until = 2026-12-31               # left out while it lasts
status = "in force"              # the default; replaced, vacated, suspended, ended, none
amount = "10000"                 # of a threshold
up_to = "20000"                  # if it speaks of sums up to another
inclusive = false                # true: "or more" instead of "more than"
ceiling = false                  # true: "up to" instead of "more than", of what is let pass
currency = "USD"
adds_up = "day"                  # over what one person's cash counts together: transaction, day, month
members = []                     # of a list: countries, ZIP codes, counties, names
says = "What it says, in a sentence."
source = "Where that can be read."
unverified = "What of it was not read there."
```"""
COVERAGE = """\
One row a red flag, in our words; the advisories themselves are the text to rely on. A flag is **covered** when a
detector scores the behaviour that it describes, in part at least; the indicators are named. The rest is said as
plainly: which data would be needed, what no payment shows, what we leave out on purpose, and what could be seen and is
not yet.

Two things are left out wherever an advisory mentions them: who people are (nationality, passport, names, occupation
alone) and places alone. No single red flag accuses anybody; scores are sums of several."""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def rulebook_page() -> str:
    """Write the page of all rules: what held on some days, then every version by kind."""
    parts = ["# The rulebook: what the law said on the day", WRITTEN, RULEBOOK, "## What held on some days", _stood()]
    for kind, heading in KINDS.items():
        rows = [row for rule in SHIPPED.rules if rule.kind == kind for row in _versions(rule)]
        parts += [f"## {heading}", table(("rule", "from", "to", "status", "sum", "what it said", "source"), rows)]
    return "\n\n".join(parts) + "\n"


def _stood() -> str:
    moving = [rule for rule in SHIPPED.rules if len({(v.status, v.sum) for v in rule.versions}) > 1]
    books = [SHIPPED.on(date.fromisoformat(day)).held for day in DAYS]
    cells = [[book[rule.id].version if rule.id in book else None for book in books] for rule in moving]
    said = [
        ["" if v is None else v.sum if v.status == "in force" and v.sum else v.status for v in row] for row in cells
    ]
    return table(("rule", *DAYS), [(f"`{rule.id}`", *row) for rule, row in zip(moving, said, strict=True)])


def _versions(rule: Rule) -> Iterable[Sequence[str]]:
    for number, version in enumerate(rule.versions):
        use = f"<br>used as {rule.use.replace('_', ' ')}" if rule.use else ""
        name = f"`{rule.id}`<br>{rule.title} ({rule.jurisdiction}){use}" if number == 0 else ""
        members = f" Members: {', '.join(version.members)}." if version.members else ""
        doubt = f" *{version.unverified}*" if version.unverified else ""
        until = version.until.isoformat() if version.until else ""
        yield (
            name,
            version.since.isoformat(),
            until,
            version.status,
            version.sum,
            version.says + members,
            (version.source + doubt),
        )


def coverage_page() -> str:
    """Write the page of all red flags: counts, which detector sees how many, then row by row."""
    given = [each for each in red_flags() if each.flags]
    flags = [flag for each in given for flag in each.flag]
    without = [(_titled(each), each.counted) for each in red_flags() if not each.flags]
    return "\n\n".join(
        (
            "# Coverage: what of the published red flags is seen, and what is not",
            WRITTEN,
            COVERAGE,
            table(("red flags", "", "share"), _counts(flags)),
            table(("detector", "red flags"), _by_detector(flags)),
            *(part for each in given for part in _rows(each)),
            "## Cited, without rows",
            table(("advisory", "why"), without),
        )
    ) + "\n"  # fmt: skip


def _counts(flags: Sequence[RedFlag]) -> Iterable[Sequence[str]]:
    found = Counter(flag.state for flag in flags)
    for state, words in STATES.items():
        yield words, str(found[state]), f"{found[state] / len(flags):.0%}"
    yield "all", str(len(flags)), "100%"


def _by_detector(flags: Sequence[RedFlag]) -> Iterable[Sequence[str]]:
    seen = Counter(typology for flag in flags for typology in {each.partition(".")[0] for each in flag.covered})
    for typology, count in sorted(seen.items()):
        yield f"`{typology}`", str(count)


def _titled(coverage: Coverage) -> str:
    rule = next(rule for rule in SHIPPED.rules if rule.id == coverage.advisory)
    return f"{rule.reference}: {rule.title}"


def _rows(coverage: Coverage) -> Iterable[str]:
    seen = sum(flag.state == "covered" for flag in coverage.flag)
    yield f"## {_titled(coverage)}: {seen} of {coverage.flags}"
    yield coverage.counted
    rows = [
        (str(flag.number), flag.group, flag.says, _state(flag), f"{flag.answer}{'. ' if flag.note else ''}{flag.note}")
        for flag in coverage.flag
    ]
    yield table(("", "group", "red flag", "", "by what, or why not"), rows)


def _state(flag: RedFlag) -> str:
    return {"covered": "covered", "lacks": "no data", "outside": "not in payments", "excluded": "on purpose",
            "open": "not yet"}[flag.state]  # fmt: skip


def pages() -> dict[Path, str]:
    """Both pages by their path."""
    return {HERE / "rulebook.md": rulebook_page(), HERE / "coverage.md": coverage_page()}


def main() -> int:
    """Write the pages, or only compare them."""
    check = "--check" in sys.argv
    written = pages()
    stale = [path for path, text in written.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        if not check:
            path.write_text(written[path], encoding="utf-8")
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
