"""`aparte plan erlang-b|erlang-c|erlang-a|chat|forecast|staff` as a stranger meets them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from time import process_time

import pytest

sys.path.append(str(Path(__file__).parents[1] / "cli"))
from cli_world import GOOD_CAMPAIGN, JOURNEY, Ran, written

from aparte.app.arrivals import replayed_files
from aparte.app.simulate import Asked, simulate
from aparte.cli import main
from aparte.planning.chat import Talk, chat
from aparte.planning.erlang import erlang_a, erlang_b, erlang_c
from aparte.targeting.campaign import load

Plan = Callable[..., Ran]
CHAT = ("--agent-seconds", 30, "--customer-seconds", 60, "--turns", 8)
PHONE = ("--channel", "phone", "--aht", 180, "--occupancy", 1)


@pytest.fixture
def plan(capsys: pytest.CaptureFixture[str]) -> Plan:
    """Run `aparte plan` with these words."""

    def run(*words: object) -> Ran:
        capsys.readouterr()
        try:
            main(["plan", *map(str, words)])
            code = 0
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 0
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return run


@pytest.fixture
def day(tmp_path: Path) -> Path:
    """Three half-hours."""
    return table(tmp_path / "day.csv", "mon 09:00,100", "mon 09:30,120", "tue 22:00,33")


@pytest.fixture
def weeks(tmp_path: Path) -> Path:
    """Four weeks of mornings."""
    days = [date(2026, 3, 2) + timedelta(days=n) for n in range(28)]
    return table(
        tmp_path / "weeks.csv", *(f"{one}T{hour}:00,{40 + one.day % 3}" for one in days for hour in ("09", "10"))
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop of three weeks and a half."""
    data = tmp_path_factory.mktemp("shop") / "data"
    simulate(data, Asked(visitors=400, seed=3, days=25, effect_pp=None, first_day=date(2026, 1, 5)))
    return data


def table(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(("start,arrivals", *rows)), "utf-8")
    return path


def test_erlang_c_answers_as_the_issue_shows(plan: Plan) -> None:
    ran = plan("erlang-c", "--agents", 14, "--erlangs", 10, "--aht", 180, "--threshold", 20, "--json")
    one = erlang_c(14, 10, 180, 20)
    assert ran.json == {
        "p_wait": one.p_wait,
        "service_level": one.service_level,
        "asa_s": one.asa_s,
        "occupancy": one.occupancy,
    }
    assert (ran.code, ran.err) == (0, "")


def test_erlang_a_and_b_answer(plan: Plan) -> None:
    ran = plan(
        "erlang-a",
        "--agents",
        14,
        "--arrivals-per-hour",
        200,
        "--aht",
        180,
        "--patience",
        180,
        "--threshold",
        20,
        "--json",
    )
    one = erlang_a(14, 200, 180, 180, 20)
    assert {"p_wait", "service_level", "asa_s", "occupancy", "p_abandon", "mean_wait_s"} <= set(ran.json)
    assert all(getattr(one, name) == value for name, value in ran.json.items())
    assert plan("erlang-b", "--agents", 10, "--erlangs", 10, "--json").json["p_blocked"] == erlang_b(10, 10)


def test_chat_answers(plan: Plan) -> None:
    ran = plan("chat", "--agents", 5, "--concurrency", 3, "--chats-per-hour", 40, *CHAT, "--patience", 180, "--json")
    one = chat(5, 3, 40, Talk(30, 60, 8), 180, 20)
    assert {"p_wait", "p_abandon", "mean_wait_s", "chats_per_agent", "mean_chat_s", "gain", "reply_s"} <= set(ran.json)
    assert all(getattr(one, name) == value for name, value in ran.json.items())


