"""Companies whose owners on record lead to nobody: in a circle, through layers that end, or behind a front alone.

What is not on record says nothing by itself: a company without any row is unknown. Bodies that have no owners by nature
(the state, foundations, associations, licensed institutions, funds) end a chain openly. Shares of persons, however
small each, make a company owned by persons.
"""

from datetime import date

import polars as pl

from mirrorwatch.features import control, isic
from mirrorwatch.features.opacity import REGISTERED_PERSON
from mirrorwatch.features.ownership_chains import graph, links, ultimate_owners
from mirrorwatch.features.ties import connected_parties

# ISIC divisions and groups of bodies whose owners nobody asks for: the state, schools, hospitals, homes, museums,
# associations, and banks, insurers and funds, which belong to depositors, policies and a public. Holding companies
# (642) and other finance (649) are not among them: whoever hides says that of himself.
PUBLIC = ("641", "643", "65", "84", "85", "86", "87", "88", "91", "94", "99")
# More than half in the end: less is a minority's part, and whoever holds the rest is on record.
MOSTLY = 0.5
# Where four in five companies have a shareholder on record, one that has only a director of very many stands out.
GOOD_COVERAGE = 0.8
PROFESSION = 12  # companies: more than a businessman's own, and what service firms begin with

HIDDEN = pl.Schema(
    {
        "party_id": pl.String(),
        "circle": pl.Boolean(),  # mostly owned in a circle
        "dead_end": pl.Boolean(),  # most of it leads to companies without an owner on record
        "layers": pl.Int64(),  # links up to the farthest end of a chain or, in a circle, the companies in it
        "fronted": pl.Boolean(),  # nominees, agents or a director of very many stand on record, and no owner
        "most_seats": pl.Int64(),
        "replaced_on": pl.Date(),
        "family": pl.String(),  # the smallest id among the companies that shares, of any size, join
    }
)


def public_bodies(parties: pl.LazyFrame, accounts: pl.LazyFrame) -> pl.LazyFrame:
    """Party ids (one column, unique) of bodies that no owner need stand behind."""
    trade = isic.digits()
    open_to_all = pl.any_horizontal(trade.str.starts_with(code) for code in PUBLIC).fill_null(value=False)
    by_trade = parties.filter(open_to_all | pl.col("licence").is_not_null()).select("party_id")
    by_account = accounts.filter(pl.col("account_type").is_in(("government", "nostro", "internal"))).select("party_id")
    return pl.concat([by_trade, by_account]).unique()


def _kinds(owners: pl.DataFrame, parties: pl.LazyFrame, public: pl.LazyFrame) -> pl.DataFrame:
    """`owners` with `kind`: person, public, or ending (a company, or somebody whom nothing describes)."""
    persons = parties.filter(pl.col("party_type") == "person").select(owner="party_id", person=pl.lit(value=True))
    bodies = public.select(owner="party_id", body=pl.lit(value=True))
    known = owners.lazy().join(persons, on="owner", how="left").join(bodies, on="owner", how="left").collect()
    person = pl.col("person").is_not_null() | pl.col("owner").str.contains(REGISTERED_PERSON, literal=True)
    return known.with_columns(
        kind=pl.when(person)
        .then(pl.lit("person"))
        .when(pl.col("body").is_not_null())
        .then(pl.lit("public"))
        .otherwise(pl.lit("ending"))
    )


def _ends(edges: pl.DataFrame, parties: pl.LazyFrame, public: pl.LazyFrame) -> pl.DataFrame:
    """One row an owned party: named and ending (supposed shares in the end), layers of chains that end."""
    kind, part = pl.col("kind"), pl.col("supposed")
    return (
        _kinds(ultimate_owners(edges), parties, public)
        .group_by("party_id")
        .agg(
            part.filter(kind != "ending").sum().round(6).alias("named"),
            part.filter(kind == "ending").sum().round(6).alias("ending"),
            pl.col("layers").filter(kind == "ending").max().alias("layers"),
        )
    )


