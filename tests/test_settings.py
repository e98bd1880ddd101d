"""Settings: read once, from file, environment and command line; a name that does not exist is an error that helps."""

from pathlib import Path

import pytest

from aparte.kit.errors import BadInput, Unavailable
from aparte.settings import Limits, Settings, read_settings


def written(folder: Path, text: str) -> Path:
    (folder / "aparte.toml").write_text(text, encoding="utf-8")
    return folder


def test_without_anything_the_server_is_for_this_machine_only(tmp_path: Path) -> None:
    assert read_settings(tmp_path, {}) == read_settings(None, {}) == Settings()
    assert Settings().host == "127.0.0.1"
    assert Settings().trusted_proxies == ()


def test_the_command_line_goes_before_the_environment_and_that_before_the_file(tmp_path: Path) -> None:
    folder = written(tmp_path, 'port = 1\nhost = "::"\ncountry_header = "X-C"\n[limits]\nvisitor_rate = 5\nheaders = 7')
    environment = {"APARTE_PORT": "2", "APARTE_LIMITS_HEADERS": "9", "APARTE_TRUSTED_PROXIES": "127.0.0.1,10.0.0.0/8"}
    of_tests = {"PATH": "x", "APARTE_SHARED": "y", "APARTE_LONG": "1"}
    found = read_settings(folder, environment | of_tests, port=3, host=None)
    assert (found.port, found.host, found.country_header) == (3, "::", "X-C")
    assert found.trusted_proxies == ("127.0.0.1", "10.0.0.0/8")
    assert (found.limits.visitor_rate, found.limits.headers) == (5, 9)
    assert found.limits.visitor_burst == Limits().visitor_burst


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("prot = 1", "there is no setting prot (did you mean port?)"),
        ("[limits]\nvisitor_rat = 1", "[limits]: there is no setting visitor_rat (did you mean visitor_rate?)"),
        ('port = "x"', "Expected `int`, got `str` - at `$.port`"),
        ("port = 70000", "there is no port 70000"),
        ("[deadlines]\nbody = 0", "body must be greater than 0"),
        ('trusted_proxies = ["localhost"]', "'localhost' is no address"),
        ("port =", "this is not TOML"),
        ("zzz = 1", "the reference of settings names them all"),
    ],
)
def test_what_is_wrong_in_the_file_is_said_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadInput) as wrong:
        read_settings(written(tmp_path, text), {})
    assert said in str(wrong.value)
    assert "\n" not in str(wrong.value)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("APARTE_HOTS", "x", "environment: there is no setting APARTE_HOTS (did you mean APARTE_HOST"),
        ("APARTE_PORT", "http", "APARTE_PORT: "),
        ("APARTE_DEADLINES_BODY", "soon", "APARTE_DEADLINES_BODY: "),
    ],
)
def test_what_is_wrong_in_the_environment_is_named(name: str, value: str, said: str) -> None:
    with pytest.raises(BadInput) as wrong:
        read_settings(None, {name: value})
    assert said in str(wrong.value)


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "aparte.toml").mkdir()
    with pytest.raises(Unavailable, match="cannot be read"):
        read_settings(tmp_path, {})


def test_a_password_stands_in_no_file_that_others_may_read_nor_goes_over_the_net_in_the_clear(tmp_path: Path) -> None:
    mail = '[mail]\nhost = "mail.example"\nfrom = "chat@shop.example"\n'
    folder = written(tmp_path, mail + 'password = "secret"\nuser = "chat"\n')
    (folder / "aparte.toml").chmod(0o644)
    with pytest.raises(BadInput, match="others may read it"):
        read_settings(folder, {})
    (folder / "aparte.toml").chmod(0o600)
    assert read_settings(folder, {}).mail.password == "secret"
    with pytest.raises(BadInput, match="in the clear"):
        read_settings(folder, {"APARTE_MAIL_TLS": "none"})
    (written(folder, mail) / "aparte.toml").chmod(0o644)
    found = read_settings(folder, {"APARTE_MAIL_PASSWORD": "from outside", "APARTE_MAIL_FROM": "x@shop.example"}).mail
    assert (found.password, found.sender) == ("from outside", "x@shop.example")


@pytest.mark.parametrize(
    "text",
    ['[mail]\nhost = "mail.example"', 'url = "chat.shop.example"', '[outbox]\nallow = ["localhost"]',
     '[mail]\nport = 0',
     '[mail]\ntls = "ssl"', '[mail]\nform = "x"'],
)  # fmt: skip
def test_settings_of_mail_and_webhooks_that_cannot_be_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadInput):
        read_settings(written(tmp_path, text), {})


def test_every_setting_is_in_the_reference(root: Path) -> None:
    page = (root / "docs/reference/settings.md").read_text(encoding="utf-8")
    for part in (Settings(), Settings().limits, Settings().deadlines, Settings().mail, Settings().outbox):
        for name, known in zip(part.__struct_encode_fields__, part.__struct_fields__, strict=True):
            assert f"`{name}`" in page or f"`[{name}]`" in page, name
            value = getattr(part, known)
            if isinstance(value, (int, float)):
                assert f"| `{name}` | {value:,.0f} |" in page, f"{name} is {value:,.0f}"
