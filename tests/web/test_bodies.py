"""A body is what its bytes say, whatever its headers claim."""

import base64
import gzip
import json
import zlib
from urllib.parse import quote, quote_plus

import pytest
from door import PUBLIC, Door, site, track

from aparte.settings import Limits, Settings

BATCH = json.dumps({"batch": [track(messageId="m1"), track("Cart Viewed", messageId="m2")]}).encode()
PACKED = gzip.compress(BATCH)
CODED = base64.b64encode(BATCH)
FORM = {"content-type": "application/x-www-form-urlencoded"}
DISGUISES = {
    "plain": (BATCH, {}),
    "text/plain": (BATCH, {"content-type": "text/plain"}),
    "a form by its type only": (BATCH, FORM),
    "byte order mark": (b"\xef\xbb\xbf" + BATCH, {}),
    "gzip": (PACKED, {"content-encoding": "gzip"}),
    "gzip without the header": (PACKED, {"content-type": "text/plain"}),
    "gzip called deflate": (PACKED, {"content-encoding": "deflate"}),
    "plain called gzip": (BATCH, {"content-encoding": "gzip"}),
    "gzip in two members": (gzip.compress(BATCH[:50]) + gzip.compress(BATCH[50:]), {}),
    "gzip in a form": (PACKED, FORM | {"content-encoding": "gzip"}),
    "data=": (b"data=" + quote_plus(BATCH.decode()).encode(), FORM),
    "data= percent": (b"data=" + quote(BATCH.decode()).encode(), FORM),
    "data= base64": (b"data=" + CODED, FORM),
    "data= base64 encoded": (b"data=" + quote_plus(CODED.decode()).encode(), {}),
    "data= base64 of gzip": (b"data=" + base64.b64encode(PACKED), {}),
    "data= in the second place": (b"ip=1&data=" + CODED + b"&verbose=1", FORM),
}


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("pieces", [1, 7])
def test_every_disguise_delivers_the_same_messages(disguise: str, pieces: int) -> None:
    door = Door()
    body, headers = DISGUISES[disguise]
    answer = door.post("/v1/batch", body, PUBLIC | headers, pieces=pieces)
    assert (answer.status, answer.body) == (200, b'{"success":true}'), answer.body
    assert answer.counts == {"received": 2, "accepted": 2, "duplicate": 0, "quarantined": 0, "refused": 0}
    assert [event.message_id for event in door.engine.events] == ["m1", "m2"]
    assert door.ingest.held.bytes == 0


UNREADABLE = {
    "nothing": b"",
    "no JSON": b"hello",
    "half of it": BATCH[:40],
    "a list": b"[1]",
    "a text": b'"x"',
    "a batch that is none": b'{"batch": 3}',
    "UTF-16": BATCH.decode().encode("utf-16"),
    "half a gzip": PACKED[:-20],
    "a broken gzip": PACKED[:20] + b"\x00\xff" * 20,
    "data= of rubbish": b"data=%%%",
    "no object in base64": b"data=" + base64.b64encode(b"hello"),
    "depth 100,000": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_refused_and_counted(door: Door, name: str) -> None:
    answer = door.post("/v1/batch", UNREADABLE[name])
    assert answer.status == (413 if len(UNREADABLE[name]) > 512_000 else 400), answer.body
    assert door.counters()["requests_refused"] == {str(answer.status): 1}
    assert door.counters()["received"] == 0
    assert door.ingest.held.bytes == 0


@pytest.mark.parametrize("encoding", ["br", "deflate", "zstd", "compress"])
def test_an_encoding_that_is_not_read_is_named(door: Door, encoding: str) -> None:
    answer = door.post("/v1/batch", zlib.compress(BATCH), PUBLIC | {"content-encoding": encoding})
    assert answer.status == 415
    assert encoding in answer.json["error"]["what"]


def test_the_limit_is_exact_packed_and_unpacked() -> None:
    limit = 4_000
    door = Door(settings=Settings(limits=Limits(batch_bytes=limit)))
    fits = json.dumps(track(messageId="m1", pad="")).encode()
    fits = fits.replace(b'"pad": ""', b'"pad": "' + b"x" * (limit - len(fits)) + b'"')
    for body, status in ((fits, 200), (fits + b" ", 413)):
        for sent in (body, gzip.compress(body)):
            assert door.post("/v1/track", sent).status == status
            assert door.post("/v1/track", sent, pieces=9).status == status
    assert door.ingest.held.bytes == 0


def test_one_broken_message_does_not_take_its_neighbours_with_it(door: Door) -> None:
    lines = [json.dumps(track(messageId=f"m{n}")) for n in range(3)]
    bad = ['{"type": "track", "event": NaN}', '{"type":"dance"}', '"x"', "null", '{"a":"\\ud800"}']
    answer = door.post("/v1/batch", f'{{"batch": [{",".join([*lines, *bad])}]}}')
    assert answer.counts == {"received": 8, "accepted": 3, "duplicate": 0, "quarantined": 5, "refused": 0}
    assert sum(door.counters()["reasons"]["quarantined"].values()) == 5


def test_bytes_that_are_held_are_bounded() -> None:
    door = Door(site(), settings=Settings(limits=Limits(buffered_bytes=100)))
    answer = door.post("/v1/batch", BATCH)
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    assert door.post("/v1/batch", BATCH, pieces=20).status == 503
    assert door.ingest.held.bytes == 0
    assert door.post("/v1/batch", b'{"batch":[]}').status == 200
