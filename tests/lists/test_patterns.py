import pytest

from lists.patterns import Sorted, UnknownSyntax, sorted_patterns


def regex(pattern: str) -> dict[str, str]:
    (found,) = sorted_patterns([pattern]).regexes
    return found


def test_patterns_are_sorted_by_what_finds_them_fastest() -> None:
    assert sorted_patterns(["^curl", r"mail\.ru/", "ptst[ /]", r"^zdm/\d", r"rss\b"]) == Sorted(
        prefixes=["curl", *(f"zdm/{digit}" for digit in range(10))],
        literals=["mail.ru/", "ptst ", "ptst/"],
        regexes=[{"holds": "rss", "regex": r"rss\b"}],
    )


@pytest.mark.parametrize(
    ("pattern", "translated"),
    [
        ("(?<! channel/|google/)google", "(?<! channel/)(?<!google/)google"),
        ("(?<!lib)http", "(?<!lib)http"),
        (r";\s\w+;$", r";\s\w+;\Z"),
        (r"^[\w\d-.]+$", r"^[\w\d\-.]+\Z"),
        ("[a-z][x-]*y", r"[a-z][x\-]*y"),
        ("[^&~]+x", r"[^\&\~]+x"),
    ],
)
def test_a_pattern_is_said_in_python(pattern: str, translated: str) -> None:
    assert regex(pattern)["regex"] == translated


@pytest.mark.parametrize(
    ("pattern", "held"),
    [
        (r"(?<! cu)bots?(?:\b|_)", "bot"),
        ("(?:^|[^g])news(?!sapphire)", "news"),
        (r"\.com\b", ".com"),
        (r"ab?cd\b", "cd"),
        (r"abc{2}\b", "ab"),
        (r"perl\b|ruby", ""),
        (r"[^ ]{50,}", ""),
    ],
)
def test_a_pattern_tells_what_every_match_holds(pattern: str, held: str) -> None:
    assert regex(pattern)["holds"] == held


@pytest.mark.parametrize(
    "pattern",
    ["a.c", "Curl", "caf\xe9", r"(a)\1", r"\u0061", r"\S+x", r"[\S]+x", "(?<=a)b", "(?<!(?:a|b))c",
     "(?<!a+)b", "(?<!ab", "a{b", "(?i:a)"],
)  # fmt: skip
def test_a_pattern_that_cannot_be_said_exactly_is_refused(pattern: str) -> None:
    with pytest.raises(UnknownSyntax):
        sorted_patterns([pattern])
