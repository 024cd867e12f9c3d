"""Alerts: identity, state against the last published night, rank, cases, explanation."""

from mirrorwatch.alerts.assembling import Assembled, Baseline, assemble, candidates
from mirrorwatch.alerts.identity import alert_id
from mirrorwatch.alerts.reasons import Stamp

__all__ = ["Assembled", "Baseline", "Stamp", "alert_id", "assemble", "candidates"]
