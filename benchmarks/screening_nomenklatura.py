"""Score pairs of names with nomenklatura, in its own environment.

    PYTHON screening_nomenklatura.py IN.parquet OUT.parquet

IN has the columns query, listed, kind; OUT has logic_v1 and logic_v2, in the same order. An entity holds its name and
its schema (Person or Organization) and nothing else, so that only names are compared.
"""

import sys
from functools import cache

import polars as pl
from followthemoney import EntityProxy, model
from nomenklatura.matching import LogicV1, LogicV2, ScoringConfig

SCHEMAS = {"person": "Person", "organisation": "Organization"}


@cache
def entity(name: str, kind: str) -> EntityProxy:
    """Make an entity of that kind with that one name."""
    made = model.make_entity(SCHEMAS[kind])
    made.id = name
    made.add("name", name)
    return made


def main() -> None:
    """Score every pair."""
    pairs = pl.read_parquet(sys.argv[1])
    config = ScoringConfig.defaults()
    scores = []
    for query, listed, kind in pairs.select("query", "listed", "kind").iter_rows():
        first, second = entity(query, kind), entity(listed, kind)
        scores.append((LogicV1.compare(first, second, config).score, LogicV2.compare(first, second, config).score))
    pl.DataFrame(scores, schema=["logic_v1", "logic_v2"], orient="row").write_parquet(sys.argv[2])


main()
