"""Every fault of a campaign file: where it stands, what it is, what to write instead.

Mutants tried: `repeated` without `seen`, `share` with `<` for `<=`, positions that always give 1:1, a check that stops
at the first fault, `match` for `fullmatch` in names; each fails here.
"""

import pytest

from aparte.targeting.campaign import CampaignError, load

RULE = """\
[[campaigns]]
name = "c"
[[campaigns.rules]]
name = "r"
when = 'session.pages > 1'
"""
"""Five lines that are good; what a case adds stands on line 6 and below."""


def faults(text: str) -> list[tuple[str, str, str]]:
    with pytest.raises(CampaignError) as caught:
        load(text, "shop.toml")
    assert str(caught.value) == str(caught.value.faults[0])
    return [(one.where.removeprefix("shop.toml:"), one.what, one.hint) for one in caught.value.faults]


SYNTAX = {
    "no value": ("a =\nb = 2", "1:4", "Invalid value"),
    "a text that does not end": ('\n[site]\nid = "x', "3:8", "Unterminated string"),
    "a list that does not end": ("campaigns = [\n 1,\n", "2:4", "Invalid value"),
    "the same table twice": ("[site]\n[site]", "2:6", "Cannot declare ('site',) twice"),
    "a quote inside quotes": ("[[campaigns]]\nname = 'it's'", "2:12", "Expected newline or end of document"),
    "typographer's quotes": ("[site]\nid = ”x”", "2:6", "Invalid value"),
    "a number that nobody can read": (f"[site]\nreserve = {'9' * 5000}", "2:11", "a number has too many digits"),
    "brackets without end": (f"[site]\nid = {'[' * 9000}", "1:1", "it is nested too deep"),
}


@pytest.mark.parametrize(("text", "where", "what"), SYNTAX.values(), ids=SYNTAX)
def test_what_is_not_toml_is_told_where_it_stops_being_it(text: str, where: str, what: str) -> None:
    [(place, said, hint)] = faults(text)
    assert place == where
    assert said.startswith(f"this is not TOML: {what}")
    assert "campaign-file.md" in hint


SHAPE = {
    "an unknown table": ("campains = []", "1:1", "unknown member 'campains'", "did you mean 'campaigns'?"),
    "an unknown member": (RULE + "priorty = 3", "6:1", "unknown member 'priorty'", "did you mean 'priority'?"),
    "an unknown member of an inline table": (
        RULE + 'offer = { skill = "a", chanel = "chat" }', "6:24", "unknown member 'chanel'", "did you mean 'channel'?",
    ),
    "an unknown member of a behaviour": (
        '[behaviours.x]\ncount = "a"\n[behaviours.y]\ncuont = "a"', "4:1", "unknown member 'cuont'",
        "did you mean 'count'?",
    ),
    "nothing like it": ("[site]\nzzz = 1", "2:1", "unknown member 'zzz'", "it may hold id, holdout, version"),
    "a text for a share": ('[site]\nholdout = "5 %"', "2:1", "holdout takes a number, this is the text '5 %'", "0.5"),
    "true for a number": ("[site]\nholdout = true", "2:1", "holdout takes a number, this is true", "write 0.5"),
    "a decimal for a whole number": (
        "[site]\nreserve = 1.5", "2:1", "reserve takes a whole number, this is 1.5", "write 1",
    ),
    "a number for a duration": (
        RULE + "offer = { expires = 30 }", "6:11", "expires takes a text, this is 30", '"30s"',
    ),
    "a day without quotes": (
        RULE + "[campaigns.schedule]\nstart = 2026-12-24", "7:1", "start takes a text, this is 2026-12-24",
        'put it in quotes: "2026-12-24"',
    ),
    "a table for a list": ("[campaigns]\nname = 'c'", "1:1", "campaigns takes a list, this is a table", "[{ ... }]"),
    "a text for a table": ("behaviours = 'x'", "1:1", "behaviours takes a table, this is the text 'x'", "{ ... }"),
    "a text for a list": (
        '[behaviours.x]\nsequence = "a"', "2:1", "sequence takes a list, this is the text 'a'", 'write ["..."]',
    ),
    "a list item of the wrong type": (
        '[behaviours.x]\nsequence = [\n  "a",\n  2,\n]', "4:3", "sequence takes a text, this is 2", 'quotes: "2"',
    ),
    "a message that is a number": (
        RULE + "offer = { message = 3 }", "6:11", "message takes a text or a table, this is 3", 'quotes: "3"',
    ),
    "a message of which one language is a number": (
        RULE + 'offer = { message = { en = "a", fr = 3 } }', "6:33", "fr takes a text, this is 3", 'quotes: "3"',
    ),
    "no such channel": (
        RULE + 'offer = { channel = "chatt" }', "6:11", "channel cannot be 'chatt'", "did you mean 'chat'?",
    ),
    "no such goal": (
        '[[campaigns]]\ngoal = "money"\nname = "c"\nrules = []', "2:1", "goal cannot be 'money'", "one of lead, order",
    ),
    "no such day": (
        '[site]\nhours = [{ start = "09:00", end = "18:00", days = ["monday"] }]', "2:52", "days cannot be 'monday'",
        "did you mean 'mon'?",
    ),
    "a campaign without a name": ("[[campaigns]]\nrules = []", "1:1", "'name' is missing", 'add name = "..."'),
    "a campaign without rules": ('[[campaigns]]\nname = "c"', "1:1", "'rules' is missing", "[[campaigns.rules]]"),
    "a rule without a condition": (
        '[[campaigns]]\nname = "c"\n[[campaigns.rules]]\nname = "r"', "3:1", "'when' is missing", 'add when = "..."',
    ),
    "a variant without a share": (
        RULE + '[[campaigns.experiment.variants]]\nname = "a"', "6:1", "'share' is missing", "add share = 0.5",
    ),
}  # fmt: skip