@pytest.mark.parametrize(
    ("language", "waits", "share"), [("en", "have to wait", "4.74%"), ("fr", "doivent attendre", "4,74\u00a0%")]
)
def test_people_read_a_table_in_their_language(plan: Plan, language: str, waits: str, share: str) -> None:
    ran = plan(
        "chat",
        "--agents",
        5,
        "--concurrency",
        3,
        "--chats-per-hour",
        40,
        *CHAT,
        "--patience",
        180,
        "--language",
        language,
    )
    assert waits in ran.out
    assert share in ran.out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (
            ("erlang-c", "--agents", 10, "--erlangs", 10, "--aht", 180),
            "--erlangs: 10 erlangs are more than 10 agents can ever serve (at least 11",
        ),
        (("erlang-c", "--agents", 0, "--erlangs", 1, "--aht", 180), "--agents: 0 is out of reach (agents at work"),
        (("erlang-c", "--agents", 4, "--erlangs", "nan", "--aht", 180), "--erlangs: nan is out of reach"),
        (("erlang-c", "--agents", 4, "--erlangs", 1, "--aht", -180), "--aht: -180.0 is out of reach"),
        (("erlang-c", "--agents", "four", "--erlangs", 1, "--aht", 180), "'--agents': 'four' is not a valid integer"),
        (("erlang-b", "--agents", 4), "Missing option '--erlangs'"),
        (
            ("erlang-a", "--agents", 4, "--arrivals-per-hour", -1, "--aht", 9, "--patience", 9),
            "--arrivals-per-hour: -1.0 is out",
        ),
        (
            ("erlang-a", "--agents", 4, "--arrivals-per-hour", 1, "--aht", 9, "--patience", 0),
            "--patience: 0.0 is out of reach",
        ),
        (
            ("chat", "--agents", 4, "--concurrency", 0, "--chats-per-hour", 9, *CHAT, "--patience", 9),
            "--concurrency: 0 is out",
        ),
        (
            (
                "chat",
                "--agents",
                4,
                "--concurrency",
                2,
                "--chats-per-hour",
                9,
                *CHAT[:4],
                "--turns",
                0,
                "--patience",
                9,
            ),
            "--turns: 0.0",
        ),
        (
            ("chat", "--agents", 4, "--concurrency", 2, "--chats-per-hour", "1e400", *CHAT, "--patience", 9),
            "--chats-per-hour: inf",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_one_line_by_its_option(plan: Plan, words: tuple[object, ...], says: str) -> None:
    ran = plan(*words)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert ran.err.count("\n") == 1


@pytest.mark.covers("S1-103")
def test_staff_tells_agents_paid_hours_and_cost(plan: Plan, day: Path) -> None:
    ran = plan("staff", day, *PHONE, "--wage", 25, "--json")
    assert [(one["start"], one["agents"], one["paid"]) for one in ran.json["half_hours"]] == [
        ("mon 09:00", 14, 20),
        ("mon 09:30", 16, 23),
        ("tue 22:00", 6, 9),
    ]
    assert (ran.json["paid_hours"], ran.json["cost"], ran.json["most_agents"]) == (26, 650, 16)
    text = plan("staff", day, *PHONE, "--wage", 25).out
    assert "mon 09:00" in text
    assert "650.00" in text


def test_staff_splits_two_teams_and_tells_who_is_missing(plan: Plan, day: Path) -> None:
    own, outside = "own, wage=22, agents=12, hours=mon-fri 08:00-18:00", "outside, wage=30, share=0.5"
    ran = plan("staff", day, *PHONE, "--team", own, "--team", outside, "--json")
    first, _, night = ran.json["half_hours"]
    assert {one["team"]: one["agents"] for one in first["teams"]} == {"own": 8, "outside": 6}
    assert (night["agents"], night["missing"]) == (6, 3)
    assert [one["team"] for one in ran.json["teams"]] == ["own", "outside"]
    assert sum(one["cost"] for one in ran.json["teams"]) == ran.json["cost"]
    text = plan("staff", day, *PHONE, "--team", own, "--team", outside, "--language", "fr").out
    assert "aucune équipe ne peut les donner" in text
    assert "lun. 09:00" in text


def test_staff_of_a_chat_chooses_the_concurrency_by_the_reply_time(plan: Plan, day: Path) -> None:
    def concurrency(*more: object) -> int:
        return int(plan("staff", day, *CHAT, "--json", *more).json["skills"][0]["concurrency"])

    assert [concurrency("--reply-time", one) for one in (30, 54, 96)] == [1, 3, 5]
    assert concurrency("--reply-time", 96, "--most-at-once", 2) == 2
    assert concurrency("--concurrency", 6) == 6


def test_staff_as_csv_has_a_column_for_each_team(plan: Plan, day: Path) -> None:
    out = plan("staff", day, *PHONE, "--team", "own, wage=1, agents=12", "--team", "outside, wage=2", "--csv").out
    assert out.splitlines()[:2] == ["start,arrivals,agents,paid,missing,own,outside", "mon 09:00,100.0,14,21,0,8,6"]


@pytest.mark.parametrize("form", ["--json", "--csv"])
def test_what_forecast_prints_is_what_staff_reads(plan: Plan, weeks: Path, tmp_path: Path, form: str) -> None:
    told = tmp_path / f"forecast.{form[2:]}"
    told.write_text(plan("forecast", weeks, form).out, "utf-8")
    usual, most = (
        plan("staff", "--from-forecast", told, *PHONE, "--staff-for", which, "--json").json
        for which in ("expected", "high")
    )
    assert len(usual["half_hours"]) == 336
    assert usual["arrivals"] == pytest.approx(sum(40 + (2 + n) % 3 for n in range(7)) * 2, rel=0.05)
    assert most["arrivals"] > usual["arrivals"]
    assert most["paid_hours"] > usual["paid_hours"]


def test_a_forecast_of_dates_has_days_of_23_and_25_hours(plan: Plan, weeks: Path) -> None:
    ran = plan("forecast", weeks, "--from", "2026-10-24", "--days", 3, "--json")
    assert [(one["day"], one["hours"]) for one in ran.json["days"]] == [
        ("2026-10-24", 24),
        ("2026-10-25", 25),
        ("2026-10-26", 24),
    ]
    assert sum(one["start"].startswith("2026-10-25") for one in ran.json["half_hours"]) == 50


def test_a_forecast_reads_well_in_both_languages(plan: Plan, weeks: Path) -> None:
    assert (
        "28 days counted in Europe/Paris; 80% of half-hours to come lie between low and high"
        in plan("forecast", weeks).out
    )
    french = plan("forecast", weeks, "--language", "fr").out
    assert "28 jours comptés, Europe/Paris" in french
    assert "lun. 09:00" in french


def test_too_short_a_past_is_refused_with_what_is_missing(plan: Plan, tmp_path: Path) -> None:
    ran = plan("forecast", table(tmp_path / "short.csv", "2026-03-02T09:00,4", "2026-03-12T09:00,4"))
    assert (ran.code, ran.out) == (2, "")
    assert "whole days of history are too few" in ran.err
    assert "more days" in ran.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("staff",), "arrivals are needed"),
        (("forecast",), "arrivals are needed"),
        (("staff", "DAY"), "--agent-seconds: the times of a conversation are not known"),
        (("staff", "DAY", "--channel", "phone"), "--aht: the handling time is not known"),
        (("staff", "DAY", *CHAT, "--reply-time", 20), "--reply-time: an agent with one conversation needs 30 s"),
        (("staff", "DAY", *CHAT, "--service-level", 1.2), "--service-level: 1.2 is out of reach"),
        (("staff", "DAY", *CHAT, "--service-level", 80), "a share of 1: 80 % is written 0.8"),
        (("staff", "DAY", *CHAT, "--occupancy", 0), "--occupancy: 0"),
        (
            ("staff", "DAY", *CHAT, "--shrinkage", "30"),
            "--shrinkage: 30 is out of reach (a share of 1: 30 % is written 0.3)",
        ),
        (("staff", "DAY", *CHAT, "--wage", -1), "wage"),
        (("staff", "DAY", *CHAT, "--wage", 1, "--team", "own"), "--wage is for one team"),
        (("staff", "DAY", *CHAT, "--team", "own, pay=1"), "'pay' is nothing that a team has"),
        (("staff", "DAY", *CHAT, "--team", "a", "--team", "a"), "each team has a name of its own"),
        (("staff", "DAY", *CHAT, "--skill", "sales"), "--skill"),
        (("staff", "MISSING", *CHAT), "no such file"),
        (("forecast", "DAY"), "a past has dates"),
        (("forecast", "DAY", "--time-zone", "Paris"), "--time-zone: 'Paris' is no time zone"),
        (("forecast", "--events", "DAY"), "--events needs --campaigns"),
        (("forecast", "--campaigns", "DAY"), "--campaigns needs --events FILE or --data DIR"),
        (("staff", "--data", "MISSING", *CHAT), "missing"),
    ],
)
def test_what_no_plan_can_be_made_of_is_refused_in_one_line(
    plan: Plan, day: Path, tmp_path: Path, words: tuple[object, ...], says: str
) -> None:
    named = {"DAY": day, "MISSING": tmp_path / "missing"}
    ran = plan(*(named.get(str(word), word) for word in words))
    assert (ran.code, ran.out) == (2, ""), ran
    assert says.lower() in ran.err.lower()
    assert ran.err.count("\n") == 1


