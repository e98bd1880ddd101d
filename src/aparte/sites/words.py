"""The names of the words that a site may replace in its widget, as docs/reference/tag.md tells what they say."""

from __future__ import annotations

_WORDS = """
    launcher chat unread team available busy away accept decline automatic why because over anyway failed close minimise
    message send greeting end you machine join leave transfer ended typing here place queue wait nobody long unsure quit
    leaveMessage callback offline gone again sending sent delivered read readAt unsent retry copy mail bot person
    blocked tooLong today helped notAtAll entirely solved yes no recommend never surely easy disagree agree comment
    optional skip thanks email phone wanted name stay back bad_email bad_phone bad_text empty replySoon endAsk goOn
    before begin needed question mailed openPage soldOut callSoon copied validUntil
"""
WIDGET_WORDS = tuple(_WORDS.split())
_CURRENCIES = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP
    CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR
    ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT
    MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD
    SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES
    VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
CURRENCIES = frozenset(_CURRENCIES.split())
"""Of ISO 4217, those that people pay with."""
