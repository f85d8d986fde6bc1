"""Who may read a WordPress post: its status, its password, and the rules of membership plugins.

Posts of the status "publish" are public, and those of "future" at their time; all others are not
(https://wordpress.org/documentation/article/post-status/). Membership plugins that say it in a
post's own fields, in its shortcodes or in its blocks are understood (below). Those that keep their
rules in tables or settings of their own, which no export has, cannot be: Paid Memberships Pro,
WooCommerce Memberships, Simple Membership, s2Member, Restrict User Access.
"""

import re
from collections.abc import Mapping

_PUBLIC = {"publish", "future"}
_EVERYONE = {"", "0", "all", "everybody", "none"}
_MEMBERSHIP_FIELDS = {
    "_members_access_role": "Members",  # https://wordpress.org/plugins/members/
    "_jetpack_newsletter_access": "Jetpack",  # https://jetpack.com/support/newsletter/paid-newsletters/
    "_is_paid": "Restrict Content Pro",  # https://restrictcontentpro.com/
    "rcp_subscription_level": "Restrict Content Pro",
    "rcp_access_level": "Restrict Content Pro",
    "rcp_user_level": "Restrict Content Pro",
    "_wpmem_block": "WP-Members",  # https://wordpress.org/plugins/wp-members/
}
# https://wordpress.org/plugins/paid-member-subscriptions/: "loggedin" or "loggedout"
_STATUS_FIELD = "pms-content-restrict-user-status"
# A list that PHP wrote, of which the one value is "all".
_SERIALISED_ALL = re.compile(r'a:1:\{i:0;s:3:"all";\}', flags=re.IGNORECASE)
# https://wordpress.org/plugins/ultimate-member/: the rule is on, and it lets members in.
_ULTIMATE_MEMBER = "um_content_restriction"
_ULTIMATE_ON = re.compile(r'"_um_custom_access_settings";(?:s:1:"1"|b:1|i:1);')
_ULTIMATE_MEMBERS = re.compile(r'"_um_accessible";(?:s:1:"2"|i:2);')
# What these enclose is for members.
_BLOCKS = (
    "memberpress/protected-content", "pmpro/membership", "premium-content/subscriber-view",
)  # fmt: skip
_PAYWALL = "jetpack/paywall"
"""A block after which a post is for subscribers."""
_SHORTCODES = (
    "access", "arm_restrict_content", "content_protector", "emember_protected",
    "ihc-hide-content", "is_paid", "is_user_logged_in", "logged_in", "loggedin", "member",
    r"members?[_-]?only", "memberful", "members", "members_access", "members_logged_in",
    "membership", "mepr-active", "mepr-show", "passster", "paywall", "pms-restrict", "premium",
    "private", r"private_[\w-]++", "protect", "protected", "restrict", "s2If", "s2if", "subscriber",
    r"subscribers?[_-]?only", "subscribers", "swpm_protected", "um_loggedin", "user_logged_in",
    "wcm_restrict", r"wlm_private(?:_[\w-]++)?", "wpmem_logged_in",
)  # fmt: skip
# The same shortcodes where they show something to those who are no members.
_FOR_STRANGERS = re.compile(
    r"""level\s*+=\s*+["']?0\b|(?:display_to|status)\s*+=\s*+["']?(?:not_logged_in|out)\b"""
    r"""|userlevel\s*+=\s*+["']?none\b"""
)
_MARK = re.compile(
    rf"<!--\s++(?P<block_end>/?)wp:(?P<block>{'|'.join((*_BLOCKS, _PAYWALL))})(?![\w/-])"
    r"(?:[^-]|-(?!->))*+(?:-->)?"
    rf"|(?<!\[)\[(?P<end>/?)(?P<name>{'|'.join(_SHORTCODES)})(?![\w-])(?P<attributes>[^][]*+)\]"
)

_BLOCK = re.compile(r"<!--\s++(?P<end>/?)wp:[a-z][\w/-]*+(?P<rest>(?:[^-]|-(?!->))*+)-->")
# A block that the editor hides (WordPress 6.9), or that the plugin Block Visibility hides or shows
# to those who are logged in (https://wordpress.org/plugins/block-visibility/).
_HIDDEN_BLOCK = re.compile(
    r'"blockVisibility"\s*:\s*(?:false|\{[^{}]*?"hideBlock"\s*:\s*true)'
    r'|"visibilityByRole"\s*:\s*"(?:logged-in|user-role|users)"'
)


def why_private(status: str, password: str, fields: Mapping[str, str]) -> str:
    """Say why a post is not for everyone; empty if it is. Fields are its custom fields."""
    if status not in _PUBLIC:
        return f"is not published: {status}"
    if password:
        return "is protected by a password"
    for name, plugin in _MEMBERSHIP_FIELDS.items():
        value = fields.get(name, "").strip()
        if value.lower() not in _EVERYONE and not _SERIALISED_ALL.fullmatch(value):
            return f"is for members alone, says the plugin {plugin} ({name})"
    if fields.get(_STATUS_FIELD) == "loggedin":
        return f"is for members alone, says the plugin Paid Member Subscriptions ({_STATUS_FIELD})"
    rule = fields.get(_ULTIMATE_MEMBER, "")
    if _ULTIMATE_ON.search(rule) and _ULTIMATE_MEMBERS.search(rule):
        return f"is for members alone, says the plugin Ultimate Member ({_ULTIMATE_MEMBER})"
    return ""


def shown_blocks(content: str) -> str:
    """Leave out the blocks that the site shows to no one, or to those who are logged in alone.

    One that is never closed hides the rest.
    """
    parts: list[str] = []
    start = depth = 0
    for block in _BLOCK.finditer(content) if _HIDDEN_BLOCK.search(content) else ():
        is_open = not block["end"] and not block["rest"].endswith("/")
        if depth:
            depth += is_open - bool(block["end"])
            start = block.end()
        elif not block["end"] and _HIDDEN_BLOCK.search(block["rest"]):
            parts.append(content[start : block.start()])
            start, depth = block.end(), int(is_open)
    return "".join(parts) + ("" if depth else content[start:])


def public_part(content: str) -> tuple[str, bool]:
    """Leave out what membership plugins show to members alone, and tell whether there was any."""
    marks = list(_MARK.finditer(content))
    last_ends = {mark["name"]: mark.start() for mark in marks if mark["end"]}
    parts: list[str] = []
    hidden: list[str] = []
    end, has_hidden = 0, False
    for mark in marks:
        name = mark["block"] or mark["name"]
        if mark["block_end"] or mark["end"]:
            if hidden and hidden[-1] == name:
                hidden.pop()
                end = mark.end()
        elif _hides(mark, last_ends):
            has_hidden = True
            if not hidden:
                parts.append(content[end : mark.start()])
            hidden.append(name)
            if name == _PAYWALL:
                break
    if not hidden:
        parts.append(content[end:])
    return "".join(parts), has_hidden


def _hides(mark: re.Match[str], last_ends: Mapping[str, int]) -> bool:
    """Tell whether members alone see what follows; a shortcode that is never closed hides nothing.

    A block that is never closed hides the rest.
    """
    if mark["block"]:
        return mark["block"] == _PAYWALL or not mark[0].endswith("/-->")
    is_closed = last_ends.get(mark["name"], -1) > mark.start()
    return is_closed and not _FOR_STRANGERS.search(mark["attributes"])