def test_a_shop_is_staffed_from_what_it_has_recorded(plan: Plan, folder: Path) -> None:
    expected = plan("forecast", "--data", folder, "--json").json
    assert expected["days_counted"] >= 21
    came = sum(one["arrivals"] for one in expected["half_hours"])
    assert came > 0
    staffed = plan("staff", "--data", folder, *CHAT, "--wage", 20, "--json").json
    assert staffed["arrivals"] == pytest.approx(came)
    assert {one["skill"] for one in staffed["skills"]} == {one["skill"] for one in expected["skills"]}
    past = plan("staff", "--data", folder, *CHAT, "--wage", 20, "--as-it-was", "--json").json
    assert past["arrivals"] == pytest.approx(came * expected["days_counted"] / 7, rel=0.25)


@pytest.mark.covers("S0-49")
def test_what_campaigns_would_have_brought_is_forecast_and_staffed(plan: Plan, folder: Path) -> None:
    campaigns = next(folder.glob("campaigns/*.toml"))
    one, half = (
        plan("forecast", "--data", folder, "--campaigns", campaigns, "--acceptance", share, "--json").json
        for share in (1, 0.5)
    )
    every, other = (sum(row["arrivals"] for row in found["half_hours"]) for found in (one, half))
    assert every > 0
    assert other == pytest.approx(every / 2)
    words = ("--data", folder, "--campaigns", campaigns, "--json", *CHAT)
    many, none = (plan("staff", *words, "--acceptance", share).json for share in (1, 0))
    assert many["arrivals"] == pytest.approx(every)
    assert (many["agent_hours"] > 0, none["agent_hours"]) == (True, 0)


