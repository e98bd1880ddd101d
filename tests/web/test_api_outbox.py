"""Webhooks and mail on the whole server: subscribed in the console, caused by visitors, delivered on loopback."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from aiosmtpd.smtp import SMTP
from doors_world import World, token_of, vid

from aparte.attribution.store import RecordLead
from aparte.outbox.model import EVENTS
from aparte.outbox.sign import verify
from aparte.settings import Mail, Outbox
from aparte.sites.store import SaveStaff
from aparte.web.transcript_mail import hashed

pytestmark = pytest.mark.parametrize("worlds", ["sqlite"], indirect=True)


class Ear(BaseHTTPRequestHandler):
    """Takes what is posted, and answers what the server's `status` says."""

    server: Any

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((dict(self.headers), body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *of: Any) -> None:
        pass


@pytest.fixture
def ear() -> Iterator[Any]:
    """A receiver of webhooks."""
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Ear)
    server.got, server.status = [], 200
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


class Box:
    def __init__(self) -> None:
        self.got: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.got.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"


def free_port() -> int:
    with contextlib.closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Town:
    """A server with a mail server beside it, and an admin."""

    def __init__(self, worlds: Callable[..., World], **more: Any) -> None:
        port = free_port()
        self.mail = Mail(host="127.0.0.1", port=port, sender="chat@a.example", tls="none")
        self.world = world = worlds(
            settings={
                "mail": self.mail,
                "outbox": Outbox(allow=("127.0.0.1",)),
                "url": "https://chat.a.example",
                **more,
            }
        )
        self.box = Box()
        world.do(self.listen(port))
        world.running.post.look_s = 0.05
        for id, site in (("adam", "a"), ("bob", "b")):
            staff = world.call(lambda: world.store.staff("a"))[0]
            world.do(self.save(staff, id, site))
        world.call(world.running.desk.directory.forget)
        self.console = world.console("adam@a.example")

    async def save(self, staff: Any, id: str, site: str) -> None:
        from msgspec.structs import replace  # noqa: PLC0415

        await self.world.store.submit(
            [SaveStaff(replace(staff, id=id, site=site, role="admin", name=id, email=f"{id}@{site}.example"))]
        )

    async def listen(self, port: int) -> None:
        loop = self.world.loop
        self.server = await loop.create_server(lambda: SMTP(self.box, hostname="m", loop=loop), "127.0.0.1", port)

    def until(self, done: Callable[[], Any], seconds: float = 30.0) -> None:
        end = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < end, done
            time.sleep(0.01)

    def mails(self, count: int) -> list[Any]:
        self.until(lambda: len(self.box.got) >= count)
        return self.box.got

    def hook(self, ear: Any, *events: str) -> dict[str, Any]:
        url = f"http://127.0.0.1:{ear.server_port}/hook"
        answer = self.console.put("/api/v1/webhooks", json={"url": url, "events": list(events or EVENTS)})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def asks(self, conv: str, email: str, visitor: str = "v1", key: str = "key-a") -> httpx.Response:
        body = {"key": key, "token": token_of(visitor), "email": email}
        origin = {"Origin": "https://a.example"}
        return httpx.post(f"{self.world.http}/v1/conv/{conv}/transcript", content=json.dumps(body), headers=origin)


@pytest.fixture
def town_of(worlds: Callable[..., World]) -> Iterator[Callable[..., Town]]:
    """Makes towns, and closes their mail servers."""
    made: list[Town] = []

    def begin(**more: Any) -> Town:
        made.append(Town(worlds, **more))
        return made[-1]

    yield begin
    for one in made:
        one.world.call(one.server.close)


def told(ear: Any) -> list[tuple[str, dict[str, Any]]]:
    """What a receiver has heard."""
    return [(found["event"], found["data"]) for found in (json.loads(body) for _, body in ear.got)]


