"""Cases of trade-based laundering: a harbour town with honest trade, and in it one firm or pair at a time."""

from collections.abc import Callable
from datetime import date

from tests.cases import Case
from tests.town import Town

GOODS, MAKER, SERVICES, ONLINE = "4690", "2599", "6201", "4791"
WHILE_FREE = date(2024, 5, 31)  # parcels of up to 800 US dollars entered free of duty then


def town(day: date = date(2026, 3, 31)) -> Town:
    """Sixteen pairs of firms, five payments each: three in five have a document, most of those name their payment."""
    made = Town(night_of=day)
    for number in range(16):
        importer = made.company(f"honest{number}", industry_code=GOODS)
        exporter = made.company(f"maker{number}", country="CN", industry_code=MAKER)
        for order in range(5):
            usd = 9_137 + 1_571 * ((number * 5 + order * 7) % 23)
            paid = made.pay(2 + order * 8 + number / 3, importer, exporter, usd)
            if (number + order) % 5 < 3:
                about = {"transaction_id": paid} if (number + order) % 4 else {}
                made.ship(
                    order * 8 + number / 3,
                    exporter,
                    importer,
                    usd + (number % 5 - 2) * 40,
                    parcels=20 + order * 31 + number,
                    **about,
                )
    return made


def pair(made: Town, **about: str) -> None:
    made.company("buyer", industry_code=GOODS, **about)
    made.company("seller", country="CN", industry_code=MAKER)


BOTH = frozenset({"acc.buyer", "acc.seller"})


def invoiced(*shares: float, tied: bool = True, usd: float = 20_000) -> Callable[[], Town]:
    """Payments at `shares` of what their documents state."""

    def made() -> Town:
        place = town()
        pair(place)
        for number, share in enumerate(shares):
            value = usd + 3_711 * (number * 5 % 9)
            paid = place.pay(6 + number * 4, "buyer", "seller", round(value * share, 2))
            about = {"transaction_id": paid} if tied else {}
            place.ship(3 + number * 4, "seller", "buyer", value, parcels=40 + number * 17, **about)
        return place

    return made


def paid_for_others() -> Town:
    """Build an over-invoicing pair some of whose documents a third firm pays."""
    place = town()
    pair(place)
    place.company("third", country="HK")
    for number, share in enumerate((1.8, 2.1, 1.6, 2.4, 1.9, 2.0)):
        value = 20_000 + 3_711 * (number * 5 % 9)
        payer = "third" if number % 3 == 2 else "buyer"
        paid = place.pay(6 + number * 4, payer, "seller", round(value * share, 2))
        place.ship(3 + number * 4, "seller", "buyer", value, parcels=40 + number * 17, transaction_id=paid)
    return place


def settled_in_parts(times: float, share: float | None = None) -> Callable[[], Town]:
    """Invoices paid in two parts that come to `times` of them: the first is `share` of it, or any."""

    def made() -> Town:
        place = town()
        pair(place)
        for number in range(9):
            value = 20_000 + 3_711 * (number * 5 % 9)
            first = share or (0.41, 0.57, 0.63, 0.36, 0.52, 0.69, 0.44, 0.31, 0.6)[number]
            part = place.pay(3 + number * 4, "buyer", "seller", round(value * times * first, 2))
            place.pay(7 + number * 4, "buyer", "seller", round(value * times * (1 - first), 2))
            about = {"transaction_id": part} if number % 2 else {}
            place.ship(1 + number * 4, "seller", "buyer", value, parcels=40 + number * 17, **about)
        return place

    return made


def of_nothing(parcels: int, others: int = 30) -> Callable[[], Town]:
    """Documents that state so few parcels; of the honest ones, each of the first so many pairs has one such."""

    def made() -> Town:
        place = invoiced(*[1.0] * 9)()
        for number, document in enumerate(place.documents):
            ours = document["importer_party_id"] == "buyer"
            if ours or (number % 3 == 0 and number < others):
                document["parcels"] = parcels
        return place

    return made


