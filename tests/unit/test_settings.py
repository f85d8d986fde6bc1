import pytest

from circulation.settings import SettingsError, load
from circulation.view import OptOuts
from cli.local_stack.template import Template


def test_the_templates_environment_is_all_that_the_settings_need(template: Template) -> None:
    loaded = load(template.environment({}))
    assert loaded.ledger_table == "Ledger"
    assert loaded.publication.zone.key == "Asia/Baku"
    assert loaded.repeat_window.total_seconds() == 1800
    assert loaded.opt_outs is OptOuts.UNCOUNTED
    assert loaded.allowed_origins == {"*"}
    assert loaded.origin_secret == ""


def test_allowed_origins_are_a_list_and_own_sites_with_the_publication(template: Template) -> None:
    origins = " https://News.example/,https://m.news.example "
    loaded = load({**template.environment({}), "ALLOWED_ORIGINS": origins})
    assert loaded.allowed_origins == {"https://news.example", "https://m.news.example"}
    assert {"https://news.example/", "https://m.news.example"} <= {*loaded.own_sites}


def test_a_missing_or_wrong_setting_is_named(template: Template) -> None:
    environment = template.environment({})
    with pytest.raises(SettingsError, match="LIBRARY_TABLE"):
        load({**environment, "LIBRARY_TABLE": ""})
    with pytest.raises(SettingsError, match="Nowhere"):
        load({**environment, "PUBLICATION_ZONE": "Nowhere/Land"})
    with pytest.raises(SettingsError, match="REPEAT_WINDOW_MINUTES"):
        load({**environment, "REPEAT_WINDOW_MINUTES": "half an hour"})
    with pytest.raises(SettingsError, match="OPT_OUTS"):
        load({**environment, "OPT_OUTS": "ignored"})
    with pytest.raises(SettingsError, match="ALLOWED_ORIGINS"):
        load({**environment, "ALLOWED_ORIGINS": ""})


@pytest.mark.parametrize(
    "name", ["PUBLICATION_URL", "PUBLICATION_IMAGE", "API_URL", "SYNC_FEED_URL", "WEB_SUB_HUB"]
)
def test_every_address_is_a_web_address(template: Template, name: str) -> None:
    environment = template.environment({})
    for address in ("https://[oops/", "https://host:99999/", "ftp://x", "//x", "https://u:p@x/"):
        with pytest.raises(SettingsError, match=f"^{name} must "):
            load({**environment, name: address})
    loaded = load({**environment, name: "https://xəbər.example/ə"})
    assert "https://xn--xbr-dtbb.example/%C9%99" in repr(loaded)
