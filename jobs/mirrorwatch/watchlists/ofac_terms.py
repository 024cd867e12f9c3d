"""What OFAC's words mean, whichever of its formats they stand in."""

from datetime import date

from mirrorwatch.watchlists.dates import days

ENTITY_TYPES = {
    "individual": "person",
    "entity": "organisation",
    "": "organisation",  # the delimited files leave the type of an organisation empty
    "vessel": "vessel",
    "aircraft": "aircraft",
}
# Things in the lists' fields for identity documents that identify nobody alone, or that reach somebody.
_OTHER_KINDS = (
    ("gender", "gender"), ("website", "contact"), ("email", "contact"), ("phone", "contact"), ("fax", "contact"),
    ("telephone", "contact"), ("secondary sanctions", "remark"), ("additional sanctions", "remark"),
    ("transactions prohibited", "remark"), ("executive order", "remark"), ("caatsa", "remark"), ("ifca", "remark"),
    ("peesa", "remark"), ("effective date", "remark"), ("listing date", "remark"),
    ("organization established", "remark"), ("organization type", "remark"), ("target type", "remark"),
    ("nationality of registration", "country"),
    ("aircraft model", "remark"), ("aircraft operator", "remark"), ("aircraft manufacture date", "remark"),
    ("vessel year of build", "remark"), ("other vessel", "remark"), ("former vessel flag", "remark"),
)  # fmt: skip


def person_name(last: str | None, first: str | None) -> str | None:
    """Return a name in OFAC's order: the family name in capitals, a comma, the given names."""
    both = [part for part in (last, first) if part]
    return ", ".join(both) or None


def contact_kind(label: str) -> str:
    """Return the kind of detail that an `idType` or feature stands for; an identifier unless it is known otherwise."""
    lowered = label.lower()
    return next((kind for start, kind in _OTHER_KINDS if lowered.startswith(start)), "identifier")


def days_of_document(issued: str | None, expires: str | None) -> tuple[date | None, date | None]:
    """Return the first and last day of a document's validity, as far as they are published."""
    first, last = days(issued) if issued else None, days(expires) if expires else None
    return (first[0] if first else None), (last[1] if last else None)
