"""The night's staged input as detectors take it."""

from datetime import date
from pathlib import Path

from mirrorwatch.contract import WATCHLIST_DETAILS, WATCHLIST_LISTINGS
from mirrorwatch.detectors.base import NightFrames
from mirrorwatch.intake.beside import DISMISSED, beside
from mirrorwatch.intake.entities import ENTITIES
from mirrorwatch.intake.listed import LIKE, LISTED_PARTIES
from mirrorwatch.intake.summary import read_summary
from mirrorwatch.rulebook import SHIPPED, Rulebook
from mirrorwatch.store.staging import prepared, staged


def night_frames(
    work: Path, run_date: date, rulebook: Rulebook = SHIPPED, last_night: date | None = None
) -> NightFrames:
    """Scan what was staged and prepared in `work`, lazily; detectors read law from `rulebook`.

    `last_night` is the published night that this one is compared with.
    """
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
        dismissals=beside(work, DISMISSED),
        watchlist_details=beside(work, WATCHLIST_DETAILS.name),
        watchlist_listings=beside(work, WATCHLIST_LISTINGS.name),
        listed=beside(work, LISTED_PARTIES),
        like_entries=beside(work, LIKE),
        last_night=last_night,
    )
