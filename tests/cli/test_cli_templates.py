"""`aparte templates`: what there is, and one of them to paste."""

from __future__ import annotations

import pytest

from aparte.cli import main
from aparte.targeting.campaign import load
from aparte.targeting.templates import campaign_templates, segment_templates


@pytest.mark.covers("S0-46", "S0-47")
def test_the_list_names_all_and_each_one_shown_is_a_piece_of_a_campaign_file(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["templates", "list"])
    listed = capsys.readouterr().out
    for one in (*segment_templates(), *campaign_templates()):
        assert f" {one.name} " in listed
        main(["templates", "show", one.name])
        shown = capsys.readouterr().out
        assert load(shown, one.name).file == load(one.toml, one.name).file
    main(["templates", "show", "travel/room"])
    assert capsys.readouterr().out == (
        'message = { fr = "Puis-je vous aider à choisir votre chambre ?", en = "May I help you choose your room?" }\n'
    )


def test_an_unknown_name_is_refused_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["templates", "show", "premum"])
    assert caught.value.code == 2
    assert "did you mean 'premium'?" in capsys.readouterr().err
