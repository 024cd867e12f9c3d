"""Watchlist exposure: listed ones under their own and other names, what they own and pay, and who only looks so."""

from datetime import date, timedelta
from typing import Any

from tests.cases import Case
from tests.town import NIGHT, Town

LISTED = date(2024, 5, 2)
GIVEN = ("Ada", "Benno", "Carla", "Dario", "Elin", "Farid", "Greta", "Hugo", "Inez", "Jonas")
FAMILY = ("Abbot", "Bruns", "Castro", "Dahl", "Egger", "Faro", "Grant", "Holm", "Ibarra", "Jansen")
FIRST, SECOND = ("Golden", "Silver", "Blue", "North", "Star"), ("Trading", "Foods", "Logistics", "Works")


def accounts(*names: str) -> frozenset[str]:
    return frozenset(f"acc.{name}" for name in names)


def enter(town: Town, name: str, **about: Any) -> str:  # noqa: ANN401
    """Put a name on the list; a sanctioned person of the US unless said otherwise. Returns its id."""
    row = {"entry_id": f"E{len(town.watchlist)}", "list_name": "LIST", "name": name, "aliases": [], "country": "US"}
    town.watchlist.append(row | {"entity_type": "person", "programme": "SDNTK", "listed_on": LISTED} | about)
    return str(row["entry_id"])


def place(persons: int = 70, firms: int = 40) -> Town:
    """Build people and firms whose names are made of the same few words, and who pay one another."""
    town = Town()
    for number in range(firms):
        name = f"{FIRST[number % 5]} {SECOND[number % 4]} {number} LLC"
        town.company(f"firm{number}", name=name, industry_code="4711", annual_turnover_usd=600_000)
    for number in range(persons):
        name = f"{GIVEN[number % 10]} {FAMILY[number * 7 % 10 if number < 50 else number % 10]}"
        town.person(f"person{number}", name=name, annual_turnover_usd=48_000, occupation="clerk")
        for day in (3, 17, 31):
            town.pay(day, f"firm{number % firms}", f"person{number}", 1_850, channel="ach")
        for day in (6, 20):
            town.pay(day, f"person{number}", f"firm{number * 3 % firms}", 60 + number, channel="card")
    return town


def deal(town: Town, party: str, usd: float = 40_000) -> Town:
    """Let a party be paid and pay, by firms that do much else."""
    town.pay(10, "firm1", party, usd)
    town.pay(15, party, "firm2", usd * 0.7)
    return town


def holder(name: str, listed: str, **about: Any) -> Town:  # noqa: ANN401
    """Build a customer of a name, and an entry of another."""
    town = place()
    enter(town, listed, **about)
    if about.get("entity_type") == "organisation":
        town.company("it", name=name)
    else:
        town.person("it", name=name, annual_turnover_usd=50_000)
    return deal(town, "it")


def owned(share: float, second: float | None = None, *, layers: int = 1) -> Town:
    """Build a firm of which one listed person, or two, hold a share, directly or through firms of their own."""
    town = place()
    for owner, part in (("boss", share), ("partner", second)):
        if part is None:
            continue
        name = "Zorabek Tumaril Qesnadin" if owner == "boss" else "Halvenko Murdisan Peqari"
        enter(town, name)
        town.person(owner, name=name)
        for layer in range(1, layers):
            town.company(f"{owner}.{layer}", name=f"Green {owner} {layer} Ltd")
            town.own(owner if layer == 1 else f"{owner}.{layer - 1}", f"{owner}.{layer}", share=0.6)
        town.own(owner if layers == 1 else f"{owner}.{layers - 1}", "target", share=part)
    town.company("target", name="Red Harbour Supplies")
    return deal(town, "target")


