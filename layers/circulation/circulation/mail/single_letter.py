"""The look of single mails, which somebody asked for on a page: one column, one button."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from circulation.words.direction import direction

if TYPE_CHECKING:
    from collections.abc import Iterable

SANS = "-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
SERIF = "Georgia,'Times New Roman',serif"
INK = f"font:16px/1.5 {SANS};color:#1d1b19"
SOFT = f"font:14px/1.5 {SANS};color:#5c5852"
_SMALL = f"margin:10px 0 0;font:13px/1.5 {SANS};color:#5c5852"
_TABLE = 'role="presentation" cellpadding="0" cellspacing="0" border="0"'
_WIDTH = 78
_STYLE = """
:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (max-width:480px){.pad{padding-left:20px!important;padding-right:20px!important}}
@media (prefers-color-scheme:dark){.bg{background-color:#111112!important}
.sheet{background-color:#161617!important}.ink,.ink a{color:#e9e6e1!important}
.soft,.soft a{color:#b3aea6!important}.acc{color:#ff9c8e!important}
.line{border-color:#4a484b!important}
.btn{background-color:#ff9c8e!important}.btn a{color:#1d0d0b!important}
.dbl{border-color:#e9e6e1!important}}
"""


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the content, as text."""

    language: str
    subject: str
    preview: str
    site: str
    """The publication's title."""
    kicker: str
    heading: str


def wrapped(text: str) -> str:
    """Break a paragraph into lines of a text part; an address stays whole."""
    return textwrap.fill(text, _WIDTH, break_long_words=False, break_on_hyphens=False)


def button(url: str, label: str) -> str:
    """Write a link that looks like a button."""
    return f"""<table {_TABLE} style="margin:20px 0"><tr>
<td class="btn" style="background-color:#96201b;border-radius:2px">
<a href="{escape(url)}" style="display:inline-block;padding:13px 24px;font:600 16px/1.25 {SANS};
color:#fffefc;text-decoration:none">{escape(label)}</a></td></tr></table>"""


def letter_html(frame: Frame, content: str, feet: Iterable[str]) -> str:
    """Write the HTML part; content and feet are HTML, and the latter a paragraph each."""
    foot = "\n".join(f'<p class="soft" style="{_SMALL}">{line}</p>' for line in feet)
    subject = escape(frame.subject)
    written = f'lang="{frame.language}" dir="{direction(frame.language)}"'
    return f"""<!doctype html>
<html {written}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{subject}</title>
<style>{_STYLE}</style>
</head>
<body class="bg" style="margin:0;padding:0;background-color:#f6f3ed">
<div role="article" aria-roledescription="email" aria-label="{subject}"
 {written}>
<div style="display:none;max-height:0;overflow:hidden">{escape(frame.preview)}</div>
<table {_TABLE} width="100%" class="bg" style="background-color:#f6f3ed"><tr>
<td align="center" style="padding:16px 8px">
<table {_TABLE} width="100%" class="sheet" style="max-width:600px;background-color:#fffefc">
<tr><td class="pad" style="padding:24px 32px 14px;text-align:center">
<p class="ink" dir="auto" style="margin:0;font:700 26px/1.2 {SERIF};color:#1d1b19">
{escape(frame.site)}</p>
<p class="soft" style="margin:4px 0 0;{SOFT}">{escape(frame.kicker)}</p></td></tr>
<tr><td class="pad" style="padding:0 32px">
<div class="dbl" style="border-top:4px double #1d1b19;font-size:0;line-height:0">&nbsp;</div>
</td></tr>
<tr><td class="pad" style="padding:24px 32px 0">
<h1 class="ink" dir="auto" style="margin:0;font:700 28px/1.2 {SERIF};color:#1d1b19">
{escape(frame.heading)}</h1>
{content}</td></tr>
<tr><td class="pad" style="padding:24px 32px 28px">
<div class="line" style="border-top:1px solid #dad5cb;font-size:0;line-height:0">&nbsp;</div>
{foot}</td></tr>
</table></td></tr></table>
</div>
</body>
</html>
"""
