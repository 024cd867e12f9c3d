"""Frozen parameters of name similarity, each with the reason for its number."""

from pydantic import BaseModel, ConfigDict, Field


class NameParameters(BaseModel):
    """What is looked at, and from which score on a pair is told."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    least_score: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="pairs below are not told; 0.5 is where, of the measured pairs, as many were one name as were two",
    )
    least_covered_right: float = Field(
        default=0.50,
        gt=0,
        le=1,
        description="share of the right name's weight that must be found; 1 pair in 100 of one name had under 0.6",
    )
    least_covered_left: float = Field(
        default=0.40,
        gt=0,
        le=1,
        description="share of the left name's weight that must be found: words are added oftener than left out",
    )
    least_bits: float = Field(
        default=10.0,
        ge=0,
        description="weight in bits of the words found, unless the names are equal: 1 name in 1,000 shares as much",
    )
    doubtful: float = Field(
        default=0.88,
        gt=0,
        le=1,
        description="share of these three bars from which names with like letters are compared: two slips in a word",
    )
    least_letters: float = Field(
        default=0.7, ge=0, le=1, description="likeness of the letters, words sorted, of names in doubt; 1 is the same"
    )
    across_kinds: bool = Field(
        default=False,
        description="whether a person may be an organisation; off: a firm named after its founder is another",
    )
    work_at_once: int = Field(
        default=8_000_000, ge=1_000, description="word meetings held in memory at a time; 8 million take about 0.3 GB"
    )
