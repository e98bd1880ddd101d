"""Simulated visitors in a live demo: they come through the real door, with addresses and browsers of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from typing import Any

from aparte.simulation.acts import Act
from aparte.simulation.client import Answer, Client, Unreachable
from aparte.simulation.scripts import SOLVED, script
from aparte.simulation.tag import Tag, confirmation
from aparte.simulation.talk import EASE, survey
from aparte.simulation.twin import Visit
from aparte.simulation.visitors import Persona, person, persona

PULSE_S = 10.0
TOGETHER_MS = 500
"""Messages that follow one another within this time leave together."""
PATIENCE_S = 120.0
LIVELY: tuple[Persona, ...] = (Persona.SEARCHES, Persona.HESITATES, Persona.PAYMENT, Persona.WINDOW, Persona.SIZES)
"""Who comes first, so that a demo that has just begun has something to show."""
BRISK = 0.25
MOST_VISITORS = 100


def now() -> datetime:
    """The clock of the visitors' browsers."""
    return datetime.now(UTC)


class Driver:
    """Keeps a number of visitors in the shop. `pace` shortens their pauses, but not those that a rule waits for."""

    def __init__(
        self, host: str, port: int, *, key: str = "demo", secret: str = "demo-secret", seed: int = 1, pace: float = 0.7
    ) -> None:
        self.host, self.port, self.key, self.secret, self.pace = host, port, key, secret, pace
        self.rng = Random(seed)
        self.visitors = 0
        self.come = 0
        self.tasks: set[asyncio.Task[None]] = set()

    def set_visitors(self, count: int) -> int:
        """How many shall be in the shop at a time, from 0 to 100; returns what was set."""
        self.visitors = max(0, min(count, MOST_VISITORS))
        return self.visitors

    async def run(self) -> None:
        """Let visitors come and go until cancelled; then all leave at once."""
        try:
            while True:
                self.adjust()
                await asyncio.sleep(self.rng.uniform(0.2, 0.6))
        finally:
            for task in self.tasks:
                task.cancel()
            await asyncio.gather(*self.tasks, return_exceptions=True)

    def adjust(self) -> None:
        """One more, or the surplus fewer."""
        if len(self.tasks) < self.visitors:
            task = asyncio.create_task(self.visitor())
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)
        for task in list(self.tasks)[: max(0, len(self.tasks) - self.visitors)]:
            task.cancel()

    async def visitor(self) -> None:
        """One visit; a server that does not answer ends it, and the next comes a little later."""
        first, self.come = self.come < 2 * len(LIVELY), self.come + 1
        kind = LIVELY[self.come % len(LIVELY)] if first else self.usual()
        visit = Visit(self.rng, person(self.rng), kind, f"ML-{self.rng.getrandbits(32):08X}")
        page = OpenPage(self, visit, self.pace * (BRISK if first else 1))
        try:
            await page.walk()
        except Unreachable:
            await asyncio.sleep(2)
        finally:
            page.client.drop()

    def usual(self) -> Persona:
        """Who comes: as in the past, with fewer who only look."""
        kind = persona(self.rng)
        return persona(self.rng) if kind is Persona.WINDOW else kind


