"""What all detectors of layered shapes rest on, and what they cannot see without."""

from mirrorwatch.detectors.base import Source

ALTMAN = Source(
    "Altman et al., Realistic Synthetic Financial Transactions for AML Models", "NeurIPS 2023, arXiv 2306.16424"
)
NEEDS = (
    ("ownership", "", "strangers", "accounts of one owner group pass for strangers"),
    ("parties", "licence", "strangers", "licensed payment businesses pass for strangers"),
)
CROWD_NEEDS = (
    *NEEDS,
    ("parties", "industry_code", "crowds", "landlords, utilities and others who bill a public are known by it"),
)
