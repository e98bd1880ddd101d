"""Passwords are hashed beside the loop, one at a time, and whoever comes too many is told so at once.

Mutants seen to fail here: two at a time; a link's password hashed while staff cannot be changed;
the hash made on the loop; a hash of other costs that is left as it is.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from time import sleep
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher
from doors_world import HASHER, PASSWORD, STAFF, World
from msgspec.structs import replace

from aparte.sites.store import SaveStaff
from aparte.web.hashing import MOST_WAITING, Hashing
from aparte.web.sign_in import password_hash

NEW = "quite another one 7"


class Slow:
    """Hashes and checks when it is let, and remembers how many did so at a time."""

    def __init__(self) -> None:
        self.gate, self.lock = threading.Event(), threading.Lock()
        self.now = self.most = 0

    def hash(self, password: bytes) -> str:
        return str(self.at(lambda: HASHER.hash(password)))

    def verify(self, hash: str, password: bytes) -> bool:
        return bool(self.at(lambda: HASHER.verify(hash, password)))

    def check_needs_rehash(self, hash: str) -> bool:
        return False

    def at(self, work: Callable[[], Any]) -> Any:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        assert self.gate.wait(20)
        with self.lock:
            self.now -= 1
        return work()


@pytest.fixture
def slow(world: World) -> Iterator[Slow]:
    """The hasher of this world from now on."""
    found = Slow()
    yield found
    found.gate.set()


def admin_of(world: World) -> httpx.Client:
    camille = next(one for one in world.call(lambda: world.store.staff("a")) if one.id == STAFF[0][0])

    async def promote() -> None:
        await world.store.submit([SaveStaff(replace(camille, role="admin"))])

    world.do(promote())
    world.call(world.running.doors.desk.directory.forget)
    return world.console("camille@a.example")


def link_token(admin: httpx.Client, name: str) -> str:
    made = admin.put("/api/v1/staff", json={"email": f"{name}@a.example", "name": name})
    assert made.status_code == 200, made.text
    return str(made.json()["link"].split("#invite=")[1])


def test_passwords_are_hashed_one_at_a_time_and_the_line_has_an_end(world: World, slow: Slow) -> None:
    admin = admin_of(world)
    tokens = [link_token(admin, f"new{number}") for number in range(2)]
    world.doors.doorkeeper.hashing.hasher = slow
    knocks: list[Callable[[], httpx.Response]] = [
        lambda: world.console().post("/api/v1/session", json={"email": "alex@a.example", "password": PASSWORD}),
        lambda: world.console().post("/api/v1/session", json={"email": "nobody@a.example", "password": PASSWORD}),
        lambda: admin.put("/api/v1/staff", json={"email": "z@a.example", "name": "Z", "password": NEW}),
        lambda: admin.put("/api/v1/me/password", json={"password": PASSWORD, "new": NEW + "!"}),
        *(lambda token=token: confirmed(world, token) for token in tokens),
    ]
    knocks += [knocks[0]] * (MOST_WAITING - len(knocks))
    with ThreadPoolExecutor(len(knocks)) as threads:
        under_way = [threads.submit(one) for one in knocks]
        while world.doors.doorkeeper.hashing.line < MOST_WAITING:
            assert not any(one.done() for one in under_way)
            sleep(0.005)
        for again in (knocks[0], knocks[2], knocks[3], knocks[4]):
            busy = again()
            assert (busy.status_code, busy.json()["error"]["code"]) == (429, "busy"), busy.text
            assert busy.headers["retry-after"] == "3"
        assert admin.get("/api/v1/session").status_code == 200  # the loop is free
        assert admin.put("/api/v1/staff/alex", json={"name": "Alexis"}).status_code == 200  # so are staff
        assert not any(one.done() for one in under_way)  # all that was before the gate was opened
        slow.gate.set()
        statuses = [one.result().status_code for one in under_way]
    assert statuses == [200, 401, 200, 204, 204, 204, *[200] * (MOST_WAITING - 6)]
    assert slow.most == 1


def test_a_hash_of_other_costs_opens_and_is_made_anew(world: World) -> None:
    admin_of(world)
    costly = PasswordHasher(time_cost=3, memory_cost=64, parallelism=4).hash(PASSWORD)
    rewritten(world, costly)
    assert world.console().post("/api/v1/session", json={"email": "camille@a.example", "password": NEW}).is_error
    assert password_hash_of(world) == costly
    world.console("camille@a.example")
    anew = password_hash_of(world)
    assert not HASHER.check_needs_rehash(anew)
    world.console("camille@a.example")
    assert password_hash_of(world) == anew


def password_hash_of(world: World) -> str:
    return next(one for one in world.call(lambda: world.store.staff("a")) if one.id == STAFF[0][0]).password_hash


def rewritten(world: World, hash: str) -> None:
    """His password as an older version has kept it."""
    camille = next(one for one in world.call(lambda: world.store.staff("a")) if one.id == STAFF[0][0])

    async def write() -> None:
        await world.store.submit([SaveStaff(replace(camille, password_hash=hash))])

    world.do(write())
    world.call(world.running.doors.desk.directory.forget)


def test_passwords_cost_what_owasp_says_for_commands_and_for_the_server() -> None:
    assert password_hash(NEW).startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert Hashing().hasher.hash(NEW).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def confirmed(world: World, token: str) -> httpx.Response:
    """Somebody new sets his password."""
    return world.console().post("/api/v1/session/reset/confirm", json={"token": token, "password": NEW})
