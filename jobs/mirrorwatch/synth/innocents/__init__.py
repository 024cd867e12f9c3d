"""Innocent look-alikes: who behaves like a scheme for an honest reason. One function a kind; all in one tuple."""

from collections.abc import Callable

from mirrorwatch.synth.innocents import (
    agents,
    cash,
    circles,
    companies,
    groups,
    holdings,
    homes,
    importers,
    listed,
    livelihoods,
    payments,
    persons,
    remitters,
    shipments,
    takings,
    trade,
    trustees,
)
from mirrorwatch.synth.planting import Label, Planter
from mirrorwatch.synth.seeds import Section, generator

# Plants one look-alike and returns its parties; the label then names all of their accounts.
Innocent = Callable[[Planter], list[int]]

# The position of a kind is part of what a seed means: append, never reorder.
INNOCENTS: tuple[Innocent, ...] = (
    payments.payroll_bureau,
    groups.treasury_sweep,
    groups.netting_centre,
    remitters.licensed_remitter,
    remitters.remitter_agents,
    persons.own_account_fx,
    groups.group_company_pair,
    persons.tuition,
    persons.family_support,
    payments.marketplace,
    cash.cash_retailer,
    cash.atm_operator,
    trustees.escrow,
    trustees.law_firm_client_account,
    companies.start_up_at_shared_address,
    companies.property_vehicle,
    groups.holding_company,
    trade.freight_forwarder,
    trade.dropshipper,
    payments.correspondent_nostro,
    payments.reversal_pairs,
    payments.payment_service_provider,
    agents.rent_collection,
    agents.charity,
    trade.construction_subcontractor,
    trade.commodity_trader,
    companies.seasonal_business,
    persons.expatriate,
    remitters.money_changer,
    companies.registered_agent_clients,
    persons.property_buyer,
    agents.insurance_broker,
    importers.pharmacy,
    importers.paint_maker,
    importers.university_laboratory,
    importers.general_importer,
    importers.parcel_shopper,
    importers.marketplace_seller,
    importers.consignment_seller,
    shipments.services_exporter,
    shipments.instalment_importer,
    shipments.cif_freight_on_top,
    groups.group_transfer_pricing,
    shipments.corrected_invoice,
    circles.savings_club,
    circles.friends_loan,
    circles.wholesale_chain,
    circles.franchise,
    circles.private_landlord,
    circles.wedding_payer,
    circles.dividend_payer,
    circles.builder_with_crew,
    takings.restaurant_daily_takings,
    takings.vending_operator,
    takings.church_collection,
    takings.supermarket_armoured_car,
    takings.exempt_payroll_customer,
    takings.casa_de_cambio,
    livelihoods.wedding_gifts,
    livelihoods.car_sale,
    livelihoods.taxi_driver,
    livelihoods.trip_organiser,
    livelihoods.cuckoo_victim,
    livelihoods.student_with_real_tuition,
    homes.home_buyer_with_family,
    homes.estate_planning_llc,
    homes.house_sale_then_purchase,
    homes.property_developer,
    homes.investors_club,
    holdings.listed_company,
    holdings.state_owned_firm,
    holdings.foundation,
    holdings.family_holding,
    holdings.foreign_branch,
    holdings.nominee_serviced_firms,
    holdings.sold_business,
    holdings.cross_held_family_firms,
    listed.namesake,
    listed.weak_word_firm,
    listed.minority_holding,
    listed.former_entry,
    listed.politician,
    listed.customs_officer,
    listed.paid_by_listed,
)
KINDS = tuple(innocent.__name__ for innocent in INNOCENTS)


def plant_innocents(planter: Planter) -> None:
    """Plant every kind that the spec asks for. Raises ValueError for a kind that does not exist."""
    spec = planter.world.spec
    wanted = KINDS if spec.innocent_kinds is None else spec.innocent_kinds
    if unknown := set(wanted) - set(KINDS):
        raise ValueError(f"innocent_kinds: unknown {sorted(unknown)}, known are {', '.join(KINDS)}")
    for position, (kind, plant) in enumerate(zip(KINDS, INNOCENTS, strict=True)):
        for number in range(spec.innocents if kind in wanted else 0):
            planter.rng = generator(spec.seed, Section.INNOCENT, position * 10_000 + number)
            first = planter.planted
            parties = plant(planter)
            rows = list(range(first, planter.planted))
            label = Label(f"{kind}-{number + 1:03d}", kind, "", planter.accounts_of(parties), parties, rows)
            planter.innocents.append(label)
