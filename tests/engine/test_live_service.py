"""Who may see and say what: each call asks, and an id alone opens nothing."""

from live_world import AGENT_STAFF, World, run

from aparte.conversations.service import Conversations, Principal
from aparte.conversations.store import Appended, Refused

ANN, BOB = Principal("shop", "visitor", "ann"), Principal("shop", "visitor", "bob")
KIM, STRANGER = Principal("shop", "agent", "kim"), Principal("elsewhere", "agent", "kim")
UNKNOWN = Refused("unknown")


def test_a_visitor_sees_his_own_conversation_without_notes_and_an_agent_all_of_it() -> None:
    async def tell() -> None:
        shop = await World().started(AGENT_STAFF)
        service = Conversations(shop.engine, shop.store)
        one = await shop.engine.open_conversation("shop", "ann", "en")
        assert isinstance(await service.send(ANN, one.id, "c1", "text", "Hello"), Appended)
        assert isinstance(await service.send(KIM, one.id, "c2", "note", "She is nice", 1), Appended)
        ann, kim = service.lines(ANN, one.id), service.last_lines(KIM, one.id)
        assert [(line.seq, line.kind, line.body, line.cid) for line in ann] == [
            (1, "join", "Kim", ""),
            (2, "text", "Hello", "c1"),
            (3, "hidden", "", ""),
        ]
        assert [(line.kind, line.body, line.cid) for line in kim][1:] == [
            ("text", "Hello", ""),
            ("note", "She is nice", "c2"),
        ]

    run(tell)


def test_whoever_has_no_part_in_it_learns_nothing() -> None:
    async def tell() -> None:
        shop = await World().started(AGENT_STAFF)
        service = Conversations(shop.engine, shop.store)
        one = await shop.engine.open_conversation("shop", "ann", "en")
        for who in (BOB, STRANGER, Principal("shop", "system", "")):
            assert service.lines(who, one.id) is None
            assert service.last_lines(who, one.id) is None
            assert await service.send(who, one.id, "c", "text", "a", 1) == UNKNOWN
            assert await service.watermark(who, one.id, 1, 1) == UNKNOWN
            assert await service.survey(who, one.id, 5, None, None, "") == UNKNOWN
            assert await service.close(who, one.id, 1) == UNKNOWN
        assert await service.survey(KIM, one.id, 5, None, None, "") == UNKNOWN
        assert service.find(ANN, "nothing") is None
        assert (await service.close(ANN, one.id)).state == "closed"

    run(tell)
