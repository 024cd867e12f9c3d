"""Real estate: one home paid by strangers, shells or small drafts, and honest buyers who look like it."""

from datetime import date, timedelta

from tests.cases import Case
from tests.town import Town

DEVELOPER, AGENT = "4100", "6820"


def accounts(*names: str) -> frozenset[str]:
    return frozenset(f"acc.{name}" for name in names)


def living(town: Town, person: str) -> None:
    """Give a person a wage, a rent and shops."""
    for shop in ("grocer", "cafe", "garage", "chemist", "landlord", "employer"):
        if shop not in {row["party_id"] for row in town.parties}:
            town.company(shop, industry_code="4711")
        paid = ("employer", person) if shop == "employer" else (person, shop)
        town.pay(1 + len(town.payments) % 9, *paid, 2_000 if shop == "employer" else 60, channel="ach")


def buyers(town: Town, names: list[str], *, home: str | None = None, income: int | None = 90_000) -> list[str]:
    for number, name in enumerate(names):
        town.person(name, address=home or f"{number} {name} street", annual_turnover_usd=income)
        living(town, name)
    return names


def escrow(clients: int = 12, *, texts: bool = True) -> Town:
    """Build an escrow agent with clients of their own files, one or two payments each."""
    town = Town()
    town.company("agent", industry_code=AGENT, account_type="escrow")
    for number, name in enumerate(buyers(town, [f"client{number}" for number in range(clients)])):
        text = f"closing file {7000 + number}" if texts else None
        for part in range(1 + number % 2):
            day = 2 + 2 * number + 9 * part
            town.pay(day, name, "agent", 31_000 + 4_700 * number + 900 * part, purpose=text)
    return town


def one_unit(
    payers: int = 5,
    *,
    parts: int = 2,
    texts: bool = True,
    channel: str = "cashiers_check",
    usd: float = 24_000,
    unit: str = "unit 1204",
    home: str | None = None,
) -> Town:
    """Build strangers with lives of their own who pay a busy escrow agent for one unit."""
    town = escrow()
    for number, name in enumerate(buyers(town, [f"payer{number}" for number in range(payers)], home=home)):
        text = (f"{unit} deposit", f"for {unit.upper()}")[number % 2] if texts else None
        for part in range(parts):
            day = 5 + 3 * number + 5 * part
            town.pay(day, name, "agent", usd + 1_700 * number + 350 * part, channel=channel, purpose=text)
    return town


def students(income: int) -> Town:
    """Build six persons of so much income each, who pay one file within twelve days, once each and by wire."""
    town = escrow()
    for number, name in enumerate(buyers(town, [f"payer{number}" for number in range(6)], income=income)):
        town.pay(5 + 2 * number, name, "agent", 31_000 + 1_700 * number, purpose="Closing 648")
    return town


def project(own: bool = True) -> Town:
    """Build a developer most of whose buyers name its project, each beside a home of their own or nothing else."""
    town = Town()
    town.company("developer", industry_code=DEVELOPER)
    for number, name in enumerate(buyers(town, [f"buyer{number}" for number in range(14)])):
        text = f"RS-2288 B-{101 + number}" if own else "RS-2288"
        town.pay(2 + 2 * number, name, "developer", 31_000 + 1_900 * number, purpose=text)
    return town


def small_drafts(payers: int = 4, each: int = 3, *, texts: bool = False, usd: float = 9_100) -> Town:
    """Build payers who each bring a developer several drafts of a little under 10,000."""
    town = Town()
    town.company("developer", industry_code=DEVELOPER)
    for number, name in enumerate(buyers(town, [f"payer{number}" for number in range(payers)])):
        for part in range(each):
            town.pay(
                3 + 2 * number + 3 * part,
                name,
                "developer",
                usd + 110 * part + 60 * number,
                channel="cashiers_check",
                purpose="Lot 17" if texts else None,
            )
    return town


def small_drafts_in(country: str, currency: str, usd: float = 9_100) -> Town:
    """Build the same in another country and its money."""
    town = small_drafts(usd=usd)
    for account in town.accounts:
        account["country"] = country
    for paid in town.payments:
        paid |= {"originator_country": country, "beneficiary_country": country, "currency": currency}
    return town


