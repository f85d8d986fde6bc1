from circulation.web.pages.statistics.script import policy, script


def test_the_script_is_at_most_ten_kilobytes() -> None:
    assert len(script().encode()) <= 10_000


def test_the_policy_allows_nothing_inline_but_the_style_and_the_script() -> None:
    assert "unsafe" not in policy()
    assert policy().count("'sha256-") == 2
