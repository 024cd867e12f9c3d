"""Frozen parameters of screening, each with the reason for its number."""

from pydantic import BaseModel, ConfigDict, Field


class ScreeningParameters(BaseModel):
    """From which likeness on a name is told to be a listed one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    least_score: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="of a party's name; at 0.5 about 1 unrelated name in 1,000 is a hit (docs/screening.md)",
    )
    least_score_text: float = Field(
        default=0.75,
        ge=0,
        le=1,
        description="of words in remittance text; a text offers a dozen runs of words where a party has one name",
    )
    least_bits_text: float = Field(
        default=20.0,
        ge=0,
        description="weight of a listed name that is looked for in text: two rare words, a namesake in a million runs",
    )
