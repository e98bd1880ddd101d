"""What goes on beside serving goes on, and a mistake in it is told."""

import asyncio

import pytest

from aparte.app.beside import minded


def test_what_ends_by_a_mistake_is_told_with_its_trace_and_begins_again(caplog: pytest.LogCaptureFixture) -> None:
    began = []

    async def story() -> None:
        third = asyncio.Event()

        async def work() -> None:
            began.append(len(began))
            if len(began) < 3:
                raise ZeroDivisionError("a mistake of ours")
            third.set()
            await asyncio.Event().wait()

        task = asyncio.create_task(minded("posting", work, again_s=0))
        async with asyncio.timeout(20):
            await third.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(story())
    assert began == [0, 1, 2]
    told = [(one.getMessage(), one.exc_info[0]) for one in caplog.records if one.exc_info]
    assert told == [("posting has failed, and begins again in 0 s", ZeroDivisionError)] * 2
