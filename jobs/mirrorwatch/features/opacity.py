"""Who hides behind a company: identifiers shared with others, and ownership that reaches no person or runs in a circle.

What is not given says nothing: a company without an owner's row is unknown, not opaque.
"""

from datetime import date

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from mirrorwatch.features.ties import current_ownership

REGISTERED_PERSON = ":person:"  # in the id of a person whom the bank does not know, as `ownership import` makes it
IDENTIFIERS = ("address", "phone", "email")


def identifiers(parties: pl.LazyFrame, crowd: int) -> pl.LazyFrame:
    """One row a (party, identifier) of organisations: party_id, kind, mark, crowded (more than `crowd` share it).

    Marks are compared without case, spaces or punctuation. A crowded one is a registered agent's or a shared office.
    """
    marks = (
        parties.filter(pl.col("party_type") == "organisation")
        .select("party_id", pl.col(IDENTIFIERS).str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}@]+", ""))
        .unpivot(index="party_id", on=list(IDENTIFIERS), variable_name="kind", value_name="mark")
        .filter(pl.col("mark").str.len_chars() > 0)
    )
    crowds = marks.group_by("kind", "mark").agg((pl.len() > crowd).alias("crowded"))
    return marks.join(crowds, on=("kind", "mark"), how="left")


def seats(ownership: pl.LazyFrame, run_date: date, crowd: int) -> pl.LazyFrame:
    """One row a (company, person behind it): party_id, kind (`director`), mark, crowded. Agents are not counted."""
    held = current_ownership(ownership, run_date).filter(pl.col("role") != "agent")
    marks = held.select(
        pl.col("owned_party_id").alias("party_id"), pl.lit("director").alias("kind"), mark="owner_party_id"
    ).unique()
    crowds = marks.group_by("kind", "mark").agg((pl.len() > crowd).alias("crowded"))
    return marks.join(crowds, on=("kind", "mark"), how="left")


def _unowned(edges: pl.DataFrame, people: pl.Series) -> pl.DataFrame:
    """Owned parties whose owners lead to no person (`nowhere`), and those in a circle of owners (`circle`)."""
    nodes = pl.concat([edges["owner"], edges["owned"]]).unique().sort()
    count = len(nodes)
    rows = nodes.search_sorted(edges["owner"]).to_numpy()
    columns = nodes.search_sorted(edges["owned"]).to_numpy()
    ones = np.ones(len(rows), dtype=np.int64)
    labels = connected_components(coo_array((ones, (rows, columns)), shape=(count, count)), connection="strong")[1]
    owning = ~(
        edges["nominee"] & edges["owner"].is_in(people.implode())
    ).to_numpy()  # who holds for others owns nothing
    rows, columns = rows[owning], columns[owning]
    # one more node above every person: what is reached from it has a person at the top
    persons = np.flatnonzero(nodes.is_in(people.implode()).to_numpy())
    rows, columns = np.append(rows, np.full(len(persons), count)), np.append(columns, persons)
    above = coo_array((np.ones(len(rows), dtype=np.int64), (rows, columns)), shape=(count + 1, count + 1)).tocsr()
    reached = breadth_first_order(above, count, return_predecessors=False)
    return pl.DataFrame(
        {
            "party_id": nodes,
            "nowhere": ~np.isin(np.arange(count), reached),
            "circle": np.bincount(labels)[labels] > 1,
        }
    ).filter(pl.col("party_id").is_in(edges["owned"].implode()))


def opaque(parties: pl.LazyFrame, ownership: pl.LazyFrame, run_date: date) -> pl.DataFrame:
    """One row a party that has owners: party_id, nowhere, circle (booleans). Shareholders and nominees are owners.

    A person who is only a nominee holds for somebody who is not on record, and leads nowhere. Persons of an imported
    register are told by their ids.
    """
    edges = (
        current_ownership(ownership, run_date)
        .filter(pl.col("role").is_in(("shareholder", "nominee")))
        .group_by(pl.col("owner_party_id").alias("owner"), pl.col("owned_party_id").alias("owned"))
        .agg((pl.col("role") == "nominee").all().alias("nominee"))
        .sort("owner", "owned")
        .collect()
    )
    if edges.is_empty():
        return pl.DataFrame(schema={"party_id": pl.String(), "nowhere": pl.Boolean(), "circle": pl.Boolean()})
    people = parties.filter(pl.col("party_type") == "person").select("party_id").collect()["party_id"]
    imported = edges["owner"].filter(edges["owner"].str.contains(REGISTERED_PERSON, literal=True))
    return _unowned(edges, pl.concat([people, imported]).unique()).sort("party_id")