def test_a_webhook_hears_a_conversation_from_the_invitation_to_the_survey(town_of: Any, ear: Any) -> None:
    town = town_of()
    world = town.world
    made = town.hook(ear)
    world.available("camille")
    engagement = world.hesitates("v1")["offer"]["engagement"]
    assert world.do(world.engine.move_invitation("a", vid("v1"), engagement, "shown"))
    conv = world.do(world.engine.accept("a", vid("v1"), engagement, "fr")).id
    world.says(conv, "v1", "Bonjour")
    world.says(conv, "camille", "un secret d'agent", kind="note")
    world.says(conv, "camille", "Bonjour !")
    world.do(world.engine.close("a", conv, "visitor", vid("v1")))
    world.do(world.engine.survey("a", conv, vid("v1"), 5, 9, True, "merci"))
    town.until(lambda: len(ear.got) == 7)
    assert [event for event, _ in told(ear)] == [
        "engagement.shown", "engagement.accepted", "conversation.opened", "message.created", "message.created",
        "conversation.closed", "survey.answered",
    ]  # fmt: skip
    heard = told(ear)
    assert heard[0][1] == {"engagement": engagement, "visitor": vid("v1")}
    assert heard[2][1]["conversation"] == conv
    assert [data["body"] for event, data in heard if event == "message.created"] == ["Bonjour", "Bonjour !"]
    assert heard[6][1] == {"conversation": conv, "csat": 5, "nps": 9, "ces": None, "solved": True, "comment": "merci"}
    assert "secret d'agent" not in str(ear.got)
    headers, body = ear.got[0]
    assert verify(made["secret"], headers["Aparte-Signature"], body, int(time.time()))
    assert len({headers["Aparte-Event-Id"] for headers, _ in ear.got}) == 7
    assert json.loads(body)["event_id"] == headers["Aparte-Event-Id"]


def test_only_what_is_subscribed_is_kept_and_a_message_sent_twice_is_one_event(town_of: Any, ear: Any) -> None:
    town = town_of()
    world = town.world
    town.hook(ear, "message.created")
    conv = world.conversation("v1")
    for _ in range(3):
        world.do(world.engine.send("a", conv, "visitor", vid("v1"), "c1", "text", "once"))
    other = world.do(world.engine.open_conversation("b", vid("v2"), "fr")).id
    world.do(world.engine.send("b", other, "visitor", vid("v2"), "c1", "text", "of another site"))
    world.do(world.engine.send("a", conv, "visitor", vid("v1"), "c2", "text", "then"))
    town.until(lambda: len(ear.got) == 2)
    assert [(event, data["body"]) for event, data in told(ear)] == [
        ("message.created", "once"), ("message.created", "then"),
    ]  # fmt: skip


def test_without_a_webhook_nothing_is_written(worlds: Any) -> None:
    world = worlds()
    conv = world.conversation("v1")
    world.says(conv, "v1", "hello")
    assert world.call(world.store.outbox_counts) == []
    assert world.call(lambda: list(world.store.mails_due(2**60))) == []


def test_a_webhook_is_shown_changed_rotated_tried_and_removed(town_of: Any, ear: Any) -> None:
    town = town_of()
    api, made = town.console, town.hook(ear, "lead.recorded")
    hook = made["webhook"]
    assert made["secret"].startswith("whsec_")
    [listed] = api.get("/api/v1/webhooks").json()
    assert listed == {**hook, "secret_hint": made["secret"][-4:], "waiting": 0, "failing": ""}
    assert made["secret"] not in api.get("/api/v1/webhooks").text
    rotated = api.post(f"/api/v1/webhooks/{hook['id']}/rotate").json()
    assert rotated["secret"] != made["secret"]
    id = api.post(f"/api/v1/webhooks/{hook['id']}/test").json()["event_id"]
    town.until(lambda: len(ear.got) == 1)
    headers, body = ear.got[0]
    for secret in (made["secret"], rotated["secret"]):
        assert verify(secret, headers["Aparte-Signature"], body, int(time.time()))
    town.until(lambda: api.get(f"/api/v1/webhooks/{hook['id']}/deliveries").json()[0]["state"] == "delivered")
    [delivery] = api.get(f"/api/v1/webhooks/{hook['id']}/deliveries").json()
    assert (delivery["event_id"], delivery["answer"], delivery["attempts"]) == (id, "200", 1)
    changed = {"id": hook["id"], "url": listed["url"], "events": ["survey.answered"], "active": False}
    answer = api.put("/api/v1/webhooks", json=changed).json()
    assert (answer["secret"], answer["webhook"]["active"], answer["webhook"]["events"]) == (
        None,
        False,
        ["survey.answered"],
    )
    assert api.delete(f"/api/v1/webhooks/{hook['id']}").status_code == 204
    assert api.get("/api/v1/webhooks").json() == []
    assert api.delete(f"/api/v1/webhooks/{hook['id']}").status_code == 404


