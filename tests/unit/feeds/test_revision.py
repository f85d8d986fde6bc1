import shutil
from pathlib import Path

import grimp
import pytest

from circulation.feeds.revision import PACKAGE, revision


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(PACKAGE, tmp_path_factory.mktemp("copy") / "circulation"))


def used_by_the_writers() -> list[str]:
    """Every module of the package that the writers import, by whatever way."""
    graph = grimp.build_graph("circulation", cache_dir=None)
    writers = {"circulation.feeds", *graph.find_descendants("circulation.feeds")}
    used = graph.find_upstream_modules("circulation.feeds", as_package=True)
    return sorted(used | writers | {"circulation.web.syndication", "circulation.feeds.selection"})


USED = used_by_the_writers()


def test_what_is_found_to_be_used_is_more_than_the_writers() -> None:
    assert {"articles.article", "text", "times", "urls", "articles.publication"} <= {
        name.removeprefix("circulation.") for name in USED
    }


@pytest.mark.parametrize("module", USED)
def test_other_code_of_whatever_writes_a_feed_is_another_revision(module: str, copy: Path) -> None:
    path = copy.joinpath(*module.split(".")[1:])
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    before, text = revision.__wrapped__(copy), file.read_text()
    file.write_text(f"{text}\n# other code\n")
    assert revision.__wrapped__(copy) != before
    file.write_text(text)
    assert revision.__wrapped__(copy) == before == revision()