def successor(*, days: int = 30, shared: bool = True, listed: date | None = NIGHT - timedelta(days=300)) -> Town:
    """Build a listed firm without payments, and one made some days after the listing with its director."""
    town = place()
    enter(town, "Qasvorin Belmatek Shipping", entity_type="organisation", listed_on=listed)
    town.company("old", name="Qasvorin Belmatek Shipping Ltd")
    town.company("new", name="Red Harbour Supplies",
                 born_or_incorporated_on=NIGHT - timedelta(days=300) + timedelta(days=days))  # fmt: skip
    town.own("person5", "old", role="director")
    town.own("person5" if shared else "person6", "new", role="director")
    return deal(town, "new")


def listed_payer() -> Town:
    town = place()
    enter(town, "Qasvorin Belmatek Shipping", entity_type="organisation")
    town.company("listed", name="Qasvorin Belmatek Shipping Ltd")
    return town


def paid(payments: int = 3, usd: float = 9_000, *, even: bool = False) -> Town:
    """Build a listed firm that pays one person, in sums of all sizes or every other week the same."""
    town = listed_payer()
    for number in range(payments):
        town.pay(4 + 14 * number, "listed", "person3", usd if even else usd * (1 + 0.4 * number))
    return town


def carried(*, hours: float = 20, kept: float = 0.04, stop: str | None = None) -> Town:
    """Build a listed firm whose money goes on from one person to another; `stop`: through a firm of that licence."""
    town = listed_payer()
    between = "person3"
    if stop:
        between = town.company("hub", name="Middle Payments", licence=stop)
    for number in range(3):
        usd = 9_000 + 3_300 * number
        town.pay(4 + 11 * number, "listed", between, usd)
        town.pay(4 + 11 * number + hours / 24, between, "person4", usd * (1 - kept))
    return town


def custom() -> Town:
    """Build what a listed firm pays as anybody does: wages, a landlord, a supplier among many, a used car."""
    town = paid(3, 2_100, even=True)
    town.company("landlord", name="Grey House Lettings", industry_code="6810")
    town.company("power", name="City Power", industry_code="3510")
    town.company("bank", name="Main Bank", licence="bank", account_type="internal")
    for number in range(12):
        town.pay(2 + 3 * number, f"person{20 + number}", "landlord", 1_400)
    for day in (5, 33):
        town.pay(day, "listed", "landlord", 3_000)
        town.pay(day, "listed", "power", 800)
        town.pay(day, "listed", "bank", 12_000 + day)
    for number in range(8):
        town.pay(3 + 4 * number, f"firm{number}", "firm9", 5_000)
    town.pay(9, "listed", "firm9", 3_000)
    town.pay(22, "listed", "firm9", 2_200)
    town.pay(12, "listed", "person8", 8_500)
    return town


def said(text: str, **about: Any) -> Town:  # noqa: ANN401
    """Build a payment of ordinary people with a text, in a town where others write of rent and repairs."""
    town = place()
    enter(town, "Zorabek Tumaril Qesnadin", **about)
    for number in range(30):
        town.pay(number, f"person{number}", f"firm{number}", 700, purpose=f"rent {number} {FAMILY[number % 10]}")
    town.pay(12, "person7", "firm3", 4_000, purpose=text)
    return town


def official(
    payments: int = 5, usd: float = 1_900, *, trade: str | None = "5229", work: str = "customs officer"
) -> Town:
    """Build an official whom two firms of a trade, and an owner of one, pay again and again."""
    town = place()
    town.person("official", name="Ada Holm", occupation=work, annual_turnover_usd=40_000)
    town.company("office", name="City Treasury", account_type="government")
    for payer in ("carrier", "trader"):
        town.company(payer, name=f"{payer} company", industry_code=trade)
    town.person("owner", name="Hugo Grant", annual_turnover_usd=50_000)
    town.own("owner", "carrier", share=1.0)
    for day in (2, 16, 30):
        town.pay(day, "office", "official", 1_530)
    for number in range(payments):
        payer = ("carrier", "trader", "owner")[number % 3]
        town.pay(3 + 7 * number, payer, "official", usd * (1 + 0.2 * number))
    return town


