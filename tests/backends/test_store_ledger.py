"""What every store promises of rates of exchange and sealed days. Each test runs on every back end.

Mutant seen to fail here: a day sealed a second time with other totals.
"""

from store_worlds import NOW, SITE

from aparte.attribution.rates import Rate
from aparte.attribution.store import SaveRates, SealDay, SealedDay
from aparte.conversations.store import CloseConversation
from aparte.engine.ports import Store


def test_rates_are_kept_by_day_and_currency_and_written_over(play):
    async def scene(store: Store) -> None:
        await store.submit([SaveRates(SITE, [Rate("2026-02-03", "USD", "0.9"), Rate("2026-02-02", "USD", "0.8")])])
        await store.submit([SaveRates(SITE, [Rate("2026-02-03", "USD", "0.95"), Rate("2026-02-02", "CHF", "1.07")])])
        await store.submit([SaveRates("other", [Rate("2026-02-02", "USD", "1")])])
        assert list(store.rates(SITE)) == [
            Rate("2026-02-02", "CHF", "1.07"), Rate("2026-02-02", "USD", "0.8"), Rate("2026-02-03", "USD", "0.95"),
        ]  # fmt: skip

    play(scene)


def test_a_day_is_sealed_once_and_for_ever(play):
    async def scene(store: Store) -> None:
        first = SealedDay(SITE, "2026-02-02", NOW, "[1]")
        assert await store.submit([SealDay(first)]) == [True]
        assert await store.submit([SealDay(SealedDay(SITE, "2026-02-02", NOW + 9, "[2]"))]) == [False]
        second = SealedDay(SITE, "2026-02-03", NOW, "[3]")
        await store.submit([SealDay(second), SealDay(SealedDay("other", "2026-02-03", NOW, "[4]"))])
        assert list(store.sealed_days(SITE)) == [first, second]
        assert list(store.sealed_days(SITE, "2026-02-03", "2026-02-03")) == [second]

    play(scene)


def test_a_refused_list_leaves_neither(play):
    async def scene(store: Store) -> None:
        told = [SaveRates(SITE, [Rate("2026-02-02", "USD", "1")]), SealDay(SealedDay(SITE, "2026-02-02", NOW, "[]"))]
        await store.submit([*told, CloseConversation("nowhere", NOW)])
        assert (list(store.rates(SITE)), list(store.sealed_days(SITE))) == ([], [])

    play(scene)
