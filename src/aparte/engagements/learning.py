"""What a site has learnt of its invitations and conversations: a pure fold of the outcomes in the log.

Nothing here is written line by line: the outcomes themselves are facts, so a replay folds the same numbers again, and a
checkpoint carries them over a restart (docs/decisions/0015-learnt-pacing.md). All of it is forgotten exponentially.
"""

from __future__ import annotations

from math import exp, expm1, log

from msgspec import Struct, field

PRIOR_ACCEPTANCE = 0.1
PRIOR_STRENGTH = 20.0
"""The prior counts as so many invitations, Beta(2, 18): 95 % of it lies between 1 % and 26 %, which is where published
acceptance rates lie, and twenty answers, a few minutes of a shop, weigh as much as it does."""
PRIOR_DELAY_S = 10.0
PRIOR_DELAYS = 5.0
"""The prior of the delay counts as so many acceptances."""
PRIOR_CHAT_S = 600.0
PRIOR_CHATS = 5.0
HALF_LIFE_MS = 7 * 86_400_000
MOST_OUTCOMES = 1_000.0
"""Each answer makes the older ones weigh 1/1000 less: a busy shop follows a change within its last thousand."""
MOST_CHATS = 200.0
LONGEST_CHAT_S = 4 * 3600.0
"""A conversation that somebody forgot to close counts as this long."""
LONGEST_DELAY = 10.0
"""The mean delay is at most so many times the offer's own time: beyond, the answers come evenly over it."""
_STEPS = 40


class Answers(Struct, array_like=True):
    """What is known of one campaign's invitations: Beta(a, b) of the acceptance, and the delay of those who accept."""

    a: float = PRIOR_ACCEPTANCE * PRIOR_STRENGTH
    b: float = (1 - PRIOR_ACCEPTANCE) * PRIOR_STRENGTH
    delays: float = 0.0
    """Weight of the acceptances below; their delays and the times that their offers allowed, in seconds."""
    delay_s: float = 0.0
    cut_s: float = 0.0
    mean_s: float = PRIOR_DELAY_S
    """Mean of the exponential delay before it is cut at an offer's expiry, in seconds."""
    at: int = 0

    @property
    def rate(self) -> float:
        """The probability that an invitation is accepted: the mean of the Beta."""
        return self.a / (self.a + self.b)


class Chats(Struct, array_like=True):
    """Ended conversations of one skill: how many, and how long they had an agent's slot, in seconds."""

    n: float = 0.0
    seconds: float = 0.0
    at: int = 0


class Learnt(Struct):
    """All that a site has learnt for pacing; read by decisions, written by facts only."""

    answers: dict[str, Answers] = field(default_factory=dict)
    """Per campaign."""
    chats: dict[str, Chats] = field(default_factory=dict)
    """Per skill; `""` are conversations without one."""
    accepted: int = 0
    """Accepted invitations that needed a slot, since the site is there."""
    overruns: int = 0
    """How many of them found none free."""
    shift: float = 0.0
    """What the feedback has added to the logit of epsilon."""

    def of(self, campaign: str) -> Answers:
        """What is known of a campaign; of a new one the prior."""
        return self.answers.get(campaign, UNKNOWN)

    def chat_s(self, skill: str | None) -> float:
        """Mean time that a conversation has a slot, in seconds; without a skill over all conversations."""
        known = self.chats.values() if skill is None else [self.chats.get(skill, NO_CHATS)]
        n = sum(one.n for one in known)
        return (PRIOR_CHATS * PRIOR_CHAT_S + sum(one.seconds for one in known)) / (PRIOR_CHATS + n)


UNKNOWN = Answers()
NO_CHATS = Chats()


def kept(since: int, now: int) -> float:
    """What is left of the weight of older outcomes; a late one forgets nothing."""
    return float(0.5 ** (max(now - since, 0) / HALF_LIFE_MS)) if since else 1.0