class OpenPage:
    """One visitor's browser with the tag on its page."""

    def __init__(self, driver: Driver, visit: Visit, pace: float, clock: Callable[[], datetime] = now) -> None:
        self.driver, self.visit, self.pace, self.clock = driver, visit, pace, clock
        who = visit.person
        address, origin = who.address, f"http://{driver.host}:{driver.port}"
        told = {
            "X-Forwarded-For": address,
            "User-Agent": who.user_agent,
            "Accept-Language": who.locale,
            "Origin": origin,
        }
        self.client, self.tag = Client(driver.host, driver.port, told), Tag(who, origin, who.id)
        self.token: str | None = None
        self.id = ""
        self.queue: list[dict[str, Any]] = []
        self.offer: dict[str, Any] | None = None
        self.answered: set[str] = set()
        self.wake_s = PULSE_S
        self.time = asyncio.get_running_loop().time

    async def walk(self) -> None:
        """The whole visit."""
        while (act := self.visit.next()) is not None:
            wait_s = act.wait_ms / 1000 * (1 if act.exact or self.pace > 1 else self.pace)
            if act.wait_ms > TOGETHER_MS:
                await self.stay(wait_s)
            if act.kind:
                await self.do(act)
        await self.pulse(visible=False)

    async def do(self, act: Act) -> None:
        """Put an act into the queue; an order is confirmed by the shop's server as well."""
        self.queue.append(self.tag.message(act, self.clock().isoformat()))
        if act.name == "Order Completed":
            await self.pulse()
            await self.confirm(act)

    async def stay(self, seconds: float) -> None:
        """Look at the page: send what is queued, pulse when it is time, and react to what comes."""
        until = self.time() + seconds
        await self.pulse()
        while True:
            if self.offer is not None:
                await self.react(self.offer)
            left = until - self.time()
            if left <= 0:
                return
            await asyncio.sleep(min(left, self.wake_s))
            if self.time() < until:
                await self.pulse()

    async def pulse(self, *, visible: bool = True) -> None:
        """POST /v1/pulse, as the tag does."""
        events, self.queue = self.queue, []
        told = {"key": self.driver.key, "token": self.token, "consent": "full", "visible": visible, "events": events}
        about = {"sentAt": self.clock().isoformat(), "tab": self.visit.person.id[:4]}
        about["language"] = self.visit.person.language
        answer = await self.client.call("POST", "/v1/pulse", {**told, **about})
        if answer.status != 200:
            self.queue = events + self.queue
            await asyncio.sleep(1)
            return
        self.take(answer.body)

    def take(self, body: dict[str, Any]) -> None:
        """What a pulse has brought."""
        self.token = body.get("token") or self.token
        self.id = body.get("visitor") or self.id
        offer = body.get("offer")
        fresh = isinstance(offer, dict) and offer.get("engagement") not in self.answered
        self.offer = offer if fresh else None
        wake_ms = body.get("wake_in_ms")
        self.wake_s = min(PULSE_S, max(0.25, wake_ms / 1000)) if isinstance(wake_ms, int | float) else PULSE_S

    async def react(self, offer: dict[str, Any]) -> None:
        """Accept, decline or ignore an invitation."""
        engagement = str(offer["engagement"])
        self.answered.add(engagement)
        self.offer = None
        reaction = self.visit.react(self.visit.campaign or "cart-hesitation")
        if reaction.kind == "missed":
            return
        await self.post(f"/v1/offers/{engagement}/shown")
        await self.linger(min(reaction.after_ms / 1000, offer.get("expires_in_ms", 30_000) / 1000 - 2))
        if reaction.kind == "accept":
            answer = await self.post(f"/v1/offers/{engagement}/accept")
            if answer.status == 200 and isinstance(answer.body.get("conversation"), dict):
                await self.chat(str(answer.body["conversation"]["id"]))
        else:
            await self.post(f"/v1/offers/{engagement}/{reaction.kind}")

    async def linger(self, seconds: float) -> None:
        """Think about it; the page goes on pulsing."""
        until = self.time() + seconds
        while (left := until - self.time()) > 0:
            await asyncio.sleep(min(left, PULSE_S))
            if left > PULSE_S:
                await self.pulse()

    async def post(self, path: str, **more: Any) -> Answer:
        """One of the visitor's calls."""
        told = {"key": self.driver.key, "token": self.token, "language": self.visit.person.language}
        return await self.client.call("POST", path, {**told, **more}, kind="application/json")

    async def chat(self, conv: str) -> None:
        """A whole conversation: wait for the agent, ask, read, thank, leave, and say how it was."""
        language, rng = self.visit.person.language, self.visit.rng
        seen, replied = await self.hear(conv, 0)
        lines = [turn.asks for turn in script(rng, self.visit.persona, language)] + [rng.choice(SOLVED[language])]
        for number, line in enumerate(lines):
            if not replied:
                break
            await asyncio.sleep(min(2 + len(line) / 12, 9) * max(self.pace, 0.3))
            told = [{"cid": f"{conv}-{number}", "kind": "text", "body": line}]
            await self.post(f"/v1/conv/{conv}/entries", entries=told)
            seen, replied = await self.hear(conv, seen)
            self.visit.talked = True
        await self.post(f"/v1/conv/{conv}/close")
        opinion = survey(rng, language)
        if opinion is not None and self.visit.talked:
            csat, nps, solved, comment = opinion
            marks = {"csat": csat, "nps": nps, "ces": EASE[csat]}
            await self.post(f"/v1/conv/{conv}/survey", **marks, solved=solved, comment=comment)

    async def hear(self, conv: str, after: int) -> tuple[int, bool]:
        """Wait for the agent's next line, pulsing meanwhile: the last entry read, and whether a line came."""
        until = self.time() + PATIENCE_S
        keys = {"Authorization": f"Bearer {self.token}", "Aparte-Key": self.driver.key}
        while self.time() < until:
            answer = await self.client.call("GET", f"/v1/conv/{conv}/entries?after={after}&wait=8", headers=keys)
            if answer.status != 200:
                return after, False
            entries = answer.body.get("entries", [])
            after = max([after, *(int(one["seq"]) for one in entries)])
            if any(one.get("by") == "agent" and one.get("kind") == "text" for one in entries):
                return after, True
            if answer.body.get("state") == "closed":
                return after, False
            if not entries:
                await self.pulse()
                await asyncio.sleep(0.2)
        return after, False

    async def confirm(self, act: Act) -> None:
        """What the shop's server sends after an order, with the secret key."""
        told = confirmation(act, self.id or self.visit.person.id, self.clock().isoformat())
        key = {"Authorization": f"Bearer {self.driver.secret}"}
        server = Client(self.driver.host, self.driver.port, key)
        try:
            await server.call("POST", "/v1/track", told, kind="application/json")
        finally:
            server.drop()