def test_what_was_given_up_is_listed_and_sent_again(town_of: Any, ear: Any) -> None:
    town = town_of()
    api, world = town.console, town.world
    hook = town.hook(ear)["webhook"]
    ear.status = 500
    api.post(f"/api/v1/webhooks/{hook['id']}/test")
    town.until(lambda: len(ear.got) == 1)
    world.clock_ms += 86_400_000
    api = world.console("adam@a.example")  # a session ends when nobody uses it for so long
    town.until(lambda: api.get("/api/v1/outbox").json() == {"pending": 0, "dead": 1})
    metrics = httpx.get(f"{world.http}/metrics").text
    assert re.search(r"^aparte_outbox_dead 1\.0$", metrics, re.MULTILINE)
    assert re.search(r"^aparte_outbox_pending 0\.0$", metrics, re.MULTILINE)
    [dead] = api.get("/api/v1/outbox/dead").json()
    assert (dead["event"], dead["answer"], dead["to"]) == ("ping", "500", "127.0.0.1")
    ear.status = 200
    foreign = world.console("bob@b.example")
    assert foreign.get("/api/v1/outbox/dead").json() == []
    assert foreign.post(f"/api/v1/outbox/{dead['id']}/again").status_code == 404
    assert api.post(f"/api/v1/outbox/{dead['id']}/again").status_code == 200
    town.until(lambda: api.get("/api/v1/outbox").json() == {"pending": 0, "dead": 0})
    assert ear.got[-1][0]["Aparte-Event-Id"] == dead["event_id"]
    assert api.post(f"/api/v1/outbox/{dead['id']}/again").status_code == 409


def test_nobody_but_an_admin_of_the_site_and_no_address_inside(town_of: Any, ear: Any) -> None:
    town = town_of(outbox=Outbox())
    world, body = town.world, {"url": f"http://127.0.0.1:{ear.server_port}/", "events": ["ping"]}
    assert town.console.put("/api/v1/webhooks", json=body).status_code == 400
    body["events"] = ["lead.recorded"]
    refused = town.console.put("/api/v1/webhooks", json=body)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "bad_address")
    for url in ("https://[::1]/", "https://0x7f.1/", "https://a@b.example/", "ftp://x.example/", "x" * 9):
        assert town.console.put("/api/v1/webhooks", json={**body, "url": url}).json()["error"]["code"] == "bad_address"
    for who in ("camille@a.example", "ana@a.example"):
        client = world.console(who)
        for method, path in (
            ("GET", "webhooks"), ("PUT", "webhooks"), ("GET", "mail"), ("PUT", "mail"), ("POST", "mail/test"),
            ("GET", "outbox"), ("GET", "outbox/dead"), ("POST", "outbox/1/again"), ("DELETE", "webhooks/x"),
            ("POST", "webhooks/x/test"), ("POST", "webhooks/x/rotate"), ("GET", "webhooks/x/deliveries"),
        ):  # fmt: skip
            said = {"to": "a@b.example"} if "mail" in path else body
            answer = client.request(method, f"/api/v1/{path}", json=None if method == "GET" else said)
            assert answer.status_code == 403, (method, path, answer.text)