def answered(learnt: Learnt, campaign: str, at: int, *, accepted: bool, delay_s: float, cut_s: float) -> None:
    """An invitation was accepted after `delay_s` of the `cut_s` seconds that it had, or declined, or it expired."""
    one = learnt.answers.setdefault(campaign, Answers())
    left = kept(one.at, at) * (1 - 1 / MOST_OUTCOMES)
    one.a = UNKNOWN.a + (one.a - UNKNOWN.a) * left + accepted
    one.b = UNKNOWN.b + (one.b - UNKNOWN.b) * left + (not accepted)
    one.at = max(one.at, at)
    one.delays, one.delay_s, one.cut_s = one.delays * left, one.delay_s * left, one.cut_s * left
    if accepted and cut_s > 0:
        one.delays, one.cut_s = one.delays + 1, one.cut_s + cut_s
        one.delay_s += min(max(delay_s, 0.0), cut_s)
        one.mean_s = delay_mean(one)


def delay_mean(known: Answers) -> float:
    """The mean of the delay as it would be without a cut, from delays that were cut; with the prior, in seconds.

    Only those who accept before the offer goes are seen, so their mean is too short. The exponential cut at T has the
    mean m - T / (e^(T/m) - 1); the m that gives the observed one is its maximum likelihood estimate. T is the mean cut.
    """
    cut = known.cut_s / known.delays
    seen = PRIOR_DELAYS * cut_mean(PRIOR_DELAY_S, cut) + known.delay_s
    mean = seen / (PRIOR_DELAYS + known.delays)
    low, high = log(cut * 1e-3), log(cut * LONGEST_DELAY)
    for _ in range(_STEPS):  # halving: the same steps on every machine
        middle = (low + high) / 2
        low, high = (middle, high) if cut_mean(exp(middle), cut) < mean else (low, middle)
    return exp((low + high) / 2)


def cut_mean(mean_s: float, cut_s: float) -> float:
    """The mean of an exponential delay that is cut at `cut_s`: what is seen of it, in seconds."""
    ratio = cut_s / mean_s
    return mean_s - (cut_s / expm1(ratio) if ratio < 700 else 0.0)


def told(learnt: Learnt, campaign: str, a: float, b: float, delay_s: float | None, at: int) -> None:
    """Somebody says what the acceptance of a campaign is: from here on it is learnt from there."""
    one = learnt.answers.setdefault(campaign, Answers())
    one.a, one.b, one.at = a, b, at
    if delay_s is not None:
        one.mean_s = delay_s


def ended(learnt: Learnt, skill: str | None, served_s: float, at: int) -> None:
    """A conversation has had a slot for so long."""
    one = learnt.chats.setdefault(skill or "", Chats())
    left = kept(one.at, at) * (1 - 1 / MOST_CHATS)
    one.n = one.n * left + 1
    one.seconds = one.seconds * left + min(max(served_s, 0.0), LONGEST_CHAT_S)
    one.at = max(one.at, at)


FEEDBACK = 0.05
"""How far one accepted invitation moves the logit of epsilon."""
LEAST_EPSILON, MOST_EPSILON = 0.001, 0.5


def took_a_slot(learnt: Learnt, *, overrun: bool) -> None:
    """An invitation was accepted; `overrun`: no slot was free at that moment."""
    learnt.accepted += 1
    learnt.overruns += overrun


def corrected(learnt: Learnt, start: float, target: float, *, overrun: bool) -> None:
    """Feedback towards a share of overruns: logit epsilon += .05 (target - overrun); `start` is epsilon at first."""
    logit = logit_of(start)
    wanted = logit + learnt.shift + FEEDBACK * (target - overrun)
    learnt.shift = min(max(wanted, logit_of(LEAST_EPSILON)), logit_of(MOST_EPSILON)) - logit


def epsilon(learnt: Learnt, start: float, target: float | None) -> float:
    """The epsilon that holds now: the site's own, or where feedback has moved it."""
    if target is None:
        return start
    return 1 / (1 + exp(-(logit_of(start) + learnt.shift)))


def logit_of(p: float) -> float:
    """log(p / (1 - p)) of a probability that is kept off 0 and 1."""
    inside = min(max(p, LEAST_EPSILON), 1 - LEAST_EPSILON)
    return log(inside / (1 - inside))
