"""From what was measured to the two times of a conversation: the agent's work for a message, and the customer's."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from aparte.kit.errors import BadInput
from aparte.planning.chat import Talk, level_of
from aparte.planning.queue_inputs import LEAST_SECONDS, MOST_CHATS

FEWEST_REPLIES = 30
"""Below, a mean says little."""
STEPS = 60


class Replies(Struct, frozen=True):
    """Replies of agents who had so many conversations just then."""

    conversations: int
    count: int
    mean_s: float


class Measured(Struct, frozen=True):
    """What conversations of a skill have told."""

    skill: str
    conversations: int
    replies: int
    reply_s: float
    """Mean over all of them."""
    talk: Talk


def fitted(skill: str, conversations: int, replies: Sequence[Replies], customer_s: float, turns: float) -> Measured:
    """The agent's work for a message that explains the replies, as the mean over what each number at a time says.

    An agent with k conversations answers later because others wait too: a reply takes R = k a / U - c, which is solved
    for a. BadInput below thirty replies.
    """
    count = sum(one.count for one in replies)
    if count < FEWEST_REPLIES:
        hint = f"{FEWEST_REPLIES - count} more, or give --agent-seconds, --customer-seconds and --turns"
        raise BadInput(f"only {count} replies were measured", where=f"skill {skill!r}" if skill else "skill", hint=hint)
    agent = sum(one.count * work_of(one, customer_s) for one in replies) / count
    reply = sum(one.count * one.mean_s for one in replies) / count
    return Measured(skill, conversations, count, reply, Talk(agent, customer_s, turns))


def work_of(replies: Replies, customer_s: float) -> float:
    """The a at which R_k(a) is the mean reply; R_k grows with a, and is a itself at k = 1."""
    k = min(max(replies.conversations, 1), MOST_CHATS)
    low, high = LEAST_SECONDS, max(replies.mean_s, LEAST_SECONDS)
    for _ in range(STEPS):  # halving: R_k(a) is at least a, so the answer is at most the mean itself
        middle = (low + high) / 2
        late = level_of(Talk(middle, customer_s, 1.0), k).reply_s > replies.mean_s
        low, high = (low, middle) if late else (middle, high)
    return (low + high) / 2
