"""A campaign file that is written reads as it was; what differs between two files, and which shares may change."""

import types
import typing

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from aparte.targeting import model
from aparte.targeting.campaign import decode
from aparte.targeting.model import Campaign, CampaignFile, Experiment, Rule, SiteRules, Variant
from aparte.targeting.versions import Change, changes, share_faults
from aparte.targeting.write import to_toml

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
numbers = st.floats(allow_nan=False)
st.register_type_strategy(str, words)
st.register_type_strategy(float, numbers)
st.register_type_strategy(int, st.integers(-(2**63), 2**63 - 1))


def some(kind: type) -> st.SearchStrategy:
    """Any struct of this kind, whatever its members become; few of each list."""
    return st.deferred(lambda: STRUCTS[kind])


def filled(kind: type) -> st.SearchStrategy:
    hints = typing.get_type_hints(kind)
    return st.builds(kind, **{name: of(hint) for name, hint in hints.items()})


def of(hint: object) -> st.SearchStrategy:

    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return st.one_of([of(one) for one in inner])
    if origin is tuple:
        return st.lists(of(inner[0]), max_size=2).map(tuple)
    if origin is dict:
        return st.dictionaries(words, of(inner[1]), max_size=2)
    if hint is UnsetType:
        return st.just(UNSET)
    if isinstance(hint, type) and issubclass(hint, Struct):
        return some(hint)
    return st.none() if hint is type(None) else st.from_type(hint)


STRUCTS = {
    kind: filled(kind)
    for kind in vars(model).values()
    if isinstance(kind, type) and issubclass(kind, model.Part) and kind is not model.Part
}


def sensible(file: CampaignFile) -> CampaignFile:
    """Once per session is each campaign's own: the site's frequency does not say it."""
    frequency = file.site.frequency
    if frequency is None:
        return file
    return replace(file, site=replace(file.site, frequency=replace(frequency, once_per_session=True)))


@settings(max_examples=60, deadline=None)
@given(some(CampaignFile).map(sensible))
def test_what_is_written_reads_as_it_was(file: CampaignFile) -> None:
    assert decode(to_toml(file), "written.toml") == file


RULE = Rule("r", "pages > 1")
FILE = CampaignFile(
    site=SiteRules(id="shop", holdout=0.05),
    campaigns=(
        Campaign("cart", (RULE,), holdout=0.1, experiment=Experiment((Variant("a", 0.5), Variant("b", 0.5)))),
        Campaign("size", (RULE,)),
    ),
)


def with_campaign(**members: object) -> CampaignFile:
    return replace(FILE, campaigns=(replace(FILE.campaigns[0], **members), FILE.campaigns[1]))


def test_changes_name_the_campaign_and_its_members() -> None:
    new = Campaign("new", (RULE,))
    after = replace(with_campaign(holdout=0.2, version=2), segments={"rich": model.Segment("true")})
    after = replace(after, campaigns=(after.campaigns[0], new))
    assert changes(FILE, after) == [
        Change(None, "changed", ("segments",)),
        Change("cart", "changed", ("holdout", "version")),
        Change("new", "added"),
        Change("size", "removed"),
    ]
    assert changes(FILE, FILE) == []


def test_changed_shares_ask_for_a_version_that_was_never_published() -> None:
    assert list(share_faults([], FILE)) == []
    assert list(share_faults([FILE], FILE)) == []
    [(path, what, hint)] = share_faults([FILE], with_campaign(holdout=0.2))
    assert path == ("campaigns", 0, "holdout")
    assert "hold-out of cart" in what
    assert hint.startswith("write version = 2")
    second = with_campaign(holdout=0.2, version=2)
    assert list(share_faults([FILE], second)) == []
    [(_, _, hint)] = share_faults([FILE, second], with_campaign(holdout=0.3))
    assert hint.startswith("write version = 3")
    assert list(share_faults([FILE, second], FILE)) == []  # rolled back: the shares of version 1 are its own


def test_changed_shares_of_variants_and_of_the_site_are_told_where_they_stand() -> None:
    other = Experiment((Variant("a", 0.4), Variant("b", 0.6)))
    assert [one[0] for one in share_faults([FILE], with_campaign(experiment=other))] == [
        ("campaigns", 0, "experiment", "variants")
    ]
    delayed = Experiment((Variant("a", 0.5, delay="5s"), Variant("b", 0.5)))
    assert list(share_faults([FILE], with_campaign(experiment=delayed))) == []
    site = replace(FILE, site=replace(FILE.site, holdout=0.2))
    assert [one[0] for one in share_faults([FILE], site)] == [("site", "holdout")]
