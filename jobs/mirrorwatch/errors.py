"""Errors that tell the operator what broke, in which data, and what to do.

Every error that a user can cause is a `MirrorwatchError`; its exit code is the command's (`docs/operations.md`).
Anything else that escapes is a bug of ours and exits 1.
"""


class MirrorwatchError(Exception):
    """What went wrong, where, and the remedy, each a plain sentence."""

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        self.what, self.where, self.remedy = what, where, remedy
        super().__init__(what, where, remedy)

    def __str__(self) -> str:
        parts = [self.what]
        if self.where:
            parts.append(f"Where: {self.where}.")
        if self.remedy:
            parts.append(f"Remedy: {self.remedy}")
        return " ".join(parts)


class UsageError(MirrorwatchError):
    """Wrong use or configuration: nothing was read or written."""

    exit_code = 2


class InputError(MirrorwatchError):
    """Input that cannot be read at all (a missing column, a truncated file): the night stops."""

    exit_code = 3


class GateError(MirrorwatchError):
    """Input that was read but is too bad to judge anyone on: a quality gate stopped the night."""

    exit_code = 3
