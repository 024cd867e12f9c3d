"""Frozen parameters of entity resolution, each with the reason for its number."""

from pydantic import BaseModel, ConfigDict, Field


class ResolutionParameters(BaseModel):
    """What is compared, what is believed before the data speak, and from which probability on two parties are one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    least_probability: float = Field(
        default=0.95,
        gt=0.5,
        lt=1,
        description="two parties are linked from this probability on: one wrong link in twenty at the very worst, "
        "since most links lie far above it",
    )
    least_told: float = Field(
        default=0.2,
        gt=0,
        lt=1,
        description="pairs below this probability are not told: four in five of them are two parties",
    )
    largest_block: int = Field(
        default=50,
        ge=2,
        description="parties that share one key; more than this is a registered agent, a switchboard or a common "
        "name, and is looked at only together with a second key",
    )
    largest_token_block: int = Field(
        default=12,
        ge=2,
        description="names that share one word; a word is an entrance on its own only when it is that rare",
    )
    duplicates_per_party: float = Field(
        default=0.02,
        gt=0,
        description="pairs of one party expected per party before the data speak; banks tell of 1 to 5 %",
    )
    kin_per_party: float = Field(
        default=0.3,
        gt=0,
        description="pairs of related parties (a household, two firms of one group) expected per party before the "
        "data speak",
    )
    prior_pairs: float = Field(
        default=50.0,
        gt=0,
        description="pairs of belief in the shipped shares of agreement; few beside a bank's thousands",
    )
    prior_kin: float = Field(
        default=500.0,
        gt=0,
        description="pairs of belief in the shares of related parties: more, so that few namesakes in one home count",
    )
    prior_parties: float = Field(
        default=1_000.0,
        gt=0,
        description="parties' worth of belief in the two expected numbers of pairs: among few, one pair is no rate",
    )
    iterations: int = Field(
        default=25, ge=1, description="rounds of expectation-maximisation; shares settle within twenty"
    )
    fitted_pairs: int = Field(
        default=1_000_000, ge=1_000, description="pairs that the shares are fitted on, evenly spread"
    )
    drawn_pairs: int = Field(
        default=200_000,
        ge=1_000,
        description="pairs of strangers from which chance agreement of near values is counted",
    )
    least_agreement: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="average probability over all pairs inside one entity; below it the chain is cut",
    )
    least_weakest: float = Field(
        default=0.01,
        ge=0,
        le=1,
        description="a pair inside one entity below this is known to be two parties: the chain is cut",
    )
    pairs_at_once: int = Field(default=1_000_000, ge=1_000, description="pairs held in memory together: about 0.3 GB")