def test_each_invitation_of_a_replay_counts_by_its_acceptance(plan: Plan, tmp_path: Path) -> None:
    events = written(tmp_path / "events.jsonl", JOURNEY)
    [learnt] = replayed_files(load(GOOD_CAMPAIGN, "shop.toml"), [events], None, "chat")
    [told] = replayed_files(load(GOOD_CAMPAIGN, "shop.toml"), [events], 0.25, "chat")
    assert (learnt.skill, sum(learnt.counts.values()), sum(told.counts.values())) == ("sales", pytest.approx(0.1), 0.25)
    assert list(told.counts) == [1_714_557_600_000 - 1_714_557_600_000 % 1_800_000]
    campaigns = tmp_path / "shop.toml"
    campaigns.write_text(GOOD_CAMPAIGN, "utf-8")
    ran = plan("forecast", "--events", events, "--campaigns", campaigns)
    assert "0 whole days of history are too few" in ran.err


def test_a_week_of_a_large_desk_is_planned_at_once(plan: Plan, tmp_path: Path) -> None:
    rows = [
        f"{day} {n // 2:02}:{n % 2 * 30:02},{4_000 + 17 * n + m}"
        for m, day in enumerate(("mon", "tue", "wed"))
        for n in range(48)
    ]
    large = table(tmp_path / "large.csv", *rows)
    began = process_time()
    assert plan("staff", large, *PHONE[:2], "--aht", 600, "--json").json["most_agents"] > 1_850
    assert plan("staff", large, *CHAT, "--json").json["most_agents"] > 700
    assert process_time() - began < 6
