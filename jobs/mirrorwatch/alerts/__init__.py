"""Alerts: identity, state against the last published night, rank, cases, explanation."""
