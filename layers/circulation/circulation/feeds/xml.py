"""Text as XML: our own escapes, since the standard library's import costs more than they do."""

from circulation.text import legal


def escaped(text: str) -> str:
    """Escape text for an element or an attribute; characters illegal in XML are dropped."""
    return (
        legal(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&quot;")
    )


def title_escaped(text: str) -> str:
    """Escape a plain title for RSS, where readers disagree on whether a title is HTML.

    The numeric references read right either way (RSS Advisory Board: Best Practices, "Titles").
    """
    return legal(text).replace("&", "&#x26;").replace("<", "&#x3C;").replace(">", "&#x3E;")


def element(name: str, text: str) -> str:
    """Write an element that holds text."""
    return f"<{name}>{escaped(text)}</{name}>"