def of_one_group() -> Town:
    place = invoiced(1.6, 1.5, 1.7, 1.55, 1.6)()
    place.company("parent")
    place.own("parent", "buyer", share=1.0)
    place.own("parent", "seller", share=1.0)
    return place


def corrected() -> Town:
    """Invoices paid wrongly, sent back, and paid again as the documents say."""
    place = town()
    pair(place)
    for number in range(4):
        value = 20_000 + 3_000 * number
        wrong = place.pay(5 + number * 9, "buyer", "seller", value * 1.5)
        place.pay(6 + number * 9, "seller", "buyer", value * 1.5, reverses_transaction_id=wrong)
        right = place.pay(7 + number * 9, "buyer", "seller", value)
        place.ship(4 + number * 9, "seller", "buyer", value, transaction_id=right)
    return place


def deposits() -> Town:
    """Thirty percent in advance, the rest on shipment, which is what the document names."""
    place = town()
    pair(place)
    for number in range(6):
        value = 30_000 + 4_900 * (number * 5 % 7)
        if number > 2:
            place.pay(number * 7 - 20, "buyer", "seller", value * 0.3)
        rest = place.pay(number * 7 + 3, "buyer", "seller", value * 0.7)
        place.ship(number * 7, "seller", "buyer", value, transaction_id=rest)
    return place


def shipped_in_parts() -> Town:
    """Three shipments under one invoice; one of their documents names the payment."""
    place = town()
    pair(place)
    for number in range(5):
        values = [9_000 + 700 * ((number + part * 3) % 6) for part in range(3)]
        paid = place.pay(6 + number * 7, "buyer", "seller", sum(values))
        for part, value in enumerate(values):
            about = {"transaction_id": paid} if part == 0 else {}
            place.ship(3 + number * 7 + part, "seller", "buyer", value, parcels=10 + part + 5 * number, **about)
    return place


def undocumented(payments: int, *, trade: str = MAKER, round_sums: bool = True) -> Callable[[], Town]:
    """Payments for goods without a single document."""

    def made() -> Town:
        place = town()
        place.company("buyer", industry_code=GOODS)
        place.company("seller", country="CN", industry_code=trade)
        for number in range(payments):
            usd = 31_000 + 7_000 * (number * 5 % 11)
            place.pay(3 + number * 2.6, "buyer", "seller", usd if round_sums else usd + 137.21)
        return place

    return made


def paid_again(*days: float, documents: int = 1, change: float = 0.0) -> Callable[[], Town]:
    """One shipment, paid on `days`; `documents` of it, their values changed a little."""

    def made() -> Town:
        place = town()
        pair(place)
        for number, day in enumerate(days):
            usd = round(48_250 * (1 + change * (number % 3)), 2)
            paid = place.pay(day, "buyer", "seller", usd)
            if number < documents:
                place.ship(2 + number, "seller", "buyer", usd, transaction_id=paid, parcels=144)
        return place

    return made


def by_others(*, after: float = 3, listed: bool = False) -> Callable[[], Town]:
    """Shipments of a documented pair that three others pay again days later; or a size that all customers pay."""

    def made() -> Town:
        place = town()
        pair(place)
        others = [place.company(f"third{number}", country=("HK", "AE", "MX")[number]) for number in range(3)]
        customers = [place.company(f"customer{number}", industry_code=GOODS) for number in range(4 if listed else 0)]
        for order in range(4):
            usd = 31_000 if listed else 23_411 + 4_207 * order
            for buyer in ("buyer", *customers):
                paid = place.pay(4 + 9 * order, buyer, "seller", usd)
                place.ship(1 + 9 * order, "seller", buyer, usd, parcels=40 + 7 * order, transaction_id=paid)
            for number, other in enumerate(others):
                place.pay(4 + 9 * order + after + number / 3, other, "seller", usd * (0.996 + 0.004 * number))
        return place

    return made


