"""Claims about work and cost: agents, calls and mails saved, satisfaction, figures of the market. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from aparte.kit.errors import BadInput
from aparte.planning.claim_rules import Case, Figures, Verdict, agrees, held, reaches
from aparte.planning.identities import (
    break_even_cost_ratio,
    busy_share,
    contacts_behind,
    cost_ratio,
    deflection_saving,
    gain_for_cost_ratio,
    productivity,
    saving_per_chat,
    staff_saved,
    throughput_gain,
)
from aparte.planning.service import answers_for_nps_rise

Found = tuple[Figures, Verdict]
AT_ONCE = (2, 3, 4, 5)


def h6(i: Figures) -> Found:
    """What a chat costs against a call: its length, and how many an agent finishes by holding several."""
    chat, call, agent, customer = i["chat_minutes"], i["call_minutes"], i["agent_seconds"], i["customer_seconds"]
    most = int(i["concurrency"])
    needed = gain_for_cost_ratio(chat, call, i["claimed_cost_ratio"])
    ratios = {f"cost_ratio_{k}": cost_ratio(chat, call, throughput_gain(agent, customer, k)) for k in AT_ONCE}
    at_most = cost_ratio(chat, call, throughput_gain(agent, customer, most))
    figures = {
        "gain_needed": needed, **ratios, "cost_ratio_at_most": at_most, "gain_limit": (agent + customer) / agent,
        "gain_other": throughput_gain(i["other_agent_seconds"], i["other_customer_seconds"], most),
    }  # fmt: skip
    if at_most <= i["claimed_cost_ratio"]:
        return figures, "follows"
    if needed >= most:
        return figures, "contradicts"  # no times whatever let so many at once finish so many times as many
    return {**figures, "customer_by_agent_needed": customer_by_agent(needed, most)}, "only_under"


def customer_by_agent(gain: float, at_once: int) -> float:
    """How many times the agent's time the customer must take in a turn for this gain, by halving."""
    low, high = 0.0, 1.0
    while throughput_gain(1.0, high, at_once) < gain:
        high *= 2
    while high - low > 1e-9 * high:
        middle = (low + high) / 2
        low, high = (low, middle) if throughput_gain(1.0, middle, at_once) >= gain else (middle, high)
    return high


def reply_seconds(agent: float, customer: float, at_once: int) -> float:
    """How long a customer waits for a reply inside a conversation: k a / U_k - c."""
    return at_once * agent / busy_share(agent, customer, at_once) - customer


def h7(i: Figures) -> Found:
    """How many conversations at once keep the time to a reply."""
    agent, customer = i["agent_seconds"], i["customer_seconds"]
    gains = {f"gain_{k}": throughput_gain(agent, customer, k) for k in AT_ONCE}
    replies = {f"reply_s_{k}": reply_seconds(agent, customer, k) for k in AT_ONCE}
    most = most_at_once(agent, customer, i["reply_target_s"], int(max(i["second_high"], i["first_high"])))
    figures = {**gains, **replies, "most_at_once": float(most)}
    if most >= i["second_high"]:
        return figures, "follows"
    return figures, "only_under" if most >= i["first_low"] else "contradicts"


def most_at_once(agent: float, customer: float, target: float, limit: int) -> int:
    """The most conversations, up to `limit`, with a reply within the target; 0 when even one is too slow."""
    return max((k for k in range(1, limit + 1) if reply_seconds(agent, customer, k) <= target), default=0)


def h8(i: Figures) -> Found:
    """What each does when fewer do the same, counting the mails that a chat takes the place of."""
    before, after = i["agents_before"], i["agents_after"]
    times = productivity(before, after)
    chats = times / i["mails_per_chat"]
    saved = staff_saved(before, after)
    figures = {"productivity": times, "staff_saved": saved, "chats_per_mail": chats}
    return figures, held(chats <= 1 and times > 1, "only_under" if times > 1 else "contradicts")


def h9(i: Figures) -> Found:
    """What a chat saves in mails."""
    saving = saving_per_chat(i["mails_per_chat"], i["cost_per_mail"], i["cost_per_chat"])
    figures = {"saving_per_chat": saving, "break_even": break_even_cost_ratio(i["mails_per_chat"])}
    return figures, held(saving > 0, "contradicts")


def h10(i: Figures) -> Found:
    """Calls that are avoided: all chats are paid, only calls that truly do not come are saved."""
    chats, call = i["calls_avoided"], i["cost_per_call"]
    chat = call * i["chat_cost_ratio"]
    paid = deflection_saving(chats, i["true_deflection"], call, chat)
    truly = chats * i["true_deflection"]
    figures = {
        "calls_total": contacts_behind(chats, i["online_share"], i["engaged_of_these"]),
        "saving_claimed": chats * call * i["saved_of_cost"], "calls_truly": truly,
        "saving_counted": truly * (call - chat), "saving_paid": paid,
    }  # fmt: skip
    if agrees(paid, figures["saving_claimed"]):
        return figures, "follows"
    return figures, "only_under" if paid > 0 else "contradicts"


