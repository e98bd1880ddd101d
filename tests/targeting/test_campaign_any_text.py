"""Whatever text comes: campaigns, or CampaignError with a place inside the text; never anything else.

Mutants tried: RecursionError and ValueError not caught in `decode`; the expanded condition not guarded; the end of the
document placed one line behind the last; each was found here or in the table of faults.
"""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from aparte.targeting.campaign import CampaignError, Campaigns, load

GOOD = """\
[site]
time_zone = "Europe/Paris"
languages = ["fr"]
hours = [{ start = "09:00", end = "18:00", days = ["mon"] }]
[behaviours.views]
count = "Cart Viewed"
since = "Product Added"
within = "5m"
where = 'event.properties.total > 3 && event.path.startsWith("/b")'
[behaviours.path]
sequence = ["a", "b"]
without = "c"
[segments.rich]
when = 'cart.value >= 50.5'
value = 3.5
[[campaigns]]
name = "c"
goal = "lead"
holdout = 0.2
[[campaigns.rules]]
name = "r"
when = \"\"\"
  views >= 2 && segment.rich
  || page.dwell > duration("30s")\"\"\"
priority = 3
offer = { channel = "chat", skill = "sales", message = { fr = "Bonjour" }, expires = "1m" }
[campaigns.experiment]
variants = [{ name = "a", share = 0.5 }, { name = "b", share = 0.5, delay = "20s" }]
[campaigns.frequency]
after_decline = "7d"
at_most = 3
per = "30d"
[campaigns.schedule]
start = "2026-01-01"
end = "2026-02-01"
"""
MORE = ["'''", '"' * 3, "nan", "9" * 20, "\\u0000", "\r\n", "é", "\ufeff"]
PIECES = [*re.findall(r"\w+|\s|[^\w\s]+", GOOD), *MORE]
LINES = GOOD.splitlines(keepends=True)


def assert_loaded_or_refused(text: str) -> None:
    try:
        campaigns = load(text, "any: file")
    except CampaignError as error:
        lines = text.replace("\r\n", "\n").split("\n")
        for fault in error.faults:
            place = re.fullmatch(r"any: file:(\d+):(\d+)", fault.where)
            assert place, fault.where
            line, column = int(place[1]), int(place[2])
            assert 1 <= line <= len(lines), fault
            assert 1 <= column <= len(lines[line - 1]) + 1, fault
            assert fault.what
    else:
        assert isinstance(campaigns, Campaigns)


def test_the_good_text_is_good() -> None:
    assert len(load(GOOD, "f").rules) == 1


@given(st.text())
def test_any_text(text: str) -> None:
    assert_loaded_or_refused(text)


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_mixture_of_the_words_of_campaign_files(text: str) -> None:
    assert_loaded_or_refused(text)


@settings(max_examples=300)
@given(st.integers(0, len(GOOD)), st.integers(0, 12), st.sampled_from(["", *PIECES]))
def test_a_good_file_with_one_piece_replaced(start: int, length: int, piece: str) -> None:
    assert_loaded_or_refused(GOOD[:start] + piece + GOOD[start + length :])


@given(st.lists(st.sampled_from(LINES), max_size=30).map("".join))
def test_the_lines_of_a_good_file_in_any_order(text: str) -> None:
    assert_loaded_or_refused(text)


@given(st.text("abc.()&|!<>=\"' 12durationsegment,[]", max_size=40))
def test_any_condition(condition: str) -> None:
    assert_loaded_or_refused(GOOD.replace("cart.value >= 50.5", condition.replace("'", '"')))