def _circles(edges: pl.DataFrame) -> pl.DataFrame:
    """One row a party of `edges`: in_circle (companies in its circle, or 0), by_circle (what those hold of it)."""
    on = graph(edges)
    frame = pl.DataFrame({"party_id": on.nodes, "label": on.circle})
    sizes = frame.filter(pl.col("label") >= 0).group_by("label").agg(pl.len().cast(pl.Int64).alias("in_circle"))
    inside = edges.filter(pl.Series((on.circle[on.rows] >= 0) & (on.circle[on.rows] == on.circle[on.columns])))
    held = inside.group_by(party_id="owned").agg(pl.col("supposed").sum().round(6).alias("by_circle"))
    return (
        frame.join(sizes, on="label", how="left")
        .join(held, on="party_id", how="left")
        .select("party_id", pl.col("in_circle").fill_null(0), pl.col("by_circle").fill_null(0.0))
    )


def hidden(
    parties: pl.LazyFrame, accounts: pl.LazyFrame, ownership: pl.LazyFrame, run_date: date, handover_days: int
) -> pl.DataFrame:
    """One row an organisation with anybody on record, sorted: HIDDEN. Cost: that of the ownership rows alone."""
    public = public_bodies(parties, accounts)
    companies = parties.filter(pl.col("party_type") == "organisation").join(public, on="party_id", how="anti")
    edges = links(ownership, run_date).collect()
    ends = _ends(edges, parties, public)
    named = pl.col("named").fill_null(0.0)
    # A person with a tenth in a circle that holds the rest of itself gets all of the gain, and none of the say.
    circle = (pl.col("in_circle") > 0) & ((named < MOSTLY) | (pl.col("by_circle") >= MOSTLY))
    ending = pl.col("ending").fill_null(0.0)
    # what only a closed circle owns has no end at all
    covered = _covered(companies, accounts, edges)
    very_many = pl.lit(covered >= GOOD_COVERAGE) & (pl.col("most_seats") >= PROFESSION)
    stands = (pl.col("nominees") > 0) | (pl.col("agents") > 0) | ((pl.col("directors") > 0) & very_many)
    nobody = (pl.col("shareholders") == 0) & stands
    closed = pl.col("in_circle").is_not_null() & (pl.col("shareholders") > 0) & (named + ending == 0)
    return (
        control.fronts(ownership, run_date)
        .join(companies.select("party_id"), on="party_id", how="semi")
        .join(ends.lazy(), on="party_id", how="left")
        .join(_circles(edges).lazy(), on="party_id", how="left")
        .join(control.handovers(ownership, run_date, handover_days), on="party_id", how="left")
        .with_columns(
            circle=(circle | closed).fill_null(value=False),
            dead_end=(ending > 0) & (ending > named) & ~circle.fill_null(value=False),
            layers=pl.max_horizontal(pl.col("layers").fill_null(0), pl.col("in_circle").fill_null(0)),
        )
        .with_columns(fronted=nobody | ((pl.col("nominees") > 0) & pl.col("dead_end")))
        .join(families(edges, parties).lazy(), on="party_id", how="left")
        .with_columns(pl.col("family").fill_null(pl.col("party_id")))
        .select(HIDDEN.names())
        .sort("party_id")
        .collect()
    )


def _covered(companies: pl.LazyFrame, accounts: pl.LazyFrame, edges: pl.DataFrame) -> float:
    """Share of the companies with a business account whose shareholders are on record."""
    held = accounts.filter(pl.col("account_type") == "business").select("party_id")
    known = edges.lazy().select(party_id="owned", owned=pl.lit(value=True)).unique()
    mine = companies.select("party_id").join(held, on="party_id", how="semi").join(known, on="party_id", how="left")
    return float(mine.select(pl.col("owned").is_not_null().mean().fill_null(0.0)).collect().item())


def families(edges: pl.DataFrame, parties: pl.LazyFrame) -> pl.DataFrame:
    """One row a company that holds, or is held by, another's shares: party_id, family. Persons join nobody here."""
    persons = parties.filter(pl.col("party_type") == "person").select(owner="party_id").collect()
    between = edges.join(persons, on="owner", how="anti").filter(
        ~pl.col("owner").str.contains(REGISTERED_PERSON, literal=True)
    )
    return joined(between.select("owner", "owned"))


def joined(pairs: pl.DataFrame) -> pl.DataFrame:
    """One row a party of `pairs` (two columns of ids): party_id, and the smallest id it is joined with as `family`."""
    edges = pairs.rename(dict(zip(pairs.columns, ("owner_party_id", "owned_party_id"), strict=True))).unique()
    return connected_parties(edges).rename({"group_id": "family"}).sort("party_id")
