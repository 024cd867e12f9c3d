"""The six countries of a synthetic world: currency, clock, prices, banks, regions. All institutions are invented."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Country:
    """One country's constants. Money is in USD unless the name says local."""

    code: str
    currency: str
    utc_offset: int  # hours; one clock a country is enough for a rhythm of the day
    weight: float  # share of the world's accounts before the seed varies it
    monthly_income: float  # median take-home pay, USD
    usd_per_unit: float  # where the FX path starts
    volatility: float  # of the FX rate, a year; a pegged currency hardly moves
    smallest_note_local: int  # what a cash machine and a counter hand out
    language: str
    regions: tuple[str, ...]  # ISO 3166-2
    cities: tuple[str, ...]
    dialling_code: str


COUNTRIES = (
    Country(
        "US", "USD", -5, 0.34, 4200, 1.0, 0.0, 20, "en",
        ("US-NY", "US-CA", "US-TX", "US-IL", "US-FL", "US-WA"),
        ("Newbridge", "Calder Falls", "Port Amity", "Lakemont", "Palmera", "Silverton"), "+1",
    ),
    Country(
        "CN", "CNY", 8, 0.2, 1300, 0.139, 0.045, 100, "zh",
        ("CN-GD", "CN-FJ", "CN-ZJ", "CN-SH", "CN-BJ"),
        ("Lanhe", "Xinqiao", "Donghai Wan", "Yunling", "Beishan"), "+86",
    ),
    Country(
        "MX", "MXN", -6, 0.15, 800, 0.055, 0.12, 200, "es",
        ("MX-SIN", "MX-JAL", "MX-NLE", "MX-CMX", "MX-BCN"),
        ("Rio Claro", "San Amaro", "Puerto Sol", "Valle Nuevo", "Tres Cruces"), "+52",
    ),
    Country(
        "HK", "HKD", 8, 0.1, 2800, 0.128, 0.004, 100, "zh",
        ("HK",), ("Kwai Shan", "Tai Wo Hang", "Lok Tin"), "+852",
    ),
    Country(
        "CA", "CAD", -5, 0.12, 3600, 0.72, 0.07, 20, "en",
        ("CA-ON", "CA-BC", "CA-QC", "CA-AB"),
        ("Maple Crossing", "Northgate", "Saint-Aubin", "Prairie View"), "+1",
    ),
    Country(
        "GB", "GBP", 0, 0.09, 3300, 1.29, 0.08, 20, "en",
        ("GB-LND", "GB-MAN", "GB-EDH"), ("Ashford Green", "Millbrook", "Kirkwater"), "+44",
    ),
)  # fmt: skip
COUNTRY_CODES = tuple(country.code for country in COUNTRIES)
CURRENCIES = tuple(country.currency for country in COUNTRIES)  # currency i is country i's own
US = COUNTRY_CODES.index("US")
UTC_OFFSETS = np.array([country.utc_offset for country in COUNTRIES])
MONTHLY_INCOME = np.array([country.monthly_income for country in COUNTRIES])
SMALLEST_NOTE = np.array([country.smallest_note_local for country in COUNTRIES])
BANKS_PER_COUNTRY = 5


def bank_code(country: int, bank: int) -> str:
    """Spell the BIC of an invented bank: four letters that no real bank bears, the country, a place."""
    return f"{'ZQXVY'[bank]}{'ALRNT'[bank]}{'BKQWX'[bank]}Z{COUNTRY_CODES[country]}{bank + 2}X"


BANK_CODES = tuple(bank_code(country, bank) for country in range(len(COUNTRIES)) for bank in range(BANKS_PER_COUNTRY))
