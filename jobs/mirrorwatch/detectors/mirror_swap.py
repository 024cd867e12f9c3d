"""Mirror swap: two separate domestic payments that balance each other across a border.

A broker takes money in one country; a partner pays the same worth, less a fee, in another country and currency.
Nothing crosses the border and nothing links the two payments but worth and time. One match means nothing. What counts
is that the same accounts keep matching each other more often than their activity would by chance, alone or as a ring
of rotating accounts, in whole payments or in parts. The mathematics: `docs/mirror-swap-statistics.md`.
"""

from datetime import date

import polars as pl

from mirrorwatch.detectors.base import FINDINGS, Detector, NightFrames, Source
from mirrorwatch.detectors.context import with_context
from mirrorwatch.detectors.mirror_swap_parameters import MirrorSwapParameters
from mirrorwatch.detectors.mirror_swap_words import FLOOR, findings
from mirrorwatch.features.legs import domestic, group_settlements, legs, pairs, with_pair, without_instalments
from mirrorwatch.features.marks import marked
from mirrorwatch.features.ties import ties
from mirrorwatch.matching.corridor import Range, Tolerance
from mirrorwatch.matching.corridors import find_rings, routes, swaps
from mirrorwatch.matching.seeding import Effort

FINCEN_CMLN = Source("FinCEN Advisory FIN-2025-A003 (Chinese money laundering networks), mirror transactions", "fn 28")
FINCEN_2019 = Source("FinCEN Advisory FIN-2019-A006, mirror transfers", "informal value transfer")
FINTRAC_UB = Source("FINTRAC Operational Alert FINTRAC-2023-OA002, underground banking", "matching payments")


def _tolerance(parameters: MirrorSwapParameters, window_days: int) -> Tolerance:
    usual = parameters.usual_share
    return Tolerance(
        fee=Range(parameters.fee_low, parameters.fee_high, parameters.usual_fee_low, parameters.usual_fee_high, usual),
        lag_hours=Range(
            -parameters.paid_before_hours,
            parameters.paid_after_hours,
            -parameters.usual_before_hours,
            parameters.usual_after_hours,
            usual,
        ),
        span_hours=parameters.parts_span_hours,
        max_parts=parameters.max_parts,
        window_hours=window_days * 24.0,
        expected_swaps=parameters.expected_swaps,
    )


def _effort(parameters: MirrorSwapParameters) -> Effort:
    # The beam narrows as rings grow: eleven further members make a ring that rotates six or seven a side.
    widths = (40, 40, 40, 30, 25, 20, 15, 12, 10, 10, 10)
    return Effort(
        seeds=parameters.seeds,
        widths=widths,
        branches=2,
        per_seed=2,
        max_side=parameters.most_accounts_per_side,
        most_hits=200,
        max_pairs=parameters.most_candidates,
    )


def detect(night: NightFrames, parameters: MirrorSwapParameters) -> pl.LazyFrame:
    """Find rings of accounts that keep swapping; a FINDINGS frame, one row a ring."""
    run_date = date.fromisoformat(night.run_date_iso)
    tied = ties(night.accounts, night.parties, night.ownership, run_date, entities=night.entities)
    tied = tied.collect().lazy()
    paired = with_pair(domestic(night.transactions, tied))
    payments = without_instalments(paired, pairs(paired).collect().lazy())
    days = night.transactions.select(first=pl.col("booking_date").min(), last=pl.col("booking_date").max()).collect()
    if days["first"][0] is None:
        return pl.LazyFrame(schema=FINDINGS)
    window_days = (days["last"][0] - days["first"][0]).days + 1
    bounds = {
        "window_days": window_days,
        "least_minor": parameters.least_leg_usd * 100,
        "most_legs": parameters.most_legs_per_account,
    }
    collections, payouts = (legs(payments, side, **bounds) for side in ("collection", "payout"))
    settled = group_settlements(night.transactions, tied).collect()
    both_ways = [
        settled.select(one=pl.col(a), other=pl.col(b))
        for a, b in (("payer_group", "payee_group"), ("payee_group", "payer_group"))
    ]
    origin = int(pl.Series([days["first"][0]]).cast(pl.Datetime("us")).dt.epoch("s")[0])
    tolerance = _tolerance(parameters, window_days)
    found = find_rings(
        list(routes(marked(collections), marked(payouts), pl.concat(both_ways).unique(), tolerance, origin)),
        _effort(parameters),
        window_days=window_days,
        null_nights=parameters.moved_nights,
        rate=parameters.false_discovery_rate,
    )
    return with_context(findings(swaps(found), night, tied, settled, parameters), night)


DETECTOR = Detector(
    typology="mirror_swap",
    version="3",
    title="Mirror swaps between countries",
    summary="Accounts in two countries whose domestic payments keep balancing each other, with no tie between them.",
    parameters=MirrorSwapParameters,
    sources=(FINCEN_CMLN, FINCEN_2019, FINTRAC_UB),
    detect=detect,
    floor=FLOOR,
    needs=(
        ("watchlist", "", "exposed_members", "listed ones among those who are named are not told"),
        ("ownership", "", "own_accounts", "one owner behind both sides cannot be ruled out"),
        ("parties", "annual_turnover_usd", "income", "payments beyond the declared income are judged by the usual one"),
        ("parties", "licence", "licensed_firms", "a licence is known only where it is filled in"),
        (
            "transactions",
            "conductor_party_id",
            "strangers",
            "who stood at the counter is unknown, so every deposit looks like another stranger's",
        ),
    ),
)