MEANING = {
    "an unknown attribute": (
        RULE.replace("session.pages", "sesion.pages"), "5:9", "unknown name sesion.pages", "mean session.pages?",
    ),
    "a group of attributes": (
        RULE.replace("session.pages", "cart"), "5:9", "unknown name cart", "its parts are cart.categories",
    ),
    "an impossible value": (
        RULE.replace("session.pages > 1", 'time.weekday == "sat" || session.device == "phone"'), "5:52",
        "session.device is never 'phone'", "one of desktop, mobile, tablet",
    ),
    "an impossible value in a list": (
        RULE.replace("session.pages > 1", 'session.channel in ["paid", "emial"]'), "5:37",
        "session.channel is never 'emial'", "did you mean email?",
    ),
    "text beside a number": (
        RULE.replace("> 1", "> '1'").replace("when = '", 'when = "').replace("'1''", "'1'\""), "5:25",
        "int and string cannot be compared", "write a whole number, such as 3",
    ),
    "a condition that is a number": (
        RULE.replace(" > 1", ""), "5:9", "a condition is true or false, this is int", "compare it with something",
    ),
    "an empty condition": (RULE.replace("session.pages > 1", ""), "5:9", "expected a value, found the end", ""),
    "an event name in a condition": (
        RULE.replace("session.pages", "event.name"), "5:9", "unknown name event.name", "",
    ),
    "a session attribute in a where": (
        "[behaviours.x]\ncount = 'a'\nwhere = 'cart.value > 3'\n" + RULE, "3:10", "unknown name cart.value", "",
    ),
    "a segment that reads a segment": (
        "[segments.a]\nwhen = 'cart.value > 3'\n[segments.b]\nwhen = 'segment.a'", "4:9", "unknown name segment.a",
        "only rules read segments",
    ),
    "an unknown segment": (
        "[segments.premium]\nwhen = 'cart.items > 3'\n" + RULE.replace("session.pages > 1", "segment.premum"), "7:9",
        "unknown name segment.premum", "did you mean segment.premium?",
    ),
    "a pattern that RE2 does not have": (
        RULE.replace("session.pages > 1", 'page.path.matches(r"(?=a)b")'), "5:27", "bad regular expression",
        "RE2 syntax; no look-around",
    ),
    "a share above one": ("[site]\nholdout = 1.01", "2:1", "1.01 is no share", "0.1 for 10 %"),
    "a share below nothing": (RULE.replace('"c"', '"c"\nholdout = -0.1'), "3:1", "-0.1 is no share", "0.1 for 10 %"),
    "a share that is no number": ("[site]\nepsilon = nan", "2:1", "nan is no share", "0.1 for 10 %"),
    "a bid price without end": ("[site]\nbid_price = inf", "2:1", "bid_price is no amount of money", "12.5"),
    "a margin that is no number": (
        RULE + "offer = { margin = nan }", "6:11", "margin is no amount of money", "12.5",
    ),
    "a cost without end": (RULE + "offer = { cost = inf }", "6:11", "cost is no amount of money", "12.5"),
    "a segment worth no number": (
        "[segments.a]\nwhen = 'cart.value > 3'\nvalue = nan", "3:1", "value is no amount of money", "12.5",
    ),
    "slots below nothing": ("[site]\nreserve = -1", "2:1", "slots kept for reactive chats cannot be", "0 or more"),
    "a city that is no time zone": (
        '[site]\ntime_zone = "Europe/Pari"', "2:1", "there is no time zone 'Europe/Pari'", "mean 'Europe/Paris'?",
    ),
    "no time zone at all": ('[site]\ntime_zone = "q"', "2:1", "there is no time zone 'q'", "such as Europe/Paris"),
    "half past": (
        '[site]\nhours = [{ start = "9", end = "18:00" }]', "2:12", "'9' is no time of day", "write it as 09:00",
    ),
    "a time of day with a line end": (
        '[site]\nhours = [{ start = "09:00\\n", end = "18:00" }]', "2:12", "'09:00\\n' is no time of day", "09:00",
    ),
    "an interval over midnight": (
        '[site]\nhours = [{ start = "08:00", end = "09:00" }, { start = "22:00", end = "06:00" }]', "2:46",
        "the interval ends before it begins", "split an interval over midnight in two",
    ),
    "a day that does not exist": (
        RULE + '[campaigns.schedule]\nstart = "2026-02-30"', "7:1", "'2026-02-30' is no day", "write it as 2026-12-24",
    ),
    "a day in another notation": (
        RULE + '[campaigns.schedule]\nend = "20261224"', "7:1", "'20261224' is no day", "write it as 2026-12-24",
    ),
    "a period that ends before it begins": (
        RULE + '[campaigns.schedule]\nstart = "2026-12-24"\nend = "2026-12-23"', "8:1",
        "the campaign ends before it begins", "swap start and end",
    ),
    "hours of a campaign": (
        RULE + '[campaigns.schedule]\nhours = [{ start = "18:00", end = "25:00" }]', "7:29",
        "'25:00' is no time of day", "write it as 09:00",
    ),
    "a behaviour without a measure": (
        "[behaviours.x]\nof = 'price'", "1:1", "behaviour 'x' names no measure", "give exactly one of count, sum",
    ),
    "a behaviour with two measures": (
        "[behaviours.x]\ncount = 'a'\nsum = 'b'", "1:1", "behaviour 'x' names count and sum", "give exactly one of",
    ),
    "a sum of nothing": ("[behaviours.x]\nsum = 'a'", "1:1", "sum needs a property", 'add of = "price"'),
    "a count of a property": (
        "[behaviours.x]\ncount = 'a'\nof = 'b'", "3:1", "count reads no property", "leave `of` out",
    ),
    "a window of a dwell": (
        "[behaviours.x]\ndwell = 'a'\nwithin = '1m'", "3:1", "dwell has no window",
        "`within` goes with count, sum, distinct, sequence",
    ),
    "a window without length": (
        "[behaviours.x]\ncount = 'a'\nwithin = '0s'", "3:1", "'0s' is too short", "longer than nothing",
    ),
    "a window that is no duration": (
        "[behaviours.x]\ncount = 'a'\nwithin = '5 min'", "3:1", "'5 min' is not a duration", "write whole numbers",
    ),
    "a sequence of one": (
        "[behaviours.x]\nsequence = ['a']", "2:1", "a sequence has at least two steps", '["Product Viewed", ',
    ),
    "an event without a name": (
        "[behaviours.x]\ncount = 'a'\nsince = ''", "1:1", "behaviour 'x' names an empty event", '"*" for any',
    ),
    "a name that conditions cannot read": (
        "[behaviours.'cart views']\ncount = 'a'", "1:1", "'cart views' cannot be read by a condition", "letters",
    ),
    "a name with a line end": (
        '[behaviours."a\\n"]\ncount = "a"', "1:1", "'a\\n' cannot be read by a condition", "letters, digits",
    ),
    "the name of an attribute": (
        "[behaviours.cart]\ncount = 'a'", "1:1", "'cart' is already the name of something else", "another name",
    ),
    "a segment named as an attribute": (
        "[segments.visitor]\nwhen = 'true'", "1:1", "'visitor' is already the name of something else", "another name",
    ),
    "a name that CEL keeps for itself": (
        "[behaviours.return]\ncount = 'a'", "1:1", "'return' is already the name of something else", "another name",
    ),
    "two campaigns of one name": (
        RULE + RULE, "7:1", "there are two campaigns called 'c'", "give each its own name",
    ),
    "two rules of one name": (
        RULE + "[[campaigns.rules]]\nwhen = 'true'\nname = 'r'", "8:1", "there are two rules called 'r'",
        "give each its own name",
    ),
    "a campaign with a slash": (
        RULE.replace('"c"', '"a/b"'), "2:1", "'a/b' is no name for a campaign", "use letters, digits",
    ),
    "a rule without a name": (RULE.replace('"r"', '""'), "4:1", "'' is no name for a rule", "use letters, digits"),
    "a campaign with no rule": (
        '[[campaigns]]\nname = "c"\nrules = []', "1:1", "campaign 'c' has no rule", "add a [[campaigns.rules]] table",
    ),
    "an offer that expires at once": (
        RULE + 'offer = { expires = "0s" }', "6:11", "'0s' is too short", "longer than nothing",
    ),
    "a missing language": (
        '[site]\nlanguages = ["fr", "en"]\n' + RULE + 'offer = { message = { fr = "Bonjour" } }', "8:11",
        "the message is missing in en", 'add en = "..."',
    ),
    "a missing language of a variant": (
        '[site]\nlanguages = ["fr"]\n' + RULE
        + '[campaigns.experiment]\nvariants = [{ name = "a", share = 1.0, message = { en = "Hi" } }]',
        "9:40", "the message is missing in fr", 'add fr = "..."',
    ),
    "shares that do not add up": (
        RULE + '[campaigns.experiment]\nvariants = [{ name = "a", share = 0.5 }, { name = "b", share = 0.6 }]', "7:1",
        "the shares of the variants add up to 1.1", "they must add up to 1",
    ),
    "no variant": (
        RULE + "[campaigns.experiment]\nvariants = []", "7:1", "the shares of the variants add up to 0", "add up to 1",
    ),
    "two variants of one name": (
        RULE + '[campaigns.experiment]\nvariants = [{ name = "a", share = 0.5 }, { name = "a", share = 0.5 }]', "7:44",
        "there are two variants called 'a'", "give each its own name",
    ),
    "a delay that is no duration": (
        RULE + '[[campaigns.experiment.variants]]\nname = "a"\nshare = 1.0\ndelay = "soon"', "9:1",
        "'soon' is not a duration", "write whole numbers",
    ),
    "a condition that repeats a delay": (
        RULE.replace("session.pages > 1", 'page.dwell >= duration("30s")')
        + '[[campaigns.experiment.variants]]\nname = "a"\nshare = 1.0\ndelay = "30s"', "5:1",
        "page.dwell is compared with 30s, which is also the delay of a variant", "leave the time out",
    ),
    "a coupon for a claim": (
        RULE.replace("session.pages > 1", 'visitor.claimed.tier == "gold"') + 'offer = { coupon = "TEN" }', "5:1",
        "a rule that gives a coupon reads visitor.claimed.tier", "read visitor.traits.tier",
    ),
    "a coupon for a claim, by way of a segment": (
        "[segments.gold]\nwhen = 'visitor.claimed.tier == \"gold\"'\n"
        + RULE.replace("session.pages > 1", "segment.gold") + 'offer = { coupon = "TEN" }', "7:1",
        "a rule that gives a coupon reads visitor.claimed.tier", "read visitor.traits.tier",
    ),
    "a cool-down that is no duration": (
        RULE + '[campaigns.frequency]\nafter_decline = "a week"', "7:1", "'a week' is not a duration", "7d",
    ),
    "a cap without a period": (
        RULE + "[campaigns.frequency]\nat_most = 3", "6:1", "`at_most` and `per` belong together", 'per = "30d"',
    ),
    "a cap of nobody": (
        RULE + '[campaigns.frequency]\nat_most = 0\nper = "1d"', "7:1", "a campaign that may address nobody", "1 or",
    ),
}  # fmt: skip

