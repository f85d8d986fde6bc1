from typing import Any

import pytest

from circulation_cli.local_stack.template import ParameterError, Template

PARAMETERS: dict[str, dict[str, Any]] = Template.load({}).document["Parameters"]
REFUSED = {
    "AccessLog": ["", "On", "yes"],
    "DirectCalls": ["", "On", "no"],
    "Tracing": ["", "active", "PassThrough"],
    "PublicationTitle": [""],
    "PublicationUrl": ["", "news.example", "ftp://news.example", "https://news.example/a b"],
    "PublicationDescription": [""],
    "PublicationZone": ["", "Mars/Olympus", "asia/baku", "../etc/passwd", "Asia/Baku\n"],
    "PublicationImage": ["x", "file:///etc/passwd"],
    "ApiUrl": ["https://count.example/"],
    "FeedAuthority": ["A"],
    "SectionUrl": ["https://news.example/s", "/s/{name}", "https://news.example/{name}/ x"],
    "TagUrl": ["https://news.example/{tag}"],
    "AuthorUrl": ["{name}"],
    "FeedItems": ["0", "101", "many", "", "nan", "inf", "1e400"],
    "FeedContent": ["Full", ""],
    "FeedMaxAgeMinutes": ["0", "1441"],
    "WebSubHub": ["hub"],
    "SyncFeedUrl": ["http://news.example/feed"],
    "SyncSection": ["", "a/b", "*", "x" * 101],
    "ReportTo": [
        "desk",
        "a@news.example, b@news.example",
        "a@news.example,",
        "A <a@b.example>",
        ",".join(f"e{number}@news.example" for number in range(11)),
    ],
    "ReportWebhook": ["http://hooks.example/", "https://hooks.example/a b"],
    "ReportSecret": ["", "secret", "whsec_c2hvcnQ=", "whsec_" + "a" * 31],
    "RepeatWindowMinutes": ["-1", "721", "half"],
    "OptOuts": ["no"],
    "PublicStatistics": ["", "yes", "True"],
    "AllowedOrigins": ["", "https://News.example", "https://news.example/", "*,https://a.example"],
    "OwnNetworks": [
        "192.0.2.0/33",
        "192.0.2.256",
        "0.0.0.0/0",
        "::/0",
        "192.0.2.1, 192.0.2.2",
        "192.0.2.1,",
        "2001:db8::1::2",
        "2001:db8::/129",
        "10.0.0",
        "news.example",
        "010.0.0.1",
        "::g",
    ],
    "RequestsPerSecond": ["0"],
    "OriginSecret": ["short"],
    "TallyWindowSeconds": ["301", "-1"],
    "ViewDoor": ["", "URL", "both"],
    "ViewConcurrency": ["-1"],
    "MailSender": ["news", "a@b@c.example", "a b@c.example", "a@C.example", "a@c", "<a@c.example>"],
    "MailPublisher": ["a\nb", "x" * 201],
    "MailPostalAddress": ["a\nb", "x" * 301],
    "DigestHour": ["24", "-1", "seven"],
    "DigestDay": ["Friday", "fri", ""],
    "MailsPerSecond": ["0", "501"],
    "ConfirmationsPerDay": ["0", "100001"],
    "RecommendByMail": ["true", "yes", ""],
    "AlarmTopic": ["topic"],
    "LogRetentionDays": ["2"],
    "ExistingLibrary": ["a"],
    "LibraryAdoptedOn": ["yesterday"],
}
TAKEN = {
    "PublicationTitle": "Şəhər",
    "PublicationUrl": "https://news.example",
    "PublicationDescription": "d",
    "PublicationLanguage": "az",
    "PublicationZone": "America/Argentina/Buenos_Aires",
    "FeedItems": "100",
    "FeedContent": "summary",
    "RepeatWindowMinutes": "0",
    "OwnNetworks": "192.0.2.0/24,2001:db8::/48,198.51.100.7,::1",
    "AllowedOrigins": "https://news.example,https://m.news.example",
    "LogRetentionDays": "90",
}


def test_every_parameter_that_is_bounded_refuses_something() -> None:
    bounds = {"AllowedPattern", "AllowedValues", "MinLength", "MinValue", "MaxValue"}
    bounded = {name for name, parameter in PARAMETERS.items() if bounds & parameter.keys()}
    assert bounded == REFUSED.keys()


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in REFUSED.items() for value in values]
)
def test_what_cloudformation_would_refuse_is_refused(name: str, value: str) -> None:
    with pytest.raises(ParameterError, match=name):
        Template.load({name: value})


def test_a_secret_that_is_refused_is_not_repeated() -> None:
    with pytest.raises(ParameterError) as refused:
        Template.load({"OriginSecret": "hunter2"})
    assert "hunter2" not in str(refused.value)


def test_a_name_that_is_no_parameter_is_refused() -> None:
    with pytest.raises(ParameterError, match="PublicationZones"):
        Template.load({"PublicationZones": "UTC"})


def test_what_a_rule_of_the_template_demands_is_demanded() -> None:
    with pytest.raises(ParameterError, match="LibraryAdoptedOn"):
        Template.load({"ExistingLibrary": "library"})
    Template.load({"ExistingLibrary": "library", "LibraryAdoptedOn": "2026-01-31"})
    with pytest.raises(ParameterError, match="MailSender"):
        Template.load({"ReportTo": "desk@news.example"})
    with pytest.raises(ParameterError, match="ViewDoor needs ViewConcurrency"):
        Template.load({"ViewDoor": "url"})
    Template.load({"ViewDoor": "url", "ViewConcurrency": "50"})
    webhook = {"ReportWebhook": "https://hooks.example/"}
    with pytest.raises(ParameterError, match="ReportSecret"):
        Template.load(webhook)
    Template.load({**webhook, "ReportSecret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"})


def test_every_default_and_every_fitting_value_is_taken() -> None:
    defaults = {
        name: str(parameter["Default"])
        for name, parameter in PARAMETERS.items()
        if "Default" in parameter
    }
    assert Template.load(defaults | TAKEN).parameters.items() >= TAKEN.items()
