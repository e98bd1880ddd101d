"""Holidays, button, states of campaigns, worth of segments, looks, budgets: what a file says and what is refused."""

import re
import time
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from aparte.engagements.model import SiteState
from aparte.sessions.model import SessionState, VisitorState
from aparte.targeting.campaign import CampaignError, Campaigns, load
from aparte.targeting.conditions import ConditionError
from aparte.targeting.conditions.regex import matcher
from aparte.targeting.model import Hours, SiteRules

RULE = '[[campaigns]]\nname = "c"\n[[campaigns.rules]]\nname = "r"\nwhen = "cart.value > 3"\n'
DAY = (Hours("09:00", "12:00"), Hours("14:00", "18:00"))


def site(**members: object) -> SiteState:
    return SiteState(SiteRules(time_zone="Europe/Paris", **members))  # type: ignore[arg-type]


def paris(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Paris")).timestamp() * 1000)


@pytest.mark.parametrize(
    ("moment", "calendar", "closed"),
    [
        ("2026-04-06T10:00", "FR", True),  # Easter Monday
        ("2027-03-29T10:00", "FR", True),  # and a year later
        ("2026-04-03T10:00", "FR", False),  # Good Friday: a holiday in Alsace and Moselle only
        ("2026-04-03T10:00", "FR-57", True),
        ("2026-04-03T10:00", "FR-6AE", True),
        ("2026-12-26T10:00", "FR-57", True),
        ("2026-12-26T10:00", "FR", False),
        ("2026-07-04T10:00", "US", True),
        ("2026-04-07T00:00", "FR", False),
        ("2026-04-06T00:00", "FR", True),  # 22:00 of the day before in UTC
    ],
)
def test_a_public_holiday_is_that_of_the_calendar_and_of_the_sites_own_day(
    moment: str, calendar: str, closed: bool
) -> None:
    house = site(holiday_calendar=calendar)
    assert house.holiday(paris(moment)) is closed
    assert house.open(paris(moment)) is not closed


def test_days_of_one_year_and_of_each_year_are_kept() -> None:
    house = site(hours=DAY, holidays=("2026-12-24", "08-16"))
    days = ("2026-12-24", "2027-12-24", "2026-08-16", "2030-08-16")
    assert [house.holiday(paris(f"{day}T10:00")) for day in days] == [True, False, True, True]
    assert not house.open(paris("2026-12-24T10:00"))
    assert house.open(paris("2027-12-24T10:00"))


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25", "2026-06-01"])  # 23, 25 and 24 hours long
def test_two_intervals_a_day_hold_on_the_wall_clock_whatever_the_length_of_the_day(day: str) -> None:
    house = site(hours=DAY)
    opened = [house.open(paris(f"{day}T{clock}")) for clock in ("08:59", "09:00", "11:59", "12:00", "14:00", "18:00")]
    assert opened == [False, True, True, False, True, False]


def loaded(text: str) -> Campaigns:
    return load(text, "f")


def session(campaigns: Campaigns, value: float = 0.0, items: int = 0) -> SessionState:
    one = SessionState(1000, 1000, 1000, measures=campaigns.empty_measures())
    cart = one.own_cart()
    cart.value, cart.items = value, items
    return one


NOBODY = VisitorState("v")


@pytest.mark.parametrize("state", ["draft", "archived"])
def test_a_campaign_that_is_not_published_is_checked_and_never_looked_at(state: str) -> None:
    unpublished = RULE.replace('"c"', f'"c"\nstate = "{state}"')
    for text, hits in ((RULE, ["c/r"]), (unpublished, [])):
        campaigns = loaded(text)
        assert [rule.key for rule in campaigns.rules] == ["c/r"]
        args = (session(campaigns, value=9.0), NOBODY, SiteState(SiteRules()), 2000)
        for event in ("page", "Product Added"):
            plan = campaigns.index[event]
            held = [one.key for look in (plan.look, plan.first_look) for one in look(*args)]
            assert set(held) == set(hits if event != "page" or held else [])
    with pytest.raises(CampaignError, match="unknown name"):
        loaded(unpublished.replace("cart.value", "cart.valu"))


def test_a_visitor_is_worth_the_most_of_the_segments_that_hold() -> None:
    segments = "".join(
        f"[segments.{name}]\nwhen = 'cart.items > {least}'\n{value}\n"
        for name, least, value in (("a", 1, "value = 40"), ("b", 3, "value = 120"), ("c", 0, ""))
    )
    campaigns = loaded(segments + RULE)
    [rule] = campaigns.rules
    worth = [rule.worth(session(campaigns, items=n), NOBODY, SiteState(SiteRules()), 2000) for n in (1, 2, 4)]
    assert worth == [None, 40.0, 120.0]


@pytest.mark.covers("S0-77")
def test_the_button_is_there_while_its_condition_holds_and_time_brings_it() -> None:
    text = "[segments.rich]\nwhen = 'cart.items > 3'\n"
    text += "[button]\nwhen = 'segment.rich || session.duration >= duration(\"30s\")'\n"
    campaigns, house = loaded(text + RULE), SiteState(SiteRules())
    poor, rich = session(campaigns, items=1), session(campaigns, items=4)
    assert not campaigns.shows_button(poor, NOBODY, house, 30_999)
    assert campaigns.button_changes_at(poor, NOBODY, house, 2000) == 31_000
    assert campaigns.shows_button(poor, NOBODY, house, 31_000)
    assert campaigns.shows_button(rich, NOBODY, house, 2000)
    assert not campaigns.shows_button(None, NOBODY, house, 2000)
    without = loaded(RULE)
    assert without.shows_button(None, NOBODY, house, 0)
    assert without.button_changes_at(poor, NOBODY, house, 0) is None


FAULTS = [
    ('[site]\nholidays = ["24/12"]', "2:13", "'24/12' is no day", "12-24 for each year"),
    ('[site]\nholiday_calendar = "FX"', "2:1", "there is no holiday calendar 'FX'", "did you mean"),
    ('[site]\nholiday_calendar = "FR-99"', "2:1", "FR has no holiday calendar '99'", "FR-57"),
    ("[site]\n[site.frequency]\nonce_per_session = true", "3:1", "once per session is each campaign's own", "leave it"),
    ("[site]\n[site.frequency]\nat_most = 3", "2:1", "`at_most` and `per` belong together", "per"),
    (RULE + "[campaigns.budget]\ninvitations = 0", "7:1", "a budget of 0 lets nobody in", "draft"),
    (RULE + '[campaigns.budget]\nper = "day"', "6:1", "the budget limits nothing", "invitations = 1000"),
    (RULE + '[campaigns.budget]\nper = "year"\naccepted = 3', "7:1", "per cannot be 'year'", "hour, month, week"),
    (RULE.replace('"c"', '"c"\nstate = "live"'), "3:1", "state cannot be 'live'", "archived, draft, published"),
    (RULE + 'offer = { appearance = "bar" }', "6:11", "there is no look 'bar'", "[appearances.bar]"),
    ("[appearances.wide]\n" + RULE + 'offer = { appearance = "wise" }', "7:11", "there is no look", "mean 'wide'?"),
    ('[appearances.x]\ncolour = "blue"', "2:1", "'blue' is no colour", "#1d4ed8"),
    ('[appearances.x]\nstyle = "popup"', "2:1", "style cannot be 'popup'", "bar, bubble, card"),
    ("[button]\nwhen = 'cart.valu > 3'", "2:9", "unknown name cart.valu", "cart.value?"),
    ('[site]\nlanguages = ["fr", "en"]\n[button]\nlabel = { fr = "Oui" }', "4:1", "the message is missing in en", "en"),
    ('[site]\nlanguages = ["fr"]\n' + RULE + 'offer = { message = { fr = "" } }', "8:11", "the message is", "fr"),
    ('[[points_of_sale]]\nname = "a"\nemail = "nowhere"', "3:1", "'nowhere' is no address", "@"),
    ('[[points_of_sale]]\nname = "a"\n[[points_of_sale]]\nname = "a"', "4:1", "there are two point of", "own name"),
    ('[[points_of_sale]]\nname = "a"\ncountries = ["France"]', "3:14", "'France' is no country", "FR"),
    ("[segments.a]\nwhen = 'segment.a'", "2:9", "unknown name segment.a", "only rules read segments"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "where", "what", "hint"), FAULTS)
def test_what_the_house_says_is_checked_with_place_and_suggestion(text: str, where: str, what: str, hint: str) -> None:
    with pytest.raises(CampaignError) as caught:
        loaded(text)
    [fault] = caught.value.faults
    assert (fault.where, hint in fault.hint) == (f"f:{where}", True), str(fault)
    assert fault.what.startswith(what)


def many(count: int, when: str = "cart.value > {0}") -> str:
    rules = "".join(f"[[campaigns.rules]]\nname = \"r{n}\"\nwhen = '{when.format(n)}'\n" for n in range(count))
    return f'[[campaigns]]\nname = "c"\n{rules}'


def test_a_thousand_rules_are_taken_and_those_that_an_event_does_not_touch_are_not_asked() -> None:
    campaigns = loaded(many(1_000))
    assert len(campaigns.rules) == 1_000
    touched = campaigns.index._touched
    assert len(touched["Product Added"]) == 1_000
    assert not touched.get("page")
    assert len(campaigns.index["Product Added"].look(session(campaigns, value=500.5), NOBODY, None, 2000)) == 501


def test_more_rules_than_can_be_looked_at_are_refused_with_a_reason() -> None:
    with pytest.raises(CampaignError, match="the file has more than 5,000 rules"):
        loaded(many(5_001, "true"))


EVIL = [
    r"(a+)+$", r"(a|aa)+$", r"(a*)*$", r"([a-zA-Z]+)*$", r"(a|a?)+$", r"(.*a){20}$", r"^(([a-z])+.)+[A-Z]([a-z])+$",
    r"(x+x+)+y", r"(\w+\s?)+$", r"^(a?){40}a{40}$", r"(([^a]|a)*)*b", r"(?:(?:a+)+)+!",
]  # fmt: skip


@pytest.mark.parametrize("pattern", EVIL)
def test_a_pattern_that_freezes_other_engines_takes_time_in_proportion_to_the_text(pattern: str) -> None:
    matches = matcher(pattern)

    def cost(length: int) -> float:
        text = "a" * length + "!"
        matches(text)
        spent = []
        for _ in range(5):
            began = time.process_time()
            matches(text)
            spent.append(time.process_time() - began)
        return min(spent)

    short, long = cost(2_000), cost(64_000)
    assert long <= 32 * 12 * max(short, 1e-5)  # 32 times the text; a quadratic engine would need 1,024 times the time


@pytest.mark.parametrize("pattern", [r"(a{500}){500}", r"(?=a)", r"(a)\1", "a" * 1_001, r"((a{90}){90}){90}"])
def test_a_pattern_that_cannot_be_bounded_is_refused_with_a_reason(pattern: str) -> None:
    with pytest.raises(ConditionError, match="regular expression"):
        matcher(pattern)


def test_a_condition_too_large_or_too_deep_is_refused_with_a_reason() -> None:
    for when, reason in (
        (" || ".join(["cart.items == 1"] * 5_000), "more than"),
        ("!" * 10_000 + "visitor.returning", "more than|nested"),
        ("(" * 5_000 + "true" + ")" * 5_000, "more than|nested"),
    ):
        with pytest.raises(CampaignError) as caught:
            loaded(RULE.replace("cart.value > 3", when))
        assert re.search(reason, str(caught.value))
        assert "split it" in caught.value.faults[0].hint


def test_the_places_of_a_thousand_faults_are_all_told_in_their_order() -> None:
    with pytest.raises(CampaignError) as caught:
        loaded(many(1_000, "cart.valu > {0}"))
    lines = [int(one.where.split(":")[1]) for one in caught.value.faults]
    assert len(lines) == 1_000
    assert all(later > earlier for earlier, later in pairwise(lines))
