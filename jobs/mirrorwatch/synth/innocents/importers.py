"""Those who buy chemicals, or small things from China, because their trade or household needs them."""

import numpy as np

from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.goods import abroad_partners, buyer_and_source, chemical_firm
from mirrorwatch.synth.innocents.business import customers, deposit_cash, operate, sell, spend
from mirrorwatch.synth.moments import ONLINE
from mirrorwatch.synth.places import US
from mirrorwatch.synth.planting import Planter
from mirrorwatch.synth.population import Role
from mirrorwatch.synth.rows import CHANNEL


def _import(planter: Planter, account: int, suppliers: list[int], number: int, median_usd: float) -> None:
    """Let `account` pay suppliers abroad for documented goods on drawn days."""
    rng = planter.rng
    at = planter.office(planter.some(number), int(planter.people.account_country[account]))
    usd = median_usd * rng.lognormal(0, 0.5, number)
    planter.pay(Flow.FOREIGN, at, account, rng.choice(suppliers, number), usd=usd, currency=US,
                channel=CHANNEL["wire"], documented=1)  # fmt: skip


def pharmacy(planter: Planter) -> list[int]:
    """Plant a pharmacy: takings each weekday, medicines from wholesalers at home and from a maker abroad."""
    rng, (home, source) = planter.rng, buyer_and_source(planter)
    shop = planter.new_company(home, age_days=3_000, monthly_usd=140_000, industry_code="4772",
                               name=planter.firm_name(home, "Pharmacy"))  # fmt: skip
    account, maker = planter.account(shop), chemical_firm(planter, source)
    days = planter.weekdays()
    deposit_cash(planter, account, days, 1_900 * rng.lognormal(0, 0.3, len(days)))
    acquirer = planter.strangers(home, 1, (Role.ACQUIRER,))
    planter.pay(
        Flow.SETTLEMENT, planter.office(days, home), acquirer, account, usd=4_200 * rng.lognormal(0, 0.3, len(days))
    )
    spend(planter, account, int(planter.days / 4), 3_500)
    _import(planter, account, [maker], int(rng.integers(5, 9)), 8_000)
    operate(planter, shop, staff=4)
    return [shop, int(planter.people.account_party[maker])]


def paint_maker(planter: Planter) -> list[int]:
    """Plant a paint maker: solvents and pigments from chemical firms in several countries, sold to builders at home."""
    rng, (home, source) = planter.rng, buyer_and_source(planter)
    maker = planter.new_company(home, age_days=4_500, monthly_usd=300_000, industry_code="2022", employees=45,
                                name=planter.firm_name(home, "Paints"))  # fmt: skip
    account = planter.account(maker)
    suppliers = [chemical_firm(planter, country) for country in (source, source, planter.any_country())]
    _import(planter, account, suppliers, int(rng.integers(12, 19)), 14_000)
    sell(planter, account, int(planter.days), 8_000)
    spend(planter, account, 10, 2_500)
    operate(planter, maker, staff=10)
    return [maker, *planter.people.account_party[suppliers].tolist()]


def university_laboratory(planter: Planter) -> list[int]:
    """Plant a laboratory: grants in, many small orders of chemicals of 40 to 900 USD at home and abroad, salaries."""
    rng, (home, source) = planter.rng, buyer_and_source(planter)
    laboratory = planter.new_company(home, age_days=6_000, monthly_usd=90_000, industry_code="7210", employees=30,
                                     name=planter.firm_name(home, "Laboratory"))  # fmt: skip
    account = planter.account(laboratory)
    suppliers = [chemical_firm(planter, country) for country in (home, source, source)]
    number = int(rng.integers(25, 45))
    usd = np.clip(180 * rng.lognormal(0, 0.8, number), 40, 900)
    at = planter.office(planter.some(number), home)
    planter.pay(Flow.FOREIGN, at, account, rng.choice(suppliers, number), usd=usd, channel=CHANNEL["card"])
    months = planter.monthly()
    grant = planter.strangers(home, 1, (Role.TAX_OFFICE,))
    planter.pay(Flow.LARGE, planter.office(months, home), grant, account, usd=80_000.0, channel=CHANNEL["wire"])
    operate(planter, laboratory, staff=8)
    return [laboratory, *planter.people.account_party[suppliers].tolist()]


