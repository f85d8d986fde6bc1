"""Front matter: the metadata that stands before a page's text, as YAML, TOML or JSON.

Numbers, dates and words such as "yes" stay the text that was written, whatever type YAML would make
of them: a tag 3.10, a title 2015-03-04 and a draft: "true" are what they look like.
"""

import json
import re
import tomllib
from datetime import date, datetime, time
from typing import Any

import yaml

MAX_BYTES = 256 * 1024
MAX_DEPTH = 20
"""How deep lists and mappings may nest."""

Fields = dict[str, Any]
"""Metadata by names in lower case; a value is text, None, a list or a mapping of such."""

# The first line, and the line that ends it: Jekyll, Hugo, and gray-matter (Eleventy, Astro), which
# names the language; ;;; is Hexo's for JSON without its braces.
_OPENING = re.compile(r"(---|\+\+\+|;;;)[ \t]*(yaml|yml|toml|json)?[ \t]*\n")
_JSON_OPENING = re.compile(r'\{\s*+"')
# A key of TOML with so many parts takes the square of their number to read.
_LONG_KEY = re.compile(
    rf"""(?<![\w"'-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){{{MAX_DEPTH}}}"""
)

_YAML_TIME = re.compile(r"\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?")


class _Loader(yaml.SafeLoader):
    """A YAML loader that limits nesting and refuses aliases, which can expand exponentially."""

    yaml_implicit_resolvers = {  # noqa: RUF012  as its base class has it
        first: [(tag, pattern) for tag, pattern in resolvers if tag.endswith((":null", ":merge"))]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("it has aliases, which are not read")
        if self.depth == MAX_DEPTH:
            raise yaml.YAMLError(f"it nests more than {MAX_DEPTH} deep")
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1


class YamlTime(str):
    """A time without an offset that stands in YAML without quotes.

    It is in UTC for YAML (https://yaml.org/type/timestamp.html) and for the programs that go by
    that.
    """

    __slots__ = ()


def _construct_text(loader: _Loader, node: yaml.ScalarNode) -> str:
    text: str = loader.construct_scalar(node)
    return YamlTime(text) if node.style is None and _YAML_TIME.fullmatch(text) else text


_Loader.add_constructor("tag:yaml.org,2002:str", _construct_text)


def split_front_matter(text: str) -> tuple[Fields, str]:
    """Part a page's front matter from its text; a page without any has no fields.

    Raises ValueError, with a reason on one line.
    """
    opening = _OPENING.match(text)
    if opening:
        fence, language = opening.groups()
        end = re.compile(rf"^{re.escape(fence)}[ \t]*$", flags=re.MULTILINE).search(
            text, opening.end() - 1
        )
        if not end:
            return {}, text
        language = language or {"---": "yaml", "+++": "toml", ";;;": "json"}[fence]
        matter = text[opening.end() : end.start()]
        if fence == ";;;":
            matter = f"{{{matter}}}"
        return read_data(matter, language), text[end.end() :]
    if _JSON_OPENING.match(text):
        try:
            _, length = json.JSONDecoder().raw_decode(text[:MAX_BYTES])
        except (ValueError, RecursionError) as error:
            raise ValueError("its front matter is no JSON that can be read") from error
        return read_data(text[:length], "json"), text[length:]
    return {}, text


def read_data(text: str, language: str) -> Fields:
    """Read a mapping that is written in yaml, toml or json.

    Raises ValueError, with a reason on one line.
    """
    if len(text) > MAX_BYTES:
        raise ValueError(f"its front matter is longer than {MAX_BYTES // 1024} KB")
    try:
        data = _parse(text, language)
        return lower_names(_plain(data, MAX_DEPTH))
    except RecursionError as error:
        raise ValueError(f"its front matter nests more than {MAX_DEPTH} deep") from error
    except (ValueError, yaml.YAMLError) as error:
        raise ValueError(f"its front matter cannot be read: {error}") from error
    except (AttributeError, LookupError, TypeError) as error:
        # PyYAML raises these for a tag, such as !!timestamp, whose value is of another type.
        raise ValueError("its front matter has a value that is not of its tag") from error


def _parse(text: str, language: str) -> dict[Any, Any]:
    if language == "toml":
        if _LONG_KEY.search(text):
            raise RecursionError
        data: Any = tomllib.loads(text, parse_float=str)
    elif language == "json":
        data = json.loads(text, parse_float=str, parse_int=str)
    else:
        data = yaml.load(text, _Loader)  # noqa: S506  a safe loader
    if data is not None and not isinstance(data, dict):
        raise ValueError("it is no mapping of names to values")
    return data or {}


def lower_names(data: dict[Any, Any]) -> Fields:
    """Write the names of fields in lower case, as generators read pubDate and pubdate alike."""
    return {name.lower(): value for name, value in data.items() if isinstance(name, str)}


def mapping_of(value: Any) -> Fields:  # noqa: ANN401  whatever front matter or a configuration holds
    """Give a mapping with its names in lower case; an empty one for any other value."""
    return lower_names(value) if isinstance(value, dict) else {}


def _plain(value: Any, depth: int) -> Any:  # noqa: ANN401  whatever the languages hold
    """Write every single value as text; what YAML, TOML and JSON hold beside that are None."""
    if not depth:
        raise RecursionError
    match value:
        case dict():
            return {str(name): _plain(entry, depth - 1) for name, entry in value.items()}
        case list():
            return [_plain(entry, depth - 1) for entry in value]
        case _:
            return _text_of(value)


def _text_of(value: Any) -> str | None:  # noqa: ANN401
    match value:
        case str():
            text: str | None = value
        case bool():
            text = str(value).lower()
        case datetime() | date() | time():
            text = value.isoformat()
        case int() | float():
            text = _digits_of(value)
        case _:  # a set or bytes, by a tag of YAML
            text = None
    return text


def _digits_of(number: float) -> str | None:
    try:
        return str(number)
    except ValueError:  # more digits than Python writes
        return None