def alike_by_chance() -> Town:
    """Build deposits and balances of several orders, some nearly alike, all of which the documents cover."""
    place = town()
    pair(place)
    for number, (usd, first) in enumerate(((40_000, 0.3), (30_000, 0.4), (17_200, 0.7), (61_000, 0.3), (12_100, 1.0))):
        place.pay(2 + 6 * number, "buyer", "seller", usd * first)
        if first < 1:
            place.pay(9 + 7.3 * number, "buyer", "seller", usd * (1 - first))
        place.ship(5 + 7 * number, "seller", "buyer", usd, parcels=11 + number)
    return place


def made_out_anew(*days: float, change: float = 0.045, kinds: int = 3) -> Callable[[], Town]:
    """Papers of so many shipments, each made out and paid on `days` again at a changed value; and honest ones."""

    def made() -> Town:
        place = invoiced(1, 1.01, 0.99, 1)()
        for kind in range(kinds):
            for number, day in enumerate(days):
                changed = 1 + change * (number * 2 % 3) + change / 3 * (number % 2)
                usd = int((17_000 + 6_211 * kind) * changed)
                paid = place.pay(day + kind + 2, "buyer", "seller", usd)
                place.ship(day + kind, "seller", "buyer", usd, parcels=126 + kind * 41, transaction_id=paid)
        return place

    return made


def given_back() -> Town:
    """Paid three times by mistake; two came back, without the mark of a reversal."""
    place = paid_again(5, 9, 14)()
    place.pay(15, "seller", "buyer", 48_250)
    place.pay(16, "seller", "buyer", 48_250)
    return place


def priced(share: float) -> Callable[[], Town]:
    """Pay what documents state, at `share` of the price per piece that all others pay for the same goods."""

    def made() -> Town:
        place = town()
        pair(place)
        for number in range(36):
            paid = place.pay(2 + number, f"honest{number % 9}", f"maker{number % 9}", 50.5 * (300 + 7 * number))
            about = {"transaction_id": paid, "hs_code": "610910"}
            place.ship(1 + number, f"maker{number % 9}", f"honest{number % 9}", 50.5 * (300 + 7 * number),
                       parcels=300 + 7 * number, **about)  # fmt: skip
        for number in range(6):
            count = 410 + 23 * number
            paid = place.pay(5 + number * 6, "buyer", "seller", 50 * share * count)
            place.ship(3 + number * 6, "seller", "buyer", 50 * share * count, parcels=count, hs_code="610910",
                       transaction_id=paid)  # fmt: skip
        return place

    return made


def parcels(day: date, *values: float) -> Callable[[], Town]:
    """Documents of parcels with these values each, from two exporters, paid by the lot."""

    def made() -> Town:
        place = town(day)
        pair(place)
        place.company("second", country="HK", industry_code=MAKER)
        for number, value in enumerate(values):
            seller = "second" if number % 2 else "seller"
            count = 12 + number
            paid = place.pay(5 + number * 3, "buyer", seller, value * count)
            origin = {"origin_country": "HK"} if number % 2 else {}
            place.ship(4 + number * 3, seller, "buyer", value * count, parcels=count, transaction_id=paid, **origin)
        return place

    return made


UNDER = (781, 792, 768, 795, 774, 788, 799, 783)


