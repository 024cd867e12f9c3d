"""Firms behind which a listed one stands: owned by the rule of its list, or made anew after the listing."""

import re
from datetime import timedelta

import polars as pl

from mirrorwatch.detectors.base import NightFrames
from mirrorwatch.detectors.watchlist_exposure_parameters import ExposureParameters
from mirrorwatch.features.contacts import marks
from mirrorwatch.features.majority import Bound, owned_by, owned_by_one
from mirrorwatch.features.ownership_chains import links
from mirrorwatch.features.ties import MOST_SEATS, current_ownership
from mirrorwatch.rulebook import Held

USE, OTHERS = "ownership", "us_ofac_50_percent"
OWNED = pl.Schema(
    {
        "party_id": pl.String(),
        "entry_id": pl.String(),
        "owned": pl.Float64(),  # recorded share of listed ones
        "rule": pl.String(),  # id of the rule that makes the firm theirs
        "controlled": pl.Boolean(),  # by control, without that share
    }
)
SUCCESSORS = pl.Schema({"party_id": pl.String(), "entry_id": pl.String(), "successor": pl.Float64()})
_HALF = 0.5  # whoever holds more may appoint the board
_PEOPLE, _CONTACTS = ("owner",), ("phone", "email")  # any one of these; an address only beside another mark


def _by_rule(night: NightFrames, sanctioned: pl.DataFrame) -> list[tuple[Held, pl.DataFrame]]:
    """Rules on ownership in force, each with the listed parties (party_id, entry_id) that it is about.

    An entry of a list that no rule names is judged by the rule that adds up most, `OTHERS`.
    """
    rules = [held for held in night.rules.held.values() if held.rule.use == USE and held.in_force]
    told = pl.concat_list("list_name", pl.col("programme").fill_null("").str.split(";"))
    names = sanctioned.select("party_id", "entry_id", name=told).explode("name").with_columns(
        pl.col("name").str.strip_chars().str.to_lowercase()
    )  # fmt: skip
    of = {
        held.rule.id: names.filter(pl.col("name").str.contains(_begins(held.rule.lists)))
        for held in rules
        if held.rule.lists
    }
    named = pl.concat([names.clear(), *of.values()])
    rest = names.join(named, on="entry_id", how="anti")
    about = {held.rule.id: [of.get(held.rule.id, names.clear())] for held in rules}
    about.setdefault(OTHERS, []).append(rest)
    return [(held, pl.concat(about[held.rule.id]).select("party_id", "entry_id").unique()) for held in rules]


def _begins(words: tuple[str, ...]) -> str:
    """Pattern of names that begin with one of the words, whole: `UK HMT` and `uk_sanctions`, not `ukraine`."""
    ends = (re.escape(word) + (r"(?:[^\p{L}\p{N}]|$)" if word[-1:].isalnum() else "") for word in words)
    return f"^(?:{'|'.join(ends)})"


def owned(night: NightFrames, listed: pl.DataFrame) -> pl.DataFrame:
    """Firms of listed parties (LISTED, sanctioned) by the rules of their lists, once an entry and rule: OWNED, sorted.

    Nothing where no rule on ownership binds anybody on the run date.
    """
    sanctioned = listed.filter("sanctioned")
    if sanctioned.is_empty():
        return pl.DataFrame(schema=OWNED)
    edges, found = links(night.ownership, night.run_date).collect(), [pl.DataFrame(schema=OWNED)]
    for held, holders in _by_rule(night, sanctioned):
        if holders.is_empty():
            continue
        of = _together(edges, holders, held) if held.version.together else _alone(edges, holders, held)
        every = of.with_columns(controlled=pl.lit(value=False))
        if held.version.control:
            every = pl.concat([every, _run_by(night, edges, holders).join(of, on="party_id", how="anti")])
        found.append(every.with_columns(rule=pl.lit(held.rule.id)).select(OWNED.names()).cast(OWNED))
    return pl.concat(found).unique().sort("party_id", "entry_id", "rule")


def _alone(edges: pl.DataFrame, holders: pl.DataFrame, held: Held) -> pl.DataFrame:
    """(party_id, entry_id, owned) of firms that one listed party owns by itself."""
    found = owned_by_one(edges, holders["party_id"], Bound.of(held))
    of = holders.rename({"party_id": "holder"})
    return found.join(of, on="holder").select("party_id", "entry_id", owned="aggregate")