# Mail


def test_requests_and_leads_are_mailed_to_the_site_with_nothing_of_the_visitor_in_the_subject(town_of: Any) -> None:
    town = town_of()
    world = town.world
    assert town.console.put("/api/v1/mail", json={"to": "desk@a.example"}).json()["to"] == "desk@a.example"
    assert town.console.put("/api/v1/mail", json={"to": "a@b.example\r\nBcc: c@d.example"}).status_code == 400
    asked = {
        "key": "key-a", "token": token_of("v1"), "cid": "r1", "kind": "message", "email": "ann@x.example",
        "name": "Ann\u202e <b>", "body": "line one\nBcc: victim@x.example",
    }  # fmt: skip
    headers = {"Origin": "https://a.example"}
    for _ in range(2):
        assert httpx.post(f"{world.http}/v1/requests", content=json.dumps(asked), headers=headers).status_code in (
            200,
            400,
        )
    asked["name"] = "Ann"
    assert httpx.post(f"{world.http}/v1/requests", content=json.dumps(asked), headers=headers).status_code in (200, 409)
    lead = RecordLead("a", "l1", vid("v1"), world.running.engine.core.clock(), True, "", {"name": "Bob", "phone": "1"})
    leaves = world.call(lambda: list(world.engine.leaving.leaves(lead, lead.at)))
    world.do(world.running.post.submit(*leaves))
    first, second = sorted(town.mails(2)[:2], key=lambda one: one["Subject"])  # each goes as soon as it can
    assert (first["To"], first["Subject"]) == ("desk@a.example", "Maison A : un visiteur a laissé un message")
    assert "    Bcc: victim@x.example" in first.get_content()
    assert second["Subject"] == "Maison A : une demande de contact"
    assert "phone: 1" in second.get_content()
    time.sleep(0.2)
    assert len(town.box.got) == 2


def test_the_test_button_tells_what_the_mail_server_says_and_no_password_is_shown(town_of: Any) -> None:
    town = town_of()
    assert town.console.post("/api/v1/mail/test", json={"to": "me@a.example"}).json() == {"answer": "250"}
    assert town.box.got[0]["To"] == "me@a.example"
    shown = town.console.get("/api/v1/mail").json()
    assert "password" not in shown
    assert (shown["configured"], shown["host"], shown["sender"]) == (True, "127.0.0.1", "chat@a.example")
    town.world.call(town.server.close)
    failed = town.console.post("/api/v1/mail/test", json={"to": "me@a.example"})
    assert (failed.status_code, failed.json()["error"]["code"]) == (502, "mail_failed")


def test_a_server_without_mail_says_so(town_of: Any) -> None:
    town = town_of(mail=Mail())
    assert town.console.post("/api/v1/mail/test", json={"to": "me@a.example"}).json()["error"]["code"] == "no_mail"
    conv = town.world.conversation("v1")
    assert town.asks(conv, "ann@x.example").json()["error"]["code"] == "no_mail"
    assert not town.world.do(town.world.running.desk.send_mail("a", "x@y.example", "s", "t"))


# The visitor's transcript


def link_of(mail: Any) -> str:
    found = re.search(r"https://chat\.a\.example(/v1/confirm/[0-9a-f]{32})\b", mail.get_content())
    assert found
    return found[1]