def seller_of(
    trade: str | None,
    *,
    forwarded: float = 0.92,
    bought: float = 0.0,
    bought_by: str = "ach",
    to: int = 3,
    abroad: bool = True,
    documents: bool = False,
    lag: float = 1.0,
) -> Callable[[], Town]:
    """Let a firm be paid from abroad, or by a processor, buy for a share of it and pass a share on to persons."""

    def made() -> Town:
        place = town() if documents else Town()
        place.company("front", industry_code=trade)
        place.company("wholesaler", industry_code="4649")
        for number in range(3):
            place.company(f"customer{number}", country="MX", industry_code=GOODS)
        place.company("processor", licence="psp")
        for number in range(to):
            place.person(f"friend{number}")
        for number in range(12):
            usd = 11_700 + 1_300 * (number * 5 % 7)
            payer = f"customer{number % 3}" if abroad else "processor"
            place.pay(2 + number * 3, payer, "front", usd)
            if bought:
                place.pay(2.5 + number * 3, "front", "wholesaler", round(usd * bought, 2), channel=bought_by)
            if forwarded:
                place.pay(2 + lag + number * 3, "front", f"friend{number % to}", round(usd * forwarded, 2))
        return place

    return made


def rebated(forwarded: float) -> Callable[[], Town]:
    """Let the state pay back taxes on purchases that were never made."""

    def made() -> Town:
        place = seller_of(GOODS, forwarded=forwarded)()
        place.company("treasury", account_type="government")
        for day in (10, 25, 40):
            place.pay(day, "treasury", "front", 5_900)
        return place

    return made


def consignors() -> Town:
    """Pay what was sold for others out to them each fortnight, less a commission."""
    place = seller_of(ONLINE, forwarded=0.0, abroad=False)()
    for number in range(9):
        place.person(f"consignor{number}")
        for day in (15, 29, 43):
            place.pay(day + number / 50, "front", f"consignor{number}", 3_700 + 211 * ((number + day) % 5))
    return place


def staffed() -> Town:
    """Software for customers abroad: nothing to buy, people to pay."""
    place = seller_of(SERVICES, forwarded=0.0)()
    for number in range(4):
        for day in (8, 22, 36):
            place.pay(day, "front", f"friend{number % 3}", 7_400 + 50 * number)
    return place


