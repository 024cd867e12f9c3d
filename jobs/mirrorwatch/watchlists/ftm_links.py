"""The links between FollowTheMoney entities, told from both of their ends."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Protocol

from mirrorwatch.watchlists.dates import days
from mirrorwatch.watchlists.found import At, Collector

# Schema of the link: the properties of its two ends, and what each end is to the other.
LINKS = {
    "Ownership": ("owner", "asset", "owner_of", "owned_by"),
    "Directorship": ("director", "organization", "director_of", "directed_by"),
    "Membership": ("member", "organization", "member_of", "has_member"),
    "Employment": ("employee", "employer", "employee_of", "employer_of"),
    "Representation": ("agent", "client", "agent_of", "client_of"),
    "Family": ("person", "relative", "family_of", "family_of"),
    "Associate": ("person", "associate", "associate_of", "associate_of"),
    "UnknownLink": ("subject", "object", "linked_to", "linked_to"),
}
_SAYS_HOW = ("role", "relationship", "percentage", "status")


class Linking(Protocol):
    """An entity that links two others."""

    @property
    def schema(self) -> str:
        """One of LINKS."""

    @property
    def at(self) -> At:
        """Where it stands."""

    def all(self, name: str) -> list[str]:
        """Return the values of a property."""


def add_links(found: Collector, entries: Collection[str], names: Mapping[str, str], link: Linking) -> None:
    """Add a link as a detail of each of its ends that is an entry; the other end is named even when it is none."""
    first, second, forward, back = LINKS[link.schema]
    note = "; ".join(text for name in _SAYS_HOW for text in link.all(name)) or None
    for one in link.all(first):
        for other in link.all(second):
            for ident, label, far in ((one, forward, other), (other, back, one)):
                if ident in entries:
                    found.detail(
                        link.at, ident, "link", names.get(far, far), label=label, related=far, note=note,
                        known=validity(link),
                    )  # fmt: skip


def validity(link: Linking) -> tuple[date | None, date | None]:
    """Return the first and last day on which something held, as far as they are published."""
    first, last = next(iter(link.all("startDate")), None), next(iter(link.all("endDate")), None)
    begun, ended = days(first) if first else None, days(last) if last else None
    return (begun[0] if begun else None), (ended[1] if ended else None)
