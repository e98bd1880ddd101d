"""The console's builder asks for what is ready-made."""

from __future__ import annotations

from doors_world import World

from aparte.targeting.templates import campaign_templates, segment_templates


def test_who_is_signed_in_gets_segments_messages_and_campaigns(world: World) -> None:
    assert world.console().get("/api/v1/campaigns/templates").status_code == 401
    found = world.console("camille@a.example").get("/api/v1/campaigns/templates").json()
    assert [one["name"] for one in found["segments"]] == [one.name for one in segment_templates()]
    assert {"name", "label", "doc", "when", "value", "needs", "behaviours", "toml"} <= set(found["segments"][0])
    assert {one["situation"] for one in found["messages"] if one["sector"] == "travel"} >= {"room", "payment"}
    file = next(one["file"] for one in found["campaigns"] if one["name"] == "cart-hesitation")
    assert [one["delay"] for one in file["campaigns"][0]["experiment"]["variants"]] == ["30s", "50s"]
    assert len(found["campaigns"]) == len(campaign_templates())