def funded_in_parts(funders: int = 3) -> Town:
    """Build straw buyers whom several together fund, none of them for a whole price."""
    town = escrow(texts=False)
    for funder in range(funders):
        town.company(f"funder{funder}", country="CN")
    for number, name in enumerate(buyers(town, [f"straw{number}" for number in range(4)], income=24_000)):
        for part in range(3):
            usd, day = 14_000 + 1_900 * part + 500 * number, 4 + 3 * number + 5 * part
            town.pay(day, f"funder{(number + part) % funders}", name, usd)
            town.pay(day + 1, name, "agent", usd * 0.98, channel="check")
    return town


def shells(number: int = 3, *, country: str = "HK", owned: bool = False) -> Town:
    """Build companies abroad without any business that pay an escrow agent, who writes no file."""
    town = escrow(texts=False)
    young = town.night_of - timedelta(days=120)
    for shell in range(number):
        name = f"shell{shell}"
        town.company(name, country=country, born_or_incorporated_on=young)
        town.company(f"payer.of.{name}", country=country)
        town.pay(8 + 4 * shell, f"payer.of.{name}", name, 180_000)
        town.pay(10 + 4 * shell, name, "agent", 178_000 + 500 * shell)
        if owned:
            town.person(f"owner{shell}", country=country)
            town.own(f"owner{shell}", name, share=1.0)
    return town


def straw_buyers(*, funder: bool = True) -> Town:
    """Build persons whom one stranger gives what each pays a developer days later, for nothing that is written."""
    town = Town()
    town.company("developer", industry_code="F4100")
    town.company("boss", country="US")
    for number, name in enumerate(buyers(town, [f"straw{number}" for number in range(4)], income=30_000)):
        if funder:
            town.pay(5 + 2 * number, "boss", name, 61_000 + 900 * number)
        town.pay(8 + 2 * number, name, "developer", 60_000 + 800 * number, channel="cashiers_check")
    return town


def mortgage() -> Town:
    """Build strangers abroad who pay instalments of one loan at a lender."""
    town = Town()
    town.company("lender", industry_code="6492", licence="bank")
    for number, country in enumerate(("HK", "CN", "AE", "HK", "SG", "CN")):
        town.company(f"stranger{number}", country=country)
        town.pay(3 + 6 * number, f"stranger{number}", "lender", 6_100 + 40 * number, purpose="mortgage loan 448812")
    return town


def family() -> Town:
    """Build a couple, their parents and four more relatives who pay one file by draft, once each, in a week."""
    town = escrow()
    couple = buyers(town, ["husband", "wife"], home="1 Own Street", income=20_000)
    others = [
        *buyers(town, ["mother", "father"], home="2 Old Street"),
        *buyers(town, ["inlaw", "aunt", "sister", "uncle"]),
    ]
    for number, name in enumerate([*couple, *others]):
        town.pay(9 + number % 7, name, "agent", 22_000 + 5_000 * number, channel="cashiers_check", purpose="file 8811")
    return town


def relocation() -> Town:
    """Build somebody whose home is sold through escrow, and who pays another agent from it."""
    town = escrow()
    buyers(town, ["mover"], income=80_000)
    town.company("closer", industry_code="6910", account_type="escrow")
    town.pay(6, "closer", "mover", 520_000)
    town.pay(14, "mover", "agent", 430_000, purpose="closing file 9901")
    return town


def heir() -> Town:
    """Build somebody who inherits and pays a developer in one draft."""
    town = Town()
    town.company("developer", industry_code=DEVELOPER)
    buyers(town, ["heir"], income=40_000)
    town.company("estate", industry_code="6910", account_type="escrow")
    town.pay(3, "estate", "heir", 350_000)
    town.pay(20, "heir", "developer", 300_000, channel="cashiers_check", purpose="Lot 44")
    return town


def holding() -> Town:
    """Build a company made to hold one home: its owner funds it, it pays the closing, and nothing else."""
    town = escrow()
    buyers(town, ["owner"], income=300_000)
    town.company("holdco", born_or_incorporated_on=date(2026, 1, 20))
    town.own("owner", "holdco", share=1.0)
    town.pay(10, "owner", "holdco", 410_000)
    town.pay(12, "holdco", "agent", 400_000, purpose="file 5512")
    return town


def club() -> Town:
    """Build investors whose company buys a building: all on record, all pay the developer for it."""
    town = Town()
    town.company("developer", industry_code=DEVELOPER)
    town.company("fund", industry_code="6810")
    for name in buyers(town, [f"investor{number}" for number in range(6)], income=200_000):
        town.own(name, "fund", share=1 / 6)
        town.pay(9, name, "fund", 50_000)
    town.pay(12, "fund", "developer", 290_000, purpose="Lot 9")
    return town


