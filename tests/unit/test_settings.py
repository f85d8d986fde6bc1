import pytest

from circulation.settings import SettingsError, load
from cli.local_stack.template import Template


def test_the_templates_environment_is_all_that_the_settings_need(template: Template) -> None:
    loaded = load(template.environment())
    assert loaded.ledger_table == "Ledger"
    assert loaded.publication.zone.key == "Asia/Baku"
    assert loaded.repeat_window.total_seconds() == 1800
    assert loaded.respect_opt_outs


def test_a_missing_or_wrong_setting_is_named(template: Template) -> None:
    environment = template.environment()
    with pytest.raises(SettingsError, match="LIBRARY_TABLE"):
        load({**environment, "LIBRARY_TABLE": ""})
    with pytest.raises(SettingsError, match="Nowhere"):
        load({**environment, "PUBLICATION_ZONE": "Nowhere/Land"})
    with pytest.raises(SettingsError, match="REPEAT_WINDOW_MINUTES"):
        load({**environment, "REPEAT_WINDOW_MINUTES": "half an hour"})