CASES = SHAPE | MEANING


@pytest.mark.parametrize(("text", "where", "what", "hint"), CASES.values(), ids=CASES)
def test_each_fault_has_its_place_its_reason_and_what_to_write(text: str, where: str, what: str, hint: str) -> None:
    [(place, said, instead)] = faults(text)
    assert place == where
    assert said.startswith(what)
    assert hint in instead


def test_the_five_good_lines_are_good() -> None:
    assert [rule.key for rule in load(RULE, "shop.toml").rules] == ["c/r"]


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    text = """\
[site]
time_zone = "Mars/Base"
[behaviours.views]
count = "Cart Viewed"
where = 'event.nme == "x"'
[behaviours.spent]
sum = "Product Added"
[segments.rich]
when = 'cart.valu > 3'
[[campaigns]]
name = "a"
holdout = 2
[[campaigns.rules]]
name = "r"
when = 'cart.value >'
[[campaigns.rules]]
name = "r"
when = 'views > 2 && spent > 3 && segment.rich'
offer = { expires = "x" }
"""
    assert [place for place, _, _ in faults(text)] == [
        "2:1", "5:10", "6:1", "9:9", "12:1", "15:21", "17:1", "19:11",
    ]  # fmt: skip


def test_all_faults_of_the_shape_are_told_at_once() -> None:
    text = RULE + 'offer = { skil = "a", channel = "x" }\nprio = 3\n[site]\nholdot = 1\nholdout = "x"'
    assert [place for place, _, _ in faults(text)] == ["6:11", "6:23", "7:1", "9:1", "10:1"]


