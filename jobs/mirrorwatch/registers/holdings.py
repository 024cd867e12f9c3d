"""From what was said of one relationship over time to spans in which it held: the contract's `since` and `until`.

A later statement updates an earlier one: an interest that begins later ends the one before it, and another share under
the same first day begins with the update. What an update no longer names ended with it; a closed record ends all
that is left.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from mirrorwatch.registers.statements import Interest, Relation

SHAREHOLDER, DIRECTOR, NOMINEE = "shareholder", "director", "nominee"
# The contract's role of each kind of interest. A part of the profit is ownership, a say is control.
ROLES = {
    "shareholding": SHAREHOLDER,
    "nominator": SHAREHOLDER,  # whom the nominee stands for
    "beneficiaryOfLegalArrangement": SHAREHOLDER,
    "rightsToSurplusAssetsOnDissolution": SHAREHOLDER,
    "rightsToProfitOrIncome": SHAREHOLDER,
    "rightToProfitOrIncomeFromAssets": SHAREHOLDER,
    "enjoymentAndUseOfAssets": SHAREHOLDER,
    "unknownInterest": SHAREHOLDER,
    "unpublishedInterest": SHAREHOLDER,
    "votingRights": SHAREHOLDER,  # only where no shareholding is named beside it
    "nominee": NOMINEE,
    "trustee": DIRECTOR, "settlor": DIRECTOR, "protector": DIRECTOR, "appointmentOfBoard": DIRECTOR,
    "boardMember": DIRECTOR, "boardChair": DIRECTOR, "seniorManagingOfficial": DIRECTOR,
    "otherInfluenceOrControl": DIRECTOR, "controlViaCompanyRulesOrArticles": DIRECTOR,
    "controlByLegalFramework": DIRECTOR, "rightsGrantedByContract": DIRECTOR,
    "conditionalRightsGrantedByContract": DIRECTOR,
}  # fmt: skip
# Where several of one role are named at once, the one that says most of the share comes first.
_RANK = ("shareholding", "votingRights")
_UNTYPED = Interest(None, None, None, None, None, None)


@dataclass(frozen=True)
class Holding:
    """An interest with the span in which it held. `left_out` says why it makes no row of the contract's."""

    relation: Relation
    interest: Interest
    role: str | None
    since: date | None
    until: date | None
    left_out: str | None = None


def role(interest: Interest) -> str | None:
    """Return the contract's role; an interest of no kind is one that nobody described: its holder may own."""
    return ROLES.get(interest.type or "unknownInterest")


def holdings(versions: Sequence[Relation]) -> list[Holding]:
    """Return what one record's statements, in any order, say in the end."""
    ordered = sorted(versions, key=lambda each: (each.said.day or date.min, each.said.order))
    open_now: list[Holding] = []
    ended: list[Holding] = []
    for number, relation in enumerate(ordered):
        if relation.said.status == "closed":
            ended += [_closed(each, relation) for each in open_now] or list(_stated(relation, first=number == 0))
            open_now = []
            continue
        fresh = [_since_when(each, open_now) for each in _stated(relation, first=number == 0)]
        ended += [done for each in open_now if (done := _superseded(each, fresh, relation)) is not None]
        open_now = fresh
    return _chosen([*ended, *open_now])


def _stated(relation: Relation, *, first: bool) -> Iterator[Holding]:
    """Interests of one statement; where an update gives no first day, it is the day of the update."""
    for interest in relation.interests or (_UNTYPED,):
        since = interest.since if first or interest.since else relation.said.day
        until = _before(interest.until) if interest.until else None
        yield Holding(relation, interest, role(interest), since, until)


def _since_when(fresh: Holding, earlier: Iterable[Holding]) -> Holding:
    """Begin an interest that an update repeats when it first did, and one of another share on the update's day."""
    old = next((each for each in earlier if _key(each) == _key(fresh)), None)
    if old is None:
        return fresh
    same, given = old.interest.least == fresh.interest.least, fresh.interest.since
    if same:
        return fresh if given else replace(fresh, since=old.since)
    later = given is not None and given > (old.since or date.min)
    return fresh if later else replace(fresh, since=fresh.relation.said.day or fresh.since)


def _superseded(old: Holding, fresh: Sequence[Holding], update: Relation) -> Holding | None:
    """End what an update changes; None where it says the same again, or corrects the first day to an earlier one."""
    again = next((each for each in fresh if _key(each) == _key(old)), None)
    if again is None:
        return _ending(old, update.said.day)
    return None if (again.since or date.min) <= (old.since or date.min) else _ending(old, again.since)


def _closed(old: Holding, closing: Relation) -> Holding:
    """End an interest on the day that the closing statement gives for it, or that it was made on."""
    said = [each.until for each in closing.interests if each.type == old.interest.type and each.until]
    return _ending(old, said[0] if said else closing.said.day)


def _ending(old: Holding, day: date | None) -> Holding:
    last = _before(day) if day else None
    if old.until is not None and (last is None or old.until <= last):
        return old
    return replace(old, until=max(last, old.since) if last and old.since else last)


def _key(holding: Holding) -> str:
    return holding.interest.type or ""


def _before(day: date) -> date:
    """Return the last day on which something held that ended on `day`."""
    return day - timedelta(days=1) if day > date.min else day


def _chosen(found: list[Holding]) -> list[Holding]:
    """Say of each holding whether it makes a row: one a role and first day, none that its chain already says."""
    taken: set[tuple[str, date | None]] = set()
    chosen: list[Holding] = []
    for each in sorted(found, key=_weight):
        why = _left_out(each)
        if why is None and each.role is not None:
            if each.interest.type == "votingRights" and any(one.interest.type == "shareholding" for one in found):
                why = "a shareholding is named beside it"
            elif (each.role, each.since) in taken:
                why = "another interest of the same role and day is named beside it"
            else:
                taken.add((each.role, each.since))
        chosen.append(replace(each, left_out=why))
    return chosen


def _left_out(holding: Holding) -> str | None:
    if holding.role is None:
        return "its kind is unknown"
    if holding.interest.directness == "indirect" and holding.relation.components:
        return "its chain is given link by link"
    return None


def _weight(holding: Holding) -> tuple[int, str, int]:
    kind = holding.interest.type or ""
    return (_RANK.index(kind) if kind in _RANK else len(_RANK), kind, -holding.relation.said.order)
