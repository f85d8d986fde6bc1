"""The folder of an account's export from Medium, unpacked.

https://help.medium.com/hc/en-us/articles/115004745787-Export-your-account-data
"""

from circulation.importing.generators.generator import Generator, Page
from circulation.importing.generators.site_files import SiteFiles
from circulation.importing.items import Verdict

FOLDERS = ("bookmarks", "claps", "profile", "sessions")
"""Lists beside the posts, of which an export has several."""


class Medium(Generator):
    """The rules of an export from Medium: its posts alone, each with its address in itself."""

    name = "Medium"
    has_posts_alone = True
    content = ("posts",)

    def excluded(self, page: Page) -> tuple[Verdict, str] | None:
        """Tell of drafts, by the names of their files."""
        if page.place.name.startswith("draft_"):
            return Verdict.PRIVATE, "is a draft"
        return super().excluded(page)


def is_medium(files: SiteFiles) -> bool:
    """Tell whether a folder is an export from Medium."""
    return files.has("posts") and sum(files.has(name) for name in FOLDERS) > 1