def test_what_reads_a_faulty_name_is_not_blamed_for_it() -> None:
    text = "[behaviours.x]\ncount = 'a'\nsum = 'b'\n" + RULE.replace("session.pages > 1", 'x >= duration("3s")')
    assert [what for _, what, _ in faults(text)] == ["behaviour 'x' names count and sum"]


def test_an_empty_file_is_good_and_warns_that_nobody_will_be_invited() -> None:
    campaigns = load("", "shop.toml")
    assert campaigns.rules == ()
    assert [(one.where, one.text) for one in campaigns.warnings] == [
        ("shop.toml:1:1", "there is no campaign: nobody will be invited")
    ]


def test_a_warning_stands_where_the_absent_value_is_read() -> None:
    [warned] = load(RULE.replace("session.pages > 1", "session.pages > 1 && page.price > 3"), "shop.toml").warnings
    assert warned.where == "shop.toml:5:30"
    assert warned.text.startswith("page.price may be absent")


def test_a_condition_of_ten_thousand_parts_is_refused() -> None:
    text = RULE.replace("session.pages > 1", " || ".join(["cart.items == 1"] * 3_400))
    [(place, what, hint)] = faults(text)
    assert place.startswith("5:")
    assert what.startswith("the condition has more than")
    assert hint == "split it into several rules or segments"


def test_segments_that_multiply_beyond_the_limit_are_refused_at_the_rule() -> None:
    segment = "[segments.big]\nwhen = '" + " || ".join(["cart.items == 1"] * 300) + "'\n"
    text = segment + RULE.replace("session.pages > 1", " && ".join(["segment.big"] * 10))
    [(place, what, _)] = faults(text)
    assert place == "7:1"
    assert what == "with its segments written out, the condition has more than 2,000 parts"


def test_a_pattern_that_freezes_other_engines_is_answered_at_once() -> None:
    text = RULE.replace("session.pages > 1", 'page.path.matches("(a+)+$")')
    assert len(load(text, "shop.toml").rules) == 1


def test_a_native_number_may_be_whole_where_a_decimal_is_meant() -> None:
    campaigns = load("[site]\nholdout = 0\nbid_price = 3\n" + RULE, "shop.toml")
    assert (campaigns.file.site.holdout, campaigns.file.site.bid_price) == (0.0, 3.0)
