"""The two-leg matcher: pure array work that finds rings of accounts whose payments keep balancing each other.

The mathematics and its references: `docs/mirror-swap-statistics.md`.
"""
