"""Find the generator of a site by its files."""

from collections.abc import Callable
from pathlib import Path

from circulation.importing.generators import astro, eleventy, hexo, hugo, jekyll, medium, zola
from circulation.importing.generators.generator import Generator
from circulation.importing.generators.site_files import SiteFiles


def find_generator(root: Path) -> Generator:
    """Give the rules of the generator whose configuration stands in a folder.

    Without any, posts in _posts are Jekyll's, as no other generator has them there alone. Raises
    SourceError if the configuration cannot be read.
    """
    files = SiteFiles(root)
    kind = next((kind for kind, is_kind in _KINDS if is_kind(files)), Generator)
    return kind(files)


_KINDS: tuple[tuple[type[Generator], Callable[[SiteFiles], bool]], ...] = (
    (astro.Astro, lambda files: files.has(*astro.CONFIGURATIONS)),
    (eleventy.Eleventy, lambda files: files.has(*eleventy.CONFIGURATIONS)),
    (zola.Zola, zola.is_zola),
    (hexo.Hexo, lambda files: files.has(hexo.CONFIGURATION) and files.has("source/_posts")),
    (jekyll.Jekyll, jekyll.is_jekyll),
    (hugo.Hugo, hugo.is_hugo),
    (medium.Medium, medium.is_medium),
)
"""Each generator with how its sites are told from others, which come after it."""
