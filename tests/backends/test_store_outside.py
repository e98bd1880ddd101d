"""What every store promises of products, traits, identities and leads. Each test runs on every back end.

Mutant seen to fail here: a lead inserted anew at each telling.
"""

from store_worlds import NOW, SITE

from aparte.attribution.store import RecordLead
from aparte.catalogue.model import Product
from aparte.catalogue.store import SaveProducts
from aparte.conversations.store import CloseConversation
from aparte.engine.ports import Store
from aparte.tracking.store import LinkIdentity, RecordMerge, SaveTraits


def test_products_are_kept_by_id_and_site_and_written_over(play):
    async def scene(store: Store) -> None:
        many = [Product(id=f"p{n:04}", price=1.5, complex=True, substitutes=("x",)) for n in range(1200)]
        await store.submit([SaveProducts(SITE, many, NOW), SaveProducts("other", many[:1], NOW)])
        await store.submit([SaveProducts(SITE, [Product(id="p0001", gone=True)], NOW)])
        found = list(store.products(SITE))
        assert found[:1] == many[:1]
        assert found[1] == Product(id="p0001", gone=True)
        assert len(found) == 1200
        assert list(store.products("other")) == many[:1]

    play(scene)


def test_a_refused_list_leaves_no_product_and_no_trait(play):
    async def scene(store: Store) -> None:
        saved = [SaveProducts(SITE, [Product(id="a")], NOW), SaveTraits(SITE, "c1", {"tier": "gold"}, NOW)]
        await store.submit([*saved, LinkIdentity(SITE, "c1", "ann", NOW), CloseConversation("nowhere", NOW)])
        assert (list(store.products(SITE)), store.traits(SITE, "c1"), store.identities(SITE, "c1")) == ([], None, [])

    play(scene)


def test_a_customer_has_his_last_traits_and_his_visitors_in_their_order(play):
    async def scene(store: Store) -> None:
        assert store.traits(SITE, "c1") is None
        await store.submit(
            [SaveTraits(SITE, "c1", {"tier": "gold", "n": 1}, NOW), LinkIdentity(SITE, "c1", "zoe", NOW)]
        )
        await store.submit([SaveTraits(SITE, "c1", {"n": 1.5}, NOW + 1), LinkIdentity(SITE, "c1", "ann", NOW + 1)])
        await store.submit([LinkIdentity(SITE, "c1", "zoe", NOW + 9), RecordMerge(SITE, "ann", "zoe", NOW)])
        await store.submit([RecordMerge(SITE, "ann", "old", NOW), RecordMerge("other", "x", "y", NOW)])
        assert store.traits(SITE, "c1") == {"n": 1.5}
        assert store.identities(SITE, "c1") == ["zoe", "ann"]
        assert store.merges(SITE) == {"ann": "old"}
        assert (store.traits("other", "c1"), store.identities("other", "c1")) == (None, [])

    play(scene)


def test_a_lead_is_kept_once_and_only_becomes_more_certain(play):
    async def scene(store: Store) -> None:
        await store.submit([RecordLead(SITE, "l2", "bob", NOW + 5, False, "", {})])
        await store.submit([RecordLead(SITE, "l1", "ann", NOW, False, "paris", {"name": "Ann", "zip": "75001"})])
        await store.submit([RecordLead(SITE, "l1", "", NOW + 9, True, "lyon", {"zip": "69001"})])
        await store.submit([RecordLead(SITE, "l1", "eve", NOW + 10, False, "nice", {"zip": "06000", "more": 1})])
        first, second = store.leads(SITE)
        assert (first.visitor, first.at, first.confirmed, first.point_of_sale) == ("ann", NOW, True, "lyon")
        assert first.data == {"name": "Ann", "zip": "69001", "more": 1}
        assert (second.lead_id, second.confirmed) == ("l2", False)

    play(scene)
