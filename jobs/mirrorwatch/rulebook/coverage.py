"""Coverage as data: every red flag of an advisory is one row that says what sees it, or why nothing does.

Rows are TOML files in `red_flags/`, one an advisory, in our own words; `docs/coverage.md` is written from them.
"""

import tomllib
from importlib.resources import files
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

State = Literal["covered", "lacks", "outside", "excluded", "open"]
STATES: dict[State, str] = {
    "covered": "seen by a detector",
    "lacks": "needs data that the contract does not have",
    "outside": "not in payments at all",
    "excluded": "left out on purpose",
    "open": "could be seen, and is not yet",
}


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RedFlag(_Row):
    """One red flag, and exactly one of: what covers it, the data it lacks, or why it is not looked for."""

    number: int = Field(ge=1)  # its place in the advisory
    group: str = Field(min_length=1)  # the advisory's heading, in our words
    says: str = Field(min_length=1)
    covered: tuple[str, ...] = ()  # `typology` or `typology.indicator_code`
    lacks: str = ""  # data that would be needed
    outside: str = ""  # why no payment shows it
    excluded: str = ""  # why it is not scored though it could be
    open: str = ""  # what is missing in the detectors
    note: str = ""

    @model_validator(mode="after")
    def _one_answer(self) -> Self:
        given = [name for name in STATES if getattr(self, name)]
        if len(given) != 1:
            raise ValueError(f"red flag {self.number} needs exactly one of {', '.join(STATES)}")
        return self

    @property
    def state(self) -> State:
        """Which of the answers it has."""
        return next(name for name in STATES if getattr(self, name))

    @property
    def answer(self) -> str:
        """Give the answer's words: detectors and indicators, or the reason."""
        return ", ".join(f"`{each}`" for each in self.covered) if self.covered else str(getattr(self, self.state))


class Coverage(_Row):
    """All red flags of one advisory. `flags` is how many it has, counted as `counted` says."""

    advisory: str  # id of its rule
    flags: int = Field(ge=0)
    counted: str = Field(min_length=1)
    flag: tuple[RedFlag, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if [flag.number for flag in self.flag] != [*range(1, self.flags + 1)]:
            raise ValueError(f"{self.advisory}: its {self.flags} red flags are not all there, once and in order")
        return self


def red_flags() -> tuple[Coverage, ...]:
    """Read the rows as they are shipped, by advisory. Raises ValueError on a bad one."""
    folder = files("mirrorwatch.rulebook") / "red_flags"
    texts = (entry.read_text(encoding="utf-8") for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return tuple(
        sorted((Coverage.model_validate(tomllib.loads(text)) for text in texts), key=lambda each: each.advisory)
    )
