"""Formulas (MathML): what of them stays in an article.

Kept are the elements and attributes of MathML Core (https://www.w3.org/TR/mathml-core/) that only
show something. What stands in a formula in another language (annotations, HTML) is reduced to its
text, or goes: markup that a parser takes for HTML at one time and for MathML at another is how
sanitisers are deceived.
"""

from circulation.articles.markup_tree import Element

TEXTS = {"mi", "mn", "mo", "ms", "mtext"}
"""The elements of formulas that have text."""
TAGS = {
    "math", "merror", "mfrac", "mmultiscripts", "mover", "mpadded", "mphantom", "mprescripts",
    "mroot", "mrow", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtr",
    "munder", "munderover", "semantics", *TEXTS,
}  # fmt: skip
"""The elements of formulas that stay."""
ATTRIBUTES = {
    "accent", "accentunder", "alttext", "columnspan", "depth", "dir", "display", "displaystyle",
    "fence", "form", "height", "largeop", "linethickness", "lspace", "mathvariant", "maxsize",
    "minsize", "movablelimits", "rowspan", "rspace", "scriptlevel", "separator", "stretchy",
    "symmetric", "voffset", "width",
}  # fmt: skip
"""The attributes of formulas that stay."""
_ANNOTATIONS = {"annotation", "annotation-xml"}
SEEN = TAGS | _ANNOTATIONS
"""The elements that this module needs to see."""


def simplify_formula(formula: Element) -> None:
    """Reduce a formula to what stays of it."""
    formula.attributes = {
        name: value for name, value in formula.attributes.items() if name in ATTRIBUTES
    }
    if formula.name in TEXTS:
        formula.children = [formula.text()]
        return
    children: list[Element | str] = []
    for child in formula.children:
        if isinstance(child, str):
            children.append(child)
        elif child.name in TAGS and child.name != "math":
            simplify_formula(child)
            children.append(child)
        elif child.name not in _ANNOTATIONS:
            children.append(child.text())
    formula.children = children
