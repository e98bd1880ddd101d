"""What every store promises of the outbox, webhooks and confirmations. Each test runs on every back end.

Mutants seen to fail here: an event twice in a lane; a wish that can be used twice; a share that is not counted.
"""

from __future__ import annotations

from msgspec.structs import replace
from store_worlds import DAY, NOW, SITE, opened, says

from aparte.conversations.store import CloseConversation, Refused
from aparte.engine.ports import Store
from aparte.outbox.model import KEPT, Confirmation, OutboxCount, Webhook
from aparte.outbox.store import (
    Again,
    AskConfirmation,
    Dead,
    DropWebhook,
    Failed,
    Leave,
    Left,
    SaveWebhook,
    UseConfirmation,
)


def leave(n: int, lane: str = "w1", kind: str = "webhook", at: int = NOW, site: str = SITE) -> Leave:
    return Leave(site, kind, lane, f"e{n}", "message.created", f'{{"n":{n}}}', at)  # type: ignore[arg-type]


def wish(n: int, email: str = "ann@x.example", at: int = NOW, site: str = SITE) -> Confirmation:
    return Confirmation(
        token_hash=f"h{n}", site=site, conv="conv1", email=email, language="fr", created_at=at, expires_at=at + DAY
    )


def test_what_leaves_does_so_with_its_cause_or_not_at_all(play):
    async def scene(store: Store) -> None:
        await store.submit([opened(), says("hello", "c1"), leave(1)])
        await store.submit([leave(2), CloseConversation("nowhere", NOW)])
        await store.submit([says("hello", "c1"), leave(1)])
        assert [one.event_id for one in store.pending_of("w1")] == ["e1"]

    play(scene)


def test_a_lane_keeps_its_order_and_knows_each_event_once(play):
    async def scene(store: Store) -> None:
        await store.submit([leave(n, lane) for n in (3, 1, 2) for lane in ("w1", "w2")])
        await store.submit([leave(1), leave(4, "w2")])
        assert [one.event_id for one in store.pending_of("w1")] == ["e3", "e1", "e2"]
        assert [one.event_id for one in store.pending_of("w2", 2)] == ["e3", "e1"]
        first = store.pending_of("w1")[0]
        assert (first.data, first.created_at, first.since, first.due_at) == ('{"n":3}', NOW, NOW, NOW)
        assert store.outbox_item(first.id) == first
        assert store.outbox_item(999) is None

    play(scene)


def test_it_fails_arrives_dies_and_goes_again(play):
    async def scene(store: Store) -> None:
        await store.submit([leave(1), leave(2)])
        one, two = store.pending_of("w1")
        await store.submit([Failed(one.id, NOW + 9, "500")])
        assert store.pending_of("w1")[0] == replace(one, due_at=NOW + 9, attempts=1, answer="500")
        await store.submit([Dead(one.id, NOW + 10, "503"), Left(two.id, NOW + 11, "204")])
        assert store.pending_of("w1") == []
        [dead] = store.dead_letters(SITE)
        assert dead == replace(one, due_at=NOW + 9, attempts=2, answer="503", state="dead", ended_at=NOW + 10)
        assert [(one.event_id, one.state, one.data) for one in store.deliveries("w1")] == [
            ("e2", "delivered", ""), ("e1", "dead", '{"n":1}'),
        ]  # fmt: skip
        assert (store.dead_letters("other"), store.outbox_counts()) == ([], [OutboxCount(SITE, "webhook", 0, 1)])
        # What has ended stays so, whoever comes late with an answer.
        await store.submit([Failed(two.id, NOW, "x"), Left(one.id, NOW, "x"), Dead(two.id, NOW, "x"), Again(two.id, 5)])
        assert [one.state for one in store.deliveries("w1")] == ["delivered", "dead"]
        await store.submit([Again(one.id, NOW + 20)])
        [again] = store.pending_of("w1")
        assert (again.since, again.due_at, again.attempts, again.data) == (NOW + 20, NOW + 20, 0, '{"n":1}')
        assert (again.id, again.event_id, again.ended_at) == (one.id, "e1", None)

    play(scene)