def partners() -> Town:
    """Build small shareholders of one company who pay an agent for its building, each from an account of their own."""
    town = escrow()
    town.company("fund", industry_code="6810")
    for number, name in enumerate(buyers(town, [f"investor{number}" for number in range(9)], income=20_000)):
        town.own(name, "fund", share=1 / 9)
        for day in (4, 22):
            town.pay(day + number, name, "agent", 38_000 + 100 * day, channel="cashiers_check", purpose="Unit 854")
    return town


def tenants() -> Town:
    """Build tenants who pay a landlord by cheque each month, and one unit's flatmates who share a home."""
    town = Town()
    town.company("manager", industry_code=AGENT)
    for number, name in enumerate(buyers(town, [f"tenant{number}" for number in range(9)], income=40_000)):
        for day in (2, 32):
            town.pay(day, name, "manager", 2_400 + 30 * number, channel="check", purpose=f"rent unit {20 + number}")
    return town


def lender() -> Town:
    """Build a bank that pays the price of several homes."""
    town = escrow()
    town.company("bank", industry_code="6419", licence="bank", account_type="internal")
    for number in range(6):
        town.pay(4 + 5 * number, "bank", "agent", 310_000 + 9_000 * number, purpose="file 1204")
    return town


PAYERS = tuple(f"payer{number}" for number in range(5))
CASES = (
    Case("strangers pay one unit by draft", "fires", one_unit, accounts(*PAYERS)),
    Case("strangers wire for one lot", "fires", lambda: one_unit(9, parts=1, channel="wire", unit="lot 17"),
         accounts(*PAYERS, "payer5", "payer6", "payer7", "payer8")),
    Case("more strangers than other clients name one lot", "fires", lambda: one_unit(14, unit="lot 17"),
         accounts(*(f"payer{number}" for number in range(14)))),
    Case("six students pay years of income for one file", "fires", lambda: students(9_000),
         accounts(*(f"payer{number}" for number in range(6)))),
    Case("drafts under the threshold without a text", "fires", small_drafts, accounts(*PAYERS[:4])),
    Case("the same in Canada, in its dollars", "fires", lambda: small_drafts_in("CA", "CAD"), accounts(*PAYERS[:4])),
    Case("in Italy, where a month is added up", "silent", lambda: small_drafts_in("IT", "EUR")),
    Case("one payer's drafts under the threshold", "fires", lambda: small_drafts(1, 6, texts=True),
         accounts("payer0")),
    Case("foreign shells pay an escrow agent", "fires", shells, accounts("shell0", "shell1", "shell2")),
    Case("one source funds the payers", "fires", straw_buyers, accounts(*(f"straw{number}" for number in range(4)))),
    Case("several sources fund the payers in parts", "fires", funded_in_parts,
         accounts(*(f"straw{number}" for number in range(4)))),
    Case("strangers abroad pay one mortgage", "fires", mortgage,
         accounts(*(f"stranger{number}" for number in range(6)))),
    Case("clients of an escrow agent", "silent", escrow),
    Case("clients who write nothing", "silent", lambda: escrow(20, texts=False)),
    Case("strangers who look like buyers and write nothing", "silent", lambda: one_unit(texts=False, channel="wire")),
    Case("six payers of ordinary means for one file", "silent", lambda: students(60_000)),
    Case("a project and homes in it", "silent", project),
    Case("a project alone", "silent", lambda: project(own=False)),
    Case("one household", "silent", lambda: one_unit(home="9 Hill Road", channel="wire")),
    Case("a couple, their parents and relatives", "silent", family),
    Case("relocation", "silent", relocation),
    Case("inheritance", "silent", heir),
    Case("a company made to hold a home", "silent", holding),
    Case("an investors' club", "silent", club),
    Case("an investors' club that pays one by one", "silent", partners),
    Case("tenants", "silent", tenants),
    Case("a lender pays the price", "silent", lender),
    Case("buyers with money of their own", "silent", lambda: straw_buyers(funder=False)),
    Case("two deposits of nearly ten thousand", "boundary", lambda: small_drafts(1, 2, texts=True)),
    Case("three", "boundary", lambda: small_drafts(1, 3, texts=True), accounts("payer0")),
    Case("sums that reach the threshold", "boundary", lambda: small_drafts(usd=10_500)),
    Case("two payers of one unit", "boundary", lambda: one_unit(2)),
)  # fmt: skip
