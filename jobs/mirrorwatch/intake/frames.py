"""The night's staged input as detectors take it."""

from datetime import date
from pathlib import Path

from mirrorwatch.detectors.base import NightFrames
from mirrorwatch.intake.entities import ENTITIES
from mirrorwatch.intake.summary import read_summary
from mirrorwatch.rulebook import SHIPPED, Rulebook
from mirrorwatch.store.staging import prepared, staged


def night_frames(work: Path, run_date: date, rulebook: Rulebook = SHIPPED) -> NightFrames:
    """Scan what was staged and prepared in `work`, lazily; detectors read law from `rulebook`."""
    return NightFrames(
        run_date_iso=run_date.isoformat(),
        transactions=staged(work, "transactions"),
        accounts=staged(work, "accounts"),
        parties=staged(work, "parties"),
        ownership=staged(work, "ownership"),
        absent=read_summary(work).absent,
        watchlist=staged(work, "watchlist"),
        trade_documents=staged(work, "trade_documents"),
        rulebook=rulebook,
        entities=staged(work, ENTITIES),
        prepared=prepared(work),
    )