FRONT, BUYER = frozenset({"acc.front"}), frozenset({"acc.buyer"})
CASES = (
    Case("over-invoiced again and again", "fires", invoiced(1.8, 2.1, 1.6, 2.4, 1.9), BOTH),
    Case("over-invoiced, some of it paid by a third firm", "fires", paid_for_others, BOTH),
    Case("a quarter over, between honest ones", "fires", invoiced(1.25, 1, 1.3, 1.01, 1.4, 0.99, 1.28), BOTH),
    Case("over, documents name no payment", "fires", invoiced(1.3, 1.4, 1.25, 1.35, 1.3, 1.28, tied=False), BOTH),
    Case("under-invoiced by a third or more", "fires", invoiced(0.62, 0.55, 0.43, 0.66, 0.58, 0.48), BOTH),
    Case("parts that come to a third more", "fires", settled_in_parts(1.32), BOTH),
    Case("parts that come to a third less", "fires", settled_in_parts(0.68), BOTH),
    Case("documents of nothing", "fires", of_nothing(0, 0), BOTH),
    Case("goods declared at four times their price", "fires", priced(4), BOTH),
    Case("phantom shipments in round sums", "fires", undocumented(14), BOTH),
    Case("one shipment paid five times", "fires", paid_again(4, 7, 15, 19, 33), BOTH),
    Case("copies of one document, each paid", "fires", paid_again(4, 7, 15, 19, documents=4, change=0.004), BOTH),
    Case("shipments paid again by others", "fires", by_others(), frozenset({"acc.seller", "acc.third0", "acc.third1",
         "acc.third2"})),
    Case("papers made out anew, and paid", "fires", made_out_anew(4, 7, 21), BOTH),
    Case("parcels just under the limit", "fires", parcels(WHILE_FREE, *UNDER), BUYER),
    Case("issued before the limit ended, the night after", "fires", parcels(date(2025, 5, 20), *UNDER), BUYER),
    Case("export income passed on, nothing bought", "fires", seller_of(GOODS), FRONT),
    Case("marketplace income passed on, nothing bought", "fires", seller_of(ONLINE, abroad=False), FRONT),
    Case("passed on to strangers weeks later", "fires", seller_of(GOODS, forwarded=0.85, to=12, lag=17), FRONT),
    Case("some purchases for cover", "fires", seller_of(GOODS, forwarded=0.8, bought=0.12, documents=True), FRONT),
    Case("rebates beside income that is passed on", "fires", rebated(0.92), FRONT),
    Case("honest trade alone", "silent", town),
    Case("freight and insurance on top", "silent", invoiced(1.06, 1.09, 1.1, 1.05, 1.08, 1.1)),
    Case("freight on top, documents name no payment", "silent", invoiced(1.06, 1.09, 1.1, 1.05, 1.08, 1.1, tied=False)),
    Case("deposits of thirty percent", "silent", deposits),
    Case("parts that add up", "silent", settled_in_parts(1.0)),
    Case("thirty percent, then the rest", "silent", settled_in_parts(1.0, 0.3)),
    Case("documents of one parcel", "silent", of_nothing(1, 0)),
    Case("documents where nobody counts parcels", "silent", of_nothing(0)),
    Case("three shipments under one payment", "silent", shipped_in_parts),
    Case("transfer prices inside a group", "silent", of_one_group),
    Case("corrected invoices", "silent", corrected),
    Case("paid by mistake and given back", "silent", given_back),
    Case("as much, weeks later", "silent", by_others(after=14)),
    Case("what all customers pay", "silent", by_others(listed=True)),
    Case("deposits and balances that are alike by chance", "silent", alike_by_chance),
    Case("a standing order", "silent", paid_again(3, 10, 17, 24, 31, 38, documents=4)),
    Case("orders alike on even days", "silent", made_out_anew(4, 14, 24, 34)),
    Case("orders of one kind of goods alike", "silent", made_out_anew(4, 7, 21, 32, kinds=1)),
    Case("goods at a somewhat higher price", "silent", priced(1.5)),
    Case("software has no documents", "silent", undocumented(14, trade=SERVICES)),
    Case("parcels of every value", "silent", parcels(WHILE_FREE, 781, 312, 95, 540, 777, 210, 645, 130)),
    Case("parcels just under a limit that was suspended", "silent", parcels(date(2026, 3, 31), *UNDER)),
    Case("issued after the limit ended", "silent", parcels(date(2025, 6, 20), *UNDER)),
    Case("dropshipper, pays by card", "silent", seller_of(ONLINE, forwarded=0.2, bought=0.72, bought_by="card")),
    Case("commission agent", "silent", seller_of(GOODS, forwarded=0.0, bought=0.93)),
    Case("marketplace seller with stock", "silent", seller_of(ONLINE, forwarded=0.15, bought=0.6, abroad=False)),
    Case("software exporter pays its people", "silent", staffed),
    Case("consignment house", "silent", consignors),
    Case("a season's takings stay", "silent", seller_of(GOODS, forwarded=0.1)),
    Case("rebates alone", "silent", rebated(0.0)),
    Case("two payments off", "boundary", invoiced(1.8, 2.1, 1, 1.01, 0.99)),
    Case("three payments off", "boundary", invoiced(1.8, 2.1, 1.7, 1.01, 0.99), BOTH),
    Case("too few undocumented payments", "boundary", undocumented(4)),
    Case("the last day of the limit", "boundary", parcels(date(2025, 2, 3), *UNDER), BUYER),
    Case("the first day without it", "boundary", parcels(date(2025, 8, 29), *UNDER)),
    Case("five issued before the limit ended", "boundary", parcels(date(2025, 5, 27), *UNDER), BUYER),
    Case("four issued before the limit ended", "boundary", parcels(date(2025, 5, 30), *UNDER)),
    Case("a fifth of it bought", "boundary", seller_of(GOODS, forwarded=0.7, bought=0.21)),
)  # fmt: skip