def seconded() -> Town:
    """Build a police officer with an even wage of a haulage firm for weekend shifts."""
    town = official(0, work="police officer")
    for day in (4, 18, 32):
        town.pay(day, "carrier", "official", 1_000)
    return town


PERSON, FIRM = "Zorabek Tumaril Qesnadin", "Qasvorin Belmatek Shipping Co Ltd"
PAYERS = ("official", "carrier", "trader", "owner")
CASES = (
    Case("a listed person under that very name", "fires", lambda: holder(PERSON, PERSON), accounts("it")),
    Case("other letters and another order", "fires", lambda: holder("QESNADYN, Zorabec Tumaril", PERSON),
         accounts("it")),
    Case("another legal form, and one letter", "fires",
         lambda: holder("Qasworin Belmatek Shipping GmbH", FIRM, entity_type="organisation"), accounts("it")),
    Case("under an alias, no country known", "fires",
         lambda: holder(PERSON, "The Old Man", aliases=[PERSON], country=None), accounts("it")),
    Case("listed after the payments", "fires", lambda: holder(PERSON, PERSON, listed_on=NIGHT), accounts("it")),
    Case("owned whole", "fires", lambda: owned(1.0), accounts("target", "boss")),
    Case("owned by two through two layers", "fires", lambda: owned(0.3, 0.3, layers=2),
         accounts("target", "boss", "partner", "boss.1", "partner.1")),
    Case("a new firm with the director of a listed one", "fires", successor, accounts("old", "new")),
    Case("paid by a listed one again and again", "fires", paid, accounts("listed", "person3")),
    Case("carried on", "fires", carried, accounts("listed", "person3", "person4")),
    Case("a text names a listed one", "fires", lambda: said("loan for Tumaril Qesnadin Zorabek"),
         accounts("person7", "firm3")),
    Case("an official paid by carriers and an owner", "fires", official, accounts(*PAYERS)),
    Case("a namesake with common words", "silent", lambda: holder("Carla Holm", "Carla Holm", country="MX")),
    Case("a firm with the same weak words", "silent",
         lambda: holder("Golden Star Trading LLC", "Golden Star Trading Company", entity_type="organisation")),
    Case("delisted", "silent", lambda: holder(PERSON, PERSON, delisted_on=NIGHT)),
    Case("not yet listed", "silent", lambda: holder(PERSON, PERSON, listed_on=NIGHT + timedelta(days=1))),
    Case("a vessel of that name", "silent", lambda: holder(PERSON, PERSON, entity_type="vessel")),
    Case("exposed, and no more", "silent", lambda: holder(PERSON, PERSON, programme="PEP; minister of transport")),
    Case("kin", "silent", lambda: holder(PERSON, PERSON, programme="RCA", list_name="PEPS")),
    Case("a text with a common name", "silent", lambda: said("rent for Zorabek and Tumaril")),
    Case("an official with a wage", "silent", lambda: official(0)),
    Case("an official with a second job", "silent", seconded),
    Case("a clerk whom carriers pay", "silent", lambda: official(work="clerk")),
    Case("an official whom shops pay", "silent", lambda: official(trade="4711")),
    Case("a minority", "boundary", lambda: owned(0.49), accounts()),
    Case("half", "boundary", lambda: owned(0.5), accounts("target", "boss")),
    Case("a day short of the listing", "boundary", lambda: successor(days=-1)),
    Case("two payments to an official", "boundary", lambda: official(2, 9_000)),
    Case("three", "boundary", lambda: official(3, 2_000), accounts(*PAYERS)),
    Case("wages and bills of a listed firm", "boundary", custom, accounts("listed")),
    Case("through a licensed payer", "boundary", lambda: carried(stop="psp"), accounts("listed")),
    Case("another director", "boundary", lambda: successor(shared=False)),
)  # fmt: skip