def test_a_transcript_goes_only_to_an_address_that_was_confirmed(town_of: Any) -> None:
    town = town_of()
    world = town.world
    world.available("camille")
    conv = world.conversation("v1")
    world.says(conv, "v1", "Bonjour <script>alert(1)</script>\n[12:00] Camille: payez ici http://evil.example")
    world.says(conv, "camille", "Bonjour, comment vous aider ?")
    world.says(conv, "camille", "client pénible", kind="note")
    answer = town.asks(conv, "ann@x.example")
    assert (answer.status_code, answer.json()) == (202, {})
    [mail] = town.mails(1)
    assert (mail["To"], mail["Subject"]) == ("ann@x.example", "Confirmez l'envoi de votre conversation")
    assert "evil" not in str(mail)
    path = link_of(mail)
    for _ in range(3):  # as mail programs do
        page = httpx.get(f"{world.http}{path}")
        assert page.status_code == 200
        assert httpx.head(f"{world.http}{path}").status_code == 200
    assert "Maison A" in page.text
    assert '<html lang="fr">' in page.text
    policy_ = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy_
    assert "script" not in policy_
    assert (page.headers["referrer-policy"], page.headers["cache-control"]) == ("no-referrer", "no-store")
    time.sleep(0.2)
    assert len(town.box.got) == 1
    assert httpx.post(f"{world.http}{path}").status_code == 200
    sent = town.mails(2)[1]
    assert (sent["To"], sent["Subject"]) == ("ann@x.example", "Votre conversation avec Maison A")
    assert sent.get_content_type() == "text/plain"
    text = sent.get_content()
    assert "Camille: Bonjour, comment vous aider ?" in text
    assert "Vous: Bonjour <script>" in text
    assert "pénible" not in text
    assert [line for line in text.splitlines() if re.match(r"\[..:..\] Camille: payez", line)] == []
    for _ in range(2):
        assert httpx.post(f"{world.http}{path}").status_code == 404
        assert "déjà servi" in httpx.get(f"{world.http}{path}", headers={"Accept-Language": "fr"}).text
    assert len(town.box.got) == 2


def test_a_link_ends_after_a_day_and_no_token_can_be_made_up(town_of: Any) -> None:
    town = town_of()
    world = town.world
    conv = world.conversation("v1")
    town.asks(conv, "ann@x.example")
    path = link_of(town.mails(1)[0])
    for made_up in ("", "x", "0" * 32, path[-32:].upper() + "0", "%00" * 10, "é" * 32, "٣" * 32):
        assert httpx.post(f"{world.http}/v1/confirm/{made_up}").status_code == 404
    assert httpx.delete(f"{world.http}{path}").status_code == 405
    world.clock_ms += 86_400_001
    assert httpx.get(f"{world.http}{path}").status_code == 404
    assert httpx.post(f"{world.http}{path}").status_code == 404
    assert len(town.box.got) == 1
    assert path[-32:] not in str(world.call(lambda: world.store.confirmation(hashed(path[-32:]))))


def test_nobody_is_flooded_and_the_answer_is_always_the_same(town_of: Any) -> None:
    town = town_of()
    convs = [town.world.conversation(f"v{n}") for n in range(3)]
    answers = [
        town.asks(conv, "Victim@X.example".replace("X", "x"), f"v{n}") for n, conv in enumerate(convs) for _ in "ab"
    ]
    assert {(one.status_code, one.text) for one in answers} == {(202, "{}")}
    town.until(lambda: len(town.box.got) == 3)
    time.sleep(0.3)
    assert [one["To"] for one in town.box.got] == ["Victim@x.example"] * 3
    assert town.asks(convs[0], "victim@x.example", "v0").status_code == 202
    town.world.clock_ms += 3_600_000
    assert town.asks(convs[0], "Victim@x.example", "v0").status_code == 202
    town.until(lambda: len(town.box.got) == 4)


def test_what_is_no_address_and_what_is_not_his_is_refused(town_of: Any) -> None:
    town = town_of()
    conv = town.world.conversation("v1")
    for email in (
        "",
        "x",
        "a@b.example, c@d.example",
        "a@b.example\nBcc: c@d.example",
        "аnn@x.example",
        "A <a@b.example>",
    ):
        assert town.asks(conv, email).status_code == 400, email
    assert town.asks(conv, "ann@x.example", "v2").status_code == 404
    assert town.asks("nothing", "ann@x.example").status_code == 404
    assert town.asks(conv, "ann@x.example", key="key-b").status_code in (403, 404)
    assert httpx.get(f"{town.world.http}/v1/conv/{conv}/transcript").status_code == 405
    assert town.box.got == []
