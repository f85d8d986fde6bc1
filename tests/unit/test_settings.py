import re
from datetime import timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from circulation.settings import Settings, SettingsError
from circulation.views.hit import OptOuts
from circulation_cli.local_stack.template import Template

# Of recommendations, which the template does not have yet.
NAMES = [name for name in vars(Settings) if name[0] != "_"]
MAY_BE_EMPTY = {
    "PUBLICATION_IMAGE",
    "FEED_AUTHORITY",
    "SECTION_URL",
    "TAG_URL",
    "AUTHOR_URL",
    "WEB_SUB_HUB",
    "API_URL",
    "SYNC_FEED_URL",
    "ORIGIN_SECRET",
    "OWN_NETWORKS",
    "LIBRARY_ADOPTED_ON",
    "DIRECT_ENDPOINT",
    "REPORT_SECRET",
    "REPORT_TO",
    "REPORT_WEBHOOK",
}


def read_all(environment: dict[str, str]) -> dict[str, object]:
    settings = Settings(environment)
    return {name: getattr(settings, name) for name in NAMES}


def test_the_templates_environment_is_all_that_the_settings_need(template: Template) -> None:
    told = read_all(template.environment({}))
    assert told["ledger_table"] == "Ledger"
    assert told["zone"] == ZoneInfo("Asia/Baku")
    assert told["repeat_window"] == timedelta(minutes=30)
    assert told["opt_outs"] is OptOuts.UNCOUNTED
    assert told["allowed_origins"] == {"*"}
    assert told["origin_secret"] == ""


def test_allowed_origins_are_a_list_and_own_sites_with_the_publication(template: Template) -> None:
    origins = "https://news.example,https://m.news.example"
    settings = Settings({**template.environment({}), "ALLOWED_ORIGINS": origins})
    assert settings.allowed_origins == {"https://news.example", "https://m.news.example"}
    assert {"https://news.example/", "https://m.news.example"} <= {*settings.own_sites}


def test_a_variable_that_is_missing_is_named_even_where_it_may_be_empty(
    template: Template,
) -> None:
    environment = template.environment({})
    variables = environment.keys() - {"PYTHONTZPATH", "STACK_NAME"}
    for variable in variables:
        left = {name: value for name, value in environment.items() if name != variable}
        with pytest.raises(SettingsError, match=f"^{variable} is not set"):
            read_all(left)


def test_a_variable_may_be_empty_only_where_that_means_something(template: Template) -> None:
    environment = template.environment({})
    for variable in environment.keys() - {"PYTHONTZPATH", "STACK_NAME"}:
        if variable in MAY_BE_EMPTY:
            read_all(environment | {variable: ""})
        else:
            with pytest.raises(SettingsError, match=f"^{variable} is empty"):
                read_all(environment | {variable: ""})


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PUBLICATION_ZONE", "Nowhere/Land"),
        ("PUBLICATION_ZONE", "Asia/baku"),
        ("PUBLICATION_ZONE", "Europe"),  # a folder of the database
        ("PUBLICATION_ZONE", "../etc"),
        ("PUBLICATION_ZONE", "/etc/passwd"),
        ("PUBLICATION_ZONE", "A" * 300),
        ("PUBLICATION_ZONE", "Asia/\0"),
        ("PUBLICATION_ZONE", "+04:00"),
        ("REPEAT_WINDOW_MINUTES", "half an hour"),
        ("FEED_ITEMS", "many"),
        ("FEED_MAX_AGE_MINUTES", "1.5"),
        ("OPT_OUTS", "ignored"),
        ("OWN_NETWORKS", "192.0.2.0/24,192.0.2.0/33"),
    ],
)
def test_a_variable_that_cannot_be_read_is_named_with_what_it_holds(
    template: Template, variable: str, value: str
) -> None:
    with pytest.raises(SettingsError, match=f"^{variable} cannot be {re.escape(repr(value))}"):
        read_all(template.environment({}) | {variable: value})


def test_a_setting_that_is_not_used_is_not_missed() -> None:
    assert Settings({"LIBRARY_TABLE": "Library"}).library_table == "Library"


def test_the_template_takes_the_zones_of_the_database_and_no_likely_typo(
    template: Template,
) -> None:
    pattern = template.document["Parameters"]["PublicationZone"]["AllowedPattern"]
    zones = {zone for zone in available_timezones() if "/" in zone} | {"UTC"}
    assert len(zones) > 400
    assert [zone for zone in zones if not re.search(pattern, zone)] == []
    for area, _, place in (zone.rpartition("/") for zone in zones - {"UTC"}):
        for typo in (
            place, area.lower() + f"/{place}", f"{area}/{place} ", f"{area} {place}",
            f"{area}/{place.lower()}", f"{area}\\{place}", f"{area}/", f"/{place}",
            f"X{area}/{place}",
        ):  # fmt: skip
            assert typo in zones or not re.search(pattern, typo), typo


@pytest.mark.parametrize(
    ("variable", "setting"),
    [
        ("PUBLICATION_URL", "publication_url"),
        ("PUBLICATION_IMAGE", "publication"),
        ("API_URL", "api_url"),
        ("SYNC_FEED_URL", "sync_feed_url"),
        ("WEB_SUB_HUB", "hub"),
    ],
)
def test_every_address_is_a_web_address(template: Template, variable: str, setting: str) -> None:
    environment = template.environment({})
    for address in ("https://[oops/", "https://host:99999/", "ftp://x", "//x", "https://u:p@x/"):
        with pytest.raises(SettingsError, match=f"^{variable} cannot be "):
            getattr(Settings(environment | {variable: address}), setting)
    settings = Settings(environment | {variable: "https://xəbər.example/ə"})
    assert "https://xn--xbr-dtbb.example/%C9%99" in repr(getattr(settings, setting))


def test_reports_go_to_addresses_and_to_a_webhook_with_its_secret() -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    settings = Settings(
        {
            "REPORT_TO": "ann@news.example,desk@news.example",
            "REPORT_WEBHOOK": "https://hooks.example/news",
            "REPORT_SECRET": secret,
        }
    )
    addresses = [mailbox.address for mailbox in settings.report_to]
    assert addresses == ["ann@news.example", "desk@news.example"]
    webhook = settings.report_webhook
    assert webhook
    assert (webhook.url, len(webhook.secret)) == ("https://hooks.example/news", 24)
    none = Settings({"REPORT_TO": "", "REPORT_WEBHOOK": "", "REPORT_SECRET": ""})
    assert (none.report_to, none.report_webhook, none.report_secret) == ((), None, b"")
    with pytest.raises(SettingsError) as refused:
        _ = Settings({"REPORT_SECRET": "hunter2"}).report_secret
    assert "hunter2" not in str(refused.value)