def _together(edges: pl.DataFrame, listed: pl.DataFrame, held: Held) -> pl.DataFrame:
    """(party_id, entry_id, owned) of firms that listed parties own in the aggregate, once an entry with a part."""
    found = owned_by(edges, listed["party_id"].unique().sort(), Bound.of(held))
    holders = listed.select(owner="party_id", entry_id="entry_id")
    firms = found.select("party_id", owned="aggregate")
    rows = [firms.clear().with_columns(entry_id=pl.lit(None, pl.String)).select("party_id", "entry_id", "owned")]
    for step in range(1, found.select(pl.col("steps").max().fill_null(0)).item() + 1):
        below = found.filter(pl.col("steps") == step).select("party_id")
        part = edges.join(below, left_on="owned", right_on="party_id", how="semi").join(holders, on="owner")
        of = part.select(party_id="owned", entry_id="entry_id").unique().join(firms, on="party_id")
        rows.append(of.select("party_id", "entry_id", "owned"))
        holders = pl.concat([holders, of.select(owner="party_id", entry_id="entry_id")]).unique()
    return pl.concat(rows).unique()


def _run_by(night: NightFrames, edges: pl.DataFrame, holders: pl.DataFrame) -> pl.DataFrame:
    """(party_id, entry_id, owned, controlled) of firms whose every director is listed, and that nobody else owns.

    Who else holds more than half could appoint others: such a firm is not counted. Agents and nominees direct nothing.
    """
    seats = current_ownership(night.ownership, night.run_date).filter(pl.col("role") == "director").select(
        owner="owner_party_id", party_id="owned_party_id").unique().collect()  # fmt: skip
    mine = seats.join(holders.select(owner="party_id", entry_id="entry_id"), on="owner")
    free = seats.join(holders, left_on="owner", right_on="party_id", how="anti")
    shares = edges.select("owner", "share", party_id="owned")
    others = shares.join(holders, left_on="owner", right_on="party_id", how="anti").filter(pl.col("share") > _HALF)
    run = mine.join(free, on="party_id", how="anti").join(others, on="party_id", how="anti")
    held = shares.join(holders, left_on="owner", right_on="party_id", how="semi")
    of = held.group_by("party_id").agg(owned=pl.col("share").sort().sum())
    told = run.join(of, on="party_id", how="left").with_columns(
        pl.col("owned").fill_null(0.0), controlled=pl.lit(value=True)
    )
    return told.select("party_id", "entry_id", "owned", "controlled").unique()


def _marks(night: NightFrames, parameters: ExposureParameters) -> pl.DataFrame:
    """One row a (party, mark): contacts, and owners and directors, that few enough have in common."""
    contacts = marks(night.parties, ("phone", "email", "address"))
    held = current_ownership(night.ownership, night.run_date).filter(pl.col("role") != "agent")
    seats = pl.col("owned_party_id").n_unique().over("owner_party_id")
    few = held.filter(seats <= MOST_SEATS)
    people = few.select(party_id="owned_party_id", kind=pl.lit("owner"), mark="owner_party_id")
    themselves = held.select(party_id="owner_party_id", kind=pl.lit("owner"), mark="owner_party_id")
    every = pl.concat([contacts, people, themselves]).unique()
    sharers = pl.len().over("kind", "mark")
    return every.filter((pl.col("kind") == "owner") | (sharers <= parameters.most_sharers)).collect()


def successors(night: NightFrames, listed: pl.DataFrame, parameters: ExposureParameters) -> pl.DataFrame:
    """Firms made soon after the listing of a party with whom they share people or contacts: SUCCESSORS."""
    dated = listed.filter("sanctioned").drop_nulls("listed_on").select("party_id", "entry_id", "listed_on")
    if dated.is_empty():
        return pl.DataFrame(schema=SUCCESSORS)
    held = _marks(night, parameters)
    theirs = held.join(dated.select(old="party_id", entry_id="entry_id", listed_on="listed_on"),
                       left_on="party_id", right_on="old").rename({"party_id": "old"})  # fmt: skip
    born = night.parties.filter(pl.col("party_type") == "organisation").select(
        "party_id", born="born_or_incorporated_on"
    )
    shared = held.join(theirs, on=("kind", "mark")).filter(pl.col("party_id") != pl.col("old"))
    young = shared.join(born.collect(), on="party_id").filter(
        (pl.col("born") - pl.col("listed_on")).is_between(timedelta(0), timedelta(days=parameters.successor_days)),
        pl.col("born") <= night.run_date,
    )
    counted = young.group_by("party_id", "entry_id").agg(
        successor=pl.struct("kind", "mark").n_unique().cast(pl.Float64),
        sure=pl.col("kind").is_in((*_PEOPLE, *_CONTACTS)).any(),
    )
    return counted.filter("sure").select(SUCCESSORS.names()).sort("party_id", "entry_id")