def general_importer(planter: Planter) -> list[int]:
    """Plant an importer of all sorts with eight suppliers in several countries, one of them chemical."""
    rng, (home, source) = planter.rng, buyer_and_source(planter)
    importer = planter.new_company(home, age_days=2_800, monthly_usd=350_000, industry_code="4690", employees=12)
    account, chemical = planter.account(importer), chemical_firm(planter, source)
    others = abroad_partners(planter, account, 7, also=source).tolist()
    _import(planter, account, others, int(rng.integers(16, 26)), 11_000)
    _import(planter, account, [chemical], 3, 9_000)
    sell(planter, account, int(planter.days * 0.8), 7_000)
    operate(planter, importer, staff=6)
    return [importer, int(planter.people.account_party[chemical])]


def parcel_shopper(planter: Planter) -> list[int]:
    """Plant a person who shops online: 25 to 50 purchases of 5 to 300 USD from a dozen unrelated sellers abroad."""
    rng, (home, source) = planter.rng, buyer_and_source(planter)
    person = planter.take(home, (Role.EMPLOYEE,))
    sellers = planter.strangers(source, 12, (Role.MERCHANT, Role.TRADER, Role.SELF_EMPLOYED))
    number = int(rng.integers(25, 50))
    at = planter.lagged(planter.office(planter.some(number), home), (-3, 10), home, ONLINE)
    usd = np.clip(45 * rng.lognormal(0, 0.9, number), 5, 300)
    channel = rng.choice([CHANNEL["card"], CHANNEL["card"], CHANNEL["p2p"]], number)
    planter.pay(Flow.CARD, at, planter.account(person), rng.choice(sellers, number), usd=usd, channel=channel)
    return [person]


def marketplace_seller(planter: Planter) -> list[int]:
    """Plant an online seller with stock: a marketplace pays it twice a week, and it buys for two thirds of that."""
    rng, (home, source) = planter.rng, buyer_and_source(planter)
    seller = planter.new_company(home, age_days=900, monthly_usd=90_000, industry_code="4791", employees=2)
    account, days = planter.account(seller), planter.weekdays()[::3]
    usd = 9_000 * rng.lognormal(0, 0.4, len(days))
    acquirer = planter.strangers(home, 1, (Role.ACQUIRER,))
    planter.pay(Flow.SETTLEMENT, planter.office(days, home), acquirer, account, usd=usd)
    makers = planter.strangers(source, 3, (Role.TRADER, Role.MANUFACTURER)).tolist()
    number = int(rng.integers(6, 11))
    _import(planter, account, makers, number, float(usd.sum()) * 0.5 / number)
    spend(planter, account, 8, float(usd.sum()) * 0.15 / 8)
    operate(planter, seller, staff=2)
    return [seller]


def consignment_seller(planter: Planter) -> list[int]:
    """Plant a shop that sells for others: card settlements in, each owner paid 70 in a hundred the week after."""
    rng, country = planter.rng, planter.any_country()
    shop = planter.new_company(country, age_days=1_500, monthly_usd=60_000, industry_code="4779", employees=3)
    account, days = planter.account(shop), planter.weekdays()
    usd = 2_300 * rng.lognormal(0, 0.5, len(days))
    acquirer = planter.strangers(country, 1, (Role.ACQUIRER,))
    planter.pay(Flow.SETTLEMENT, planter.office(days, country), acquirer, account, usd=usd)
    owners = customers(planter, country, 20)
    for week in planter.every(7).tolist():
        sold = float(usd[(days > week - 7) & (days <= week)].sum())
        chosen = rng.choice(owners, 7, replace=False)
        at = planter.lagged(planter.office(np.full(7, week), country), (0, 60), country, weekdays=True)
        planter.pay(Flow.SETTLEMENT, at, account, chosen, usd=sold * 0.7 * rng.dirichlet(np.full(7, 3.0)) + 1)
    operate(planter, shop, staff=3)
    return [shop]
