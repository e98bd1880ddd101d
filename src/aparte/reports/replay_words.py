"""What the picture of a replay says: its sentences, and the words of each row."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from aparte.reports.model import ReplayFigures, RuleFunnel

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NAME_LENGTH = 31
WHAT_IS_COUNTED = (
    "Eligible and candidates count sessions; invited, held out and refrained count decisions. "
    "The upright mark stands at the candidates."
)


def headline(figures: ReplayFigures) -> str:
    """The one sentence of the picture."""
    if not figures.rules:
        return "Nothing held: there are no rules."
    if nothing_happened(figures):
        return "Nothing held: there were no visits to replay."
    return f"In {counted(figures.sessions, 'session')}, {what_rules_did(figures.rules)}."


def nothing_happened(figures: ReplayFigures) -> bool:
    """Whether there was nothing to replay; a recording of facts alone has decisions but no sessions of its own."""
    return not figures.sessions and not figures.events and not any(rule.eligible for rule in figures.rules)


def what_rules_did(rules: tuple[RuleFunnel, ...]) -> str:
    """The sum of all rules as the end of a sentence."""
    invited, held_out = sum(rule.invited for rule in rules), sum(rule.held_out for rule in rules)
    held = sum(rule.eligible > 0 for rule in rules)
    if not held:
        return "the only rule never held" if len(rules) == 1 else f"none of {len(rules):,} rules held"
    if not invited + held_out:
        return f"{counted(held, 'rule')} held and would have invited nobody"
    made = f"{counted(len(rules), 'rule')} would have made {counted(invited, 'invitation')}"
    return f"{made} and held out {held_out:,}" if held_out else f"{made} and held out nobody"


def below_headline(figures: ReplayFigures) -> str:
    """What the figures are and are not; without figures, what comes next."""
    if not figures.rules:
        return "Write a rule into the file of campaigns, then replay again."
    if nothing_happened(figures):
        return "Give a recording with at least one event, then replay again."
    when = f" of {period(figures.first_at, figures.last_at)}" if figures.first_at is not None else ""
    return f"A replay shows who would have been invited, not the effect. {counted(figures.events, 'event')}{when}."


def counted(number: int, noun: str) -> str:
    """`1 session`, `1,577 sessions`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def period(first: int, last: int | None) -> str:
    """The days from the first moment to the last, in UTC: `31 Jul to 2 Aug 2017 (UTC)`."""
    start, end = day(first), day(first if last is None else last)
    till = f"{end.day} {MONTHS[end.month - 1]} {end.year}"
    if start == end:
        return f"{till} (UTC)"
    same_month, same_year = (start.month, start.year) == (end.month, end.year), start.year == end.year
    month = "" if same_month else f" {MONTHS[start.month - 1]}"
    year = "" if same_year else f" {start.year}"
    return f"{start.day}{month}{year} to {till} (UTC)"


def day(at: int) -> datetime:
    """The UTC day of a moment."""
    return (EPOCH + timedelta(milliseconds=at)).replace(hour=0, minute=0, second=0, microsecond=0)


def short(name: str, length: int = NAME_LENGTH) -> str:
    """The name, or its two ends: long names of rules often differ at the end only."""
    name = " ".join(name.split())
    if len(name) <= length:
        return name
    tail = (length - 1) // 2
    return f"{name[: length - 1 - tail]}…{name[-tail:]}"


def refusals(rule: RuleFunnel) -> list[str]:
    """At most two lines: the first reason, then the second and the rest, so that the figures add up."""
    if not rule.refrained:
        return ["–"]
    texts = [f"{reason.replace('_', ' ')} {count:,}" for reason, count in rule.refrained]
    rest = sum(count for _, count in rule.refrained[2:])
    return [texts[0], *([f"{texts[1]}, other {rest:,}" if rest else texts[1]] if len(texts) > 1 else [])]