def test_only_the_last_deliveries_of_a_lane_are_remembered(play):
    async def scene(store: Store) -> None:
        await store.submit([leave(n, lane) for n in range(KEPT + 5) for lane in ("w1", "w2")])
        for item in store.pending_of("w1", 1000):
            await store.submit([Left(item.id, NOW, "200")])
        assert len(store.deliveries("w1", 1000)) == KEPT
        assert [one.event_id for one in store.deliveries("w1", 2)] == ["e104", "e103"]
        assert len(store.pending_of("w2", 1000)) == KEPT + 5

    play(scene)


def test_mails_are_due_by_their_time_and_forgotten_after_a_day(play):
    async def scene(store: Store) -> None:
        await store.submit([leave(n, f"e{n}", "mail", NOW - n) for n in (1, 2, 3)])
        assert [one.event_id for one in store.mails_due(NOW - 2)] == ["e3", "e2"]
        assert [one.event_id for one in store.mails_due(NOW, 1)] == ["e3"]
        first = store.mails_due(NOW)[0]
        await store.submit([Failed(first.id, NOW + 5, "451")])
        assert [one.event_id for one in store.mails_due(NOW)] == ["e2", "e1"]
        assert [one.event_id for one in store.mails_due(NOW + 5)] == ["e2", "e1", "e3"]
        await store.submit([Left(store.mails_due(NOW)[0].id, NOW, "250")])
        assert store.deliveries("e2")[0].state == "delivered"
        await store.submit([Left(store.mails_due(NOW)[0].id, NOW + DAY + 1, "250")])
        assert store.deliveries("e2") == []

    play(scene)


def test_a_webhook_is_written_over_and_goes_with_its_lane(play):
    async def scene(store: Store) -> None:
        one = Webhook(id="w1", site=SITE, url="https://x.example", events=("lead.recorded",), secret="s", created_at=2)
        other = replace(one, id="w2", site="other", created_at=1)
        await store.submit([SaveWebhook(one), SaveWebhook(other), leave(1), leave(1, "w2")])
        await store.submit([SaveWebhook(replace(one, active=False, old_secret="o", old_until=5))])
        assert store.webhooks() == [other, replace(one, active=False, old_secret="o", old_until=5)]
        await store.submit([DropWebhook("w1")])
        assert (store.webhooks(), store.deliveries("w1")) == ([other], [])
        assert len(store.deliveries("w2")) == 1

    play(scene)


def test_a_wish_is_used_once_and_in_time(play):
    async def scene(store: Store) -> None:
        await store.submit([AskConfirmation(wish(1), 3, 200), AskConfirmation(wish(2), 3, 200)])
        [used] = await store.submit([UseConfirmation("h1", NOW + 1)])
        assert used == replace(wish(1), used_at=NOW + 1) == store.confirmation("h1")
        for token, at in (("h1", NOW + 2), ("h2", NOW + DAY), ("h9", NOW)):
            [refused] = await store.submit([UseConfirmation(token, at)])
            assert refused == Refused("unknown")
        results = await store.submit([UseConfirmation("h1", NOW), leave(1)])
        assert results[0] == Refused("unknown")
        assert (store.pending_of("w1"), store.confirmation("h2"), store.confirmation("x")) == ([], wish(2), None)

    play(scene)


def test_an_address_and_a_site_have_their_share_of_an_hour(play):
    async def scene(store: Store) -> None:
        async def ask(n: int, **more: object) -> object:
            return (await store.submit([AskConfirmation(wish(n, **more), 2, 4), leave(n)]))[0]  # type: ignore[arg-type]

        assert [await ask(n) for n in (1, 2, 3)] == [None, None, Refused("too_many")]
        assert await ask(4, site="other") == Refused("too_many")
        assert [await ask(n, email=f"{n}@x.example") for n in (5, 6, 7)] == [None, None, Refused("too_many")]
        assert [one.event_id for one in store.pending_of("w1")] == ["e1", "e2", "e5", "e6"]
        assert await ask(8, at=NOW + 3_600_000) is None
        assert await ask(9, at=NOW + 3 * DAY) is None
        assert store.confirmation("h1") is None

    play(scene)
