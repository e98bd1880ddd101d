"""Money in whole numbers, so that sums are exact whatever their order: millionths of a unit, or minor units."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

MILLIONTHS = 1_000_000
MOST = 10**10
"""Units; what claims to be more is no money, and must not break a sum of 64-bit numbers."""


def to_millionths(amount: float) -> int:
    """The nearest whole number of millionths; at most `MOST` units to either side, 0 for what is no number."""
    if amount != amount:  # noqa: PLR0124  only NaN differs from itself
        return 0
    return round(max(-MOST, min(MOST, amount)) * MILLIONTHS)


def from_millionths(millionths: int) -> float:
    """The amount in units of the currency."""
    return millionths / MILLIONTHS


WITHOUT_MINOR = frozenset(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split()  # noqa: SIM905  a list of codes
)
THOUSANDTHS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})


def minor_digits(currency: str) -> int:
    """Decimals of a currency's minor unit by ISO 4217: 0 for the yen, 3 for the dinar of Kuwait, else 2."""
    return 0 if currency in WITHOUT_MINOR else 3 if currency in THOUSANDTHS else 2


def to_minor(amount: float, currency: str) -> int:
    """The nearest whole number of minor units; halves go to the even one."""
    return _whole(Decimal(repr(amount)).scaleb(minor_digits(currency)))


def converted(minor: int, source: str, target: str, rate: Decimal) -> int:
    """An amount of one currency in minor units of another; `rate` units of it for one unit."""
    return _whole((Decimal(minor) * rate).scaleb(minor_digits(target) - minor_digits(source)))


def _whole(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_HALF_EVEN))