def h11(i: Figures) -> Found:
    """Months to a year."""
    year = i["calls_per_month"] * 12
    return {"calls_per_year": year}, held(agrees(year, i["claimed_per_year"]), "contradicts")


def h12(i: Figures) -> Found:
    """Sales an hour and the conversion of a chat, which together tell how many chats an hour there were."""
    hours, own = i["contracts"] / i["sales_per_hour"], i["claimed_times"] * i["base_rate"]
    chats = i["sales_per_hour"] / i["claimed_conversion"]
    figures = {
        "agent_hours": hours, "full_time": hours / i["hours_per_year"], "own_conversion": own,
        "chats_per_hour": chats, "chats_per_hour_own": i["sales_per_hour"] / own,
        "minutes_per_chat": i["concurrency"] * 60 / chats,
    }  # fmt: skip
    return figures, held(reaches(own, i["claimed_conversion"]), "contradicts")


def h18(i: Figures) -> Found:
    """Answers of each wave until such a rise of the NPS is told."""
    before, after = (i["promoters"], i["detractors"]), (i["later_promoters"], i["later_detractors"])
    if max(sum(before), sum(after)) > 1:
        raise BadInput("promoters and detractors are more than all", where="H18.detractors", hint="1 at most together")
    needed = answers_for_nps_rise(before, after)
    figures = {
        "nps_before": 100 * (before[0] - before[1]), "nps_after": 100 * (after[0] - after[1]),
        "answers_needed": float(needed),
    }  # fmt: skip
    return figures, held(i["answers_per_wave"] >= needed, "only_under")


def h20(i: Figures) -> Found:
    """Shops a year before, and what is spent on conversion of all that is spent."""
    share = i["spent_on_conversion"] / (i["spent_on_conversion"] + i["spent_on_traffic"])
    figures = {"shops_before": i["shops"] / (1 + i["growth"]), "conversion_share": share}
    return figures, held(abs(share - i["claimed_share"]) <= 0.005, "contradicts")


def h22(i: Figures) -> Found:
    """Two shares over two windows: the longer holds at least as many."""
    figures = {"share_per_hour_long": i["share_long"] / i["hours_long"]}
    longer = i["hours_long"] > i["hours_short"] and i["share_long"] >= i["share_short"]
    same = i["hours_long"] == i["hours_short"] and agrees(i["share_long"], i["share_short"])
    return figures, held(longer or same, "contradicts")


CASES: Mapping[str, Case] = MappingProxyType({
    "H6": Case(("S1-76",),
               {"chat_minutes": 12.0, "call_minutes": 6.0, "claimed_cost_ratio": 0.5, "agent_seconds": 30.0,
                "customer_seconds": 60.0, "concurrency": 5.0, "other_agent_seconds": 15.0,
                "other_customer_seconds": 60.0}, h6),
    "H7": Case(("S0-53", "S1-113"),
               {"agent_seconds": 30.0, "customer_seconds": 60.0, "reply_target_s": 60.0, "first_low": 2.0,
                "first_high": 3.0, "second_low": 4.0, "second_high": 5.0}, h7),
    "H8": Case(("S1-40", "S1-44"), {"agents_before": 15.0, "agents_after": 8.0, "mails_per_chat": 2.4}, h8),
    "H9": Case(("S1-44",), {"mails_per_chat": 2.4, "cost_per_mail": 4.0, "cost_per_chat": 3.0}, h9),
    "H10": Case(("S1-41",),
                {"calls_avoided": 1_500_000.0, "online_share": 0.2, "engaged_of_these": 0.5, "cost_per_call": 5.0,
                 "saved_of_cost": 0.5, "true_deflection": 0.6, "chat_cost_ratio": 0.5}, h10),
    "H11": Case(("S1-42",), {"calls_per_month": 42_000.0, "claimed_per_year": 504_000.0}, h11),
    "H12": Case(("S1-78", "S1-59"),
                {"contracts": 30_000.0, "sales_per_hour": 0.5, "hours_per_year": 1_600.0, "base_rate": 0.01,
                 "claimed_times": 5.0, "claimed_conversion": 0.4, "concurrency": 4.0}, h12),
    "H18": Case(("S1-46",),
                {"promoters": 0.5, "detractors": 0.2, "later_promoters": 0.55, "later_detractors": 0.15,
                 "answers_per_wave": 0.0}, h18),
    "H20": Case(("S0-06", "S0-08"),
                {"shops": 138_000.0, "growth": 0.17, "spent_on_traffic": 92.0, "spent_on_conversion": 1.0,
                 "claimed_share": 0.01}, h20),
    "H22": Case(("S1-01", "S1-41"),
                {"share_long": 0.85, "hours_long": 24.0, "share_short": 0.2, "hours_short": 1.0}, h22),
})  # fmt: skip
