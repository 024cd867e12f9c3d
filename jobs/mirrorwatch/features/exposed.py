"""Parties behind whom a listed one stands: context for what they do with money, never guilt by itself."""

from datetime import date

import polars as pl

from mirrorwatch.features.majority import Bound, owned_by
from mirrorwatch.features.ownership_chains import links
from mirrorwatch.features.ties import CONTROLLING_SHARE, current_ownership

ITSELF, HOLDER = "itself", "holder"
EXPOSED = pl.Schema({"party_id": pl.String(), "how": pl.String()})
# What context calls owned: half, at any depth. Which rule binds whom is for the detector of exposure to say.
_HALF = Bound(0.5, inclusive=True)


def exposed(listed: pl.LazyFrame | None, ownership: pl.LazyFrame, run_date: date) -> pl.DataFrame:
    """One row a party that is a listed one (`itself`), or whose holder or owner through layers is one: EXPOSED, sorted.

    `listed` has party_id and `sanctioned`; None where nobody looked, and then nobody is told. Exposed persons without a
    sanction are no listed ones, and an agent holds nothing.
    """
    if listed is None:
        return pl.DataFrame(schema=EXPOSED)
    own = listed.filter("sanctioned").select("party_id").unique().collect()
    if own.is_empty():
        return pl.DataFrame(schema=EXPOSED)
    controls = (pl.col("role") != "shareholder") | (pl.col("share").fill_null(1.0) >= CONTROLLING_SHARE)
    held = current_ownership(ownership, run_date).filter(pl.col("role") != "agent", controls)
    direct = held.join(own.lazy(), left_on="owner_party_id", right_on="party_id", how="semi")
    below = owned_by(links(ownership, run_date).collect(), own["party_id"].sort(), _HALF)
    under = pl.concat([direct.select(party_id="owned_party_id").collect(), below.select("party_id")]).unique()
    other = under.join(own, on="party_id", how="anti")
    parts = ((own, ITSELF), (other, HOLDER))
    return pl.concat(part.select("party_id", how=pl.lit(how)) for part, how in parts).sort("party_id")
