"""What an analyst would say of shapes of unusually large ties, which may have come in several rounds."""

from mirrorwatch.detectors.shape_words import Words, chain, layers
from mirrorwatch.detectors.writing import Row, named


def _round_trip(row: Row) -> str:
    return f"Money went round through {len(row['order'])} accounts: {chain([*row['order'], row['order'][0]])}."


def _scatter_gather(row: Row) -> str:
    first, middle, last = row["layers"]
    return f"{named(sorted(first))} paid {len(middle)} accounts, and all of them paid {named(sorted(last))}."


def _gather_scatter(row: Row) -> str:
    first, _, last = row["layers"]
    return f"{len(first)} accounts paid {row['subject']}, which passed as much on to {len(last)} others."


def _bipartite(row: Row) -> str:
    first, last = row["layers"]
    return f"{len(first)} accounts ({named(sorted(first))}) paid the same {len(last)} others ({named(sorted(last))})."


def _stack(row: Row) -> str:
    return f"{len(row['layers'])} layers of accounts paid each other, one layer the next: {layers(row)}."


def _fan_in(row: Row) -> str:
    return f"{row['ties']:,.0f} accounts paid {row['subject']} within days more than they can usually spare."


def _fan_out(row: Row) -> str:
    return f"{row['ties']:,.0f} accounts got from {row['subject']} within days far more than they usually get."


_KEPT = "The sums that came and went had not been as near each other, or money had gone first and come later."
_CROWD = "The sums had been equal shares, one file of a firm's, or of the size that the others pay or get anyway."

WORDS = {
    "round_trip": Words(
        _round_trip, _KEPT, "Look for what was declared for the first and the last payment.", unusual=True
    ),
    "scatter_gather": Words(
        _scatter_gather, _KEPT, "Ask those in the middle for whom they held the money.", unusual=True
    ),
    "gather_scatter": Words(_gather_scatter, _KEPT, "Ask the one in the middle whose money it was.", unusual=True),
    "bipartite": Words(
        _bipartite,
        "The payees had been suppliers or landlords whom many pay, or the payers one circle paid in turn.",
        "Ask what the payees are to the payers, and how these know each other.",
        unusual=True,
    ),
    "stack": Words(_stack, _KEPT, "Begin with the first layer: where its money came from.", unusual=True),
    "fan_in": Words(
        _fan_in, _CROWD, "Ask the payers what they were promised; some may have been deceived.", unusual=True
    ),
    "fan_out": Words(_fan_out, _CROWD, "Ask the payees for what they were paid.", unusual=True),
}
