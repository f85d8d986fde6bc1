"""circulation stats report: the report and the alerts of now, and that none is sent."""

import json
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from circulation.mail.reports import Reports
from circulation.runtime import Container
from circulation.statistics.alerts import Alert, Kind
from circulation.statistics.figures import SiteFigures
from circulation_cli import stats_report as command
from circulation_cli.deployment import Deployment
from tests.unit.mail.test_notice_letter import alert, week


@pytest.fixture(autouse=True)
def stack(store: Container, monkeypatch: pytest.MonkeyPatch) -> None:
    def site(*_: Any) -> SiteFigures:
        return week("Ferry\x1b[2J aground")

    monkeypatch.setattr(Deployment, "container", lambda *_: store)
    monkeypatch.setattr(Deployment, "api_url", lambda _: "https://api.example")
    store.__dict__["figure_stores"] = None
    reading = lambda *_: SimpleNamespace(site=site)  # noqa: E731
    monkeypatch.setattr(command, "FiguresReading", reading)
    monkeypatch.setattr(command, "alerts_of", lambda *_: [alert(Kind.ABOVE)])
    for name in ("claim", "admit_alert"):
        monkeypatch.setattr(Reports, name, lambda *_, **__: pytest.fail("something is sent"))


def test_the_report_and_the_alerts_are_shown() -> None:
    shown = CliRunner().invoke(command.report, []).stdout.splitlines()
    assert shown[0].startswith("report: 118,000 views, 18\xa0% above a usual week")
    assert "  3000\tFerry[2J aground" in shown
    assert shown[-2] == "site-above: 4,100 views from 13:00 to 14:00, far above usual"
    assert shown[-1] == "  The last four Thursdays had at most 2,000 views in that hour."


def test_json_is_what_a_webhook_has() -> None:
    printed = CliRunner().invoke(command.report, ["--json"]).stdout
    report, told = map(json.loads, printed.splitlines())
    assert (report["name"], report["views"]) == ("report", 118_000)
    assert (told["name"], told["kind"], told["bound"]) == ("site-above", "site-above", 2_000)
    hour = datetime(2026, 11, 26, 13, tzinfo=ZoneInfo("Asia/Baku"))
    assert Alert(Kind.ABOVE, hour, 4_100, 2_000).hour.isoformat() == told["hour"]
