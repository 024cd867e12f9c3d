"""Planted schemes, one file a typology."""

from collections.abc import Callable
from typing import Any

from mirrorwatch.synth.planting import Planter
from mirrorwatch.synth.schemes.bulk_cash import plant_bulk_cash
from mirrorwatch.synth.schemes.layered_shapes import plant_layered_shape
from mirrorwatch.synth.schemes.mirror_swap import plant_mirror_swap
from mirrorwatch.synth.schemes.opaque_ownership import plant_opaque_ownership
from mirrorwatch.synth.schemes.precursor_procurement import plant_precursors
from mirrorwatch.synth.schemes.real_estate import plant_real_estate
from mirrorwatch.synth.schemes.shell_company import plant_shells
from mirrorwatch.synth.schemes.structuring import plant_structuring
from mirrorwatch.synth.schemes.trade_based import plant_trade_based
from mirrorwatch.synth.schemes.underground_banking import plant_underground_banking
from mirrorwatch.synth.schemes.watchlist_exposure import plant_watchlist_exposure
from mirrorwatch.synth.seeds import Section, generator

# Each takes the planter, the scheme's spec and its label, and adds the label with its rows.
PLANTERS: dict[str, Callable[[Planter, Any, str], None]] = {
    "mirror_swap": plant_mirror_swap,
    "shell_company": plant_shells,
    "underground_banking": plant_underground_banking,
    "structuring": plant_structuring,
    "bulk_cash": plant_bulk_cash,
    "real_estate": plant_real_estate,
    "precursor_procurement": plant_precursors,
    "trade_based": plant_trade_based,
    "round_trip": plant_layered_shape,
    "scatter_gather": plant_layered_shape,
    "gather_scatter": plant_layered_shape,
    "fan_in": plant_layered_shape,
    "fan_out": plant_layered_shape,
    "bipartite": plant_layered_shape,
    "stack": plant_layered_shape,
    "watchlist_exposure": plant_watchlist_exposure,
    "opaque_ownership": plant_opaque_ownership,
}


def plant_schemes(planter: Planter) -> None:
    """Plant every scheme of the world's spec; each has a random stream of its own."""
    spec = planter.world.spec
    wanted = [scheme for scheme in spec.schemes for _ in range(scheme.count)]
    for number, scheme in enumerate(wanted, start=1):
        planter.rng = generator(spec.seed, Section.SCHEME, number)
        label_id = f"{scheme.typology}-{scheme.difficulty}-{number:03d}"
        PLANTERS[scheme.typology](planter, scheme, label_id)
