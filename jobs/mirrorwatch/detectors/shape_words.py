"""What an analyst would say of a layered shape: one frame of sentences, filled by each typology's own words."""

from collections.abc import Callable
from dataclasses import dataclass

from mirrorwatch.detectors.writing import Row, named, usd


@dataclass(frozen=True)
class Words:
    """A typology's own sentences: how a finding opens, what would have cleared it, and what to do next.

    `unusual`: the ties may come back, and were chosen since they are large for the accounts at their ends.
    """

    opening: Callable[[Row], str]
    cleared: str
    next_step: str
    unusual: bool = False


def chain(accounts: list[str]) -> str:
    """Write accounts in the order of the money."""
    return " → ".join(accounts)


def layers(row: Row) -> str:
    """Write who pays in each layer, and at last who is paid."""
    return " → ".join(named(sorted(layer)) for layer in row["layers"])


def _odds(probability: float) -> str:
    least = 1e-6
    return f"{probability:.2g}" if probability > least else "under one in a million"


def narrative(row: Row, words: Words) -> str:
    """Write the whole finding in a few sentences."""
    if words.unusual:
        why = "Each of these ties is unusually large for the account that paid or for the one that was paid."
        whose = "as many payments that are unusually large for them"
    else:
        why = f"{row['one_off_share']:.0%} of these ties had no other payment in the window."
        whose = "as many strangers as these"
    return (
        f"{words.opening(row)} The {row['payments']} payments lie within {row['days']:,.1f} days and are "
        f"{usd(row['amount_usd_minor'])} where the money set out. {why} Probability that accounts with {whose} show "
        f"one such shape by chance, over the whole night: {_odds(row['chance_probability'])}."
    )


def cleared(row: Row, words: Words, most_expected: float) -> list[str]:
    """Say what would have to be otherwise for it not to be reported."""
    if words.unusual:
        few = f"Chance makes {row['expected']:.2g} shapes as good a night, since few payments are as large for them."
        usual = "Sums like these were nothing unusual for the accounts, or came back each week or month."
    else:
        few = (
            f"Chance would make more than {most_expected:g} such shapes for each one told this night; it makes "
            f"{row['expected']:.2g} as good, since these accounts deal with few strangers."
        )
        usual = "The accounts had paid each other before, at other times of the window."
    return [
        few,
        words.cleared,
        usual,
        "One of the accounts were licensed to move other people's money, or of the same owners as the next.",
    ]


def next_steps(row: Row, words: Words) -> list[str]:
    """Say what to look at first."""
    return [
        words.next_step,
        f"Ask what {row['subject']} and the others know of each other, and for what the payments were.",
        "Look at how these accounts were used before: opened recently, idle, or handed over to somebody else?",
        "Whoever appears only as a payer or a payee of the named accounts is not a suspect for that.",
    ]
