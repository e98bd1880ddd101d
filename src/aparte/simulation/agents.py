"""Simulated agents: they take who waits and answer what they are asked, until a human signs in."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from random import Random
from typing import Protocol

from msgspec import Struct

from aparte.simulation import figures
from aparte.simulation.scripts import HELLO, SOLVED, language_of, reply

NAMES = ("Camille", "Inès", "Karim")
LOOK_S = 1.0
FIRST_REPLY = figures.value("chats.first_reply_seconds")
THANKS = {text for texts in SOLVED.values() for text in texts}
WELCOME = {"fr": "Avec plaisir, bonne journée !", "en": "You are welcome, have a good day!"}


class Said(Struct, frozen=True):
    """An entry of a conversation, as far as an agent reads it; `by` and `kind` as in the wire."""

    seq: int
    by: str
    kind: str
    body: str


class AgentDoor(Protocol):
    """What one agent can do; behind it is the service that the console uses. All may be asked at any time."""

    async def waiting(self) -> Sequence[str]:
        """Conversations that nobody has taken and that this agent could take, the one that waits longest first."""
        ...

    async def take(self, conv: str) -> bool:
        """Take one; False when another was faster or no slot is left."""
        ...

    async def mine(self) -> Sequence[str]:
        """This agent's open conversations, also those that were given to him."""
        ...

    async def say(self, conv: str, body: str) -> None:
        """Write a text into one of his conversations; nothing happens when it is over."""
        ...

    async def close(self, conv: str) -> None:
        """End it."""
        ...

    async def entries(self, conv: str) -> Sequence[Said]:
        """What was said, in order."""
        ...


class Agent:
    """One simulated agent."""

    def __init__(self, name: str, door: AgentDoor, rng: Random, pace: float = 1.0) -> None:
        self.name, self.door, self.rng, self.pace = name, door, rng, pace
        self.due: dict[str, tuple[int, float]] = {}
        """Conversation: up to which entry he has read, and when his answer is written."""

    async def look(self, now: float, *, takes: bool) -> None:
        """One look at everything; `now` in seconds of a steady clock. `takes`: whether he takes somebody new."""
        if takes:
            for conv in (await self.door.waiting())[:1]:
                await self.door.take(conv)
        mine = await self.door.mine()
        for conv in mine:
            await self.attend(conv, now)
        self.due = {conv: due for conv, due in self.due.items() if conv in mine}

    async def attend(self, conv: str, now: float) -> None:
        """Answer what is new, after the time that reading and writing take."""
        said = await self.door.entries(conv)
        texts = [one for one in said if one.kind == "text"]
        greeted = any(one.by == "agent" for one in texts)
        last = texts[-1] if texts else None
        if greeted and (last is None or last.by != "visitor"):
            return
        seq = said[-1].seq if said else 0
        known = self.due.get(conv)
        if known is None or known[0] != seq:
            self.due[conv] = seq, now + self.rng.uniform(*FIRST_REPLY) * self.pace
        elif now >= known[1]:
            await self.answer(conv, said, last, greeted=greeted)

    async def answer(self, conv: str, said: Sequence[Said], last: Said | None, *, greeted: bool) -> None:
        """Greet, answer, or say good-bye."""
        asked = last.body if last is not None and last.by == "visitor" else ""
        language = language_of(asked or " ".join(one.body for one in said if one.kind == "offer") or "bonjour")
        if not greeted:
            await self.door.say(conv, HELLO[language].format(name=self.name))
        if asked in THANKS:
            await self.door.say(conv, WELCOME[language])
            await self.door.close(conv)
        elif asked:
            await self.door.say(conv, reply(asked, language))


class Staff:
    """All simulated agents of the demo."""

    def __init__(self, doors: dict[str, AgentDoor], seed: int = 1, pace: float = 1.0) -> None:
        self.agents = [Agent(name, door, Random(f"{seed}:{name}"), pace) for name, door in doors.items()]
        self.human = False
        """A human has signed in: nobody here takes another conversation; those begun are finished."""

    async def run(self) -> None:
        """Work until cancelled."""
        clock = asyncio.get_running_loop().time
        while True:
            for agent in self.agents:
                await agent.look(clock(), takes=not self.human)
            await asyncio.sleep(LOOK_S)
