"""One article has one id, however it comes, and two never share one."""

import itertools
import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from circulation.articles.addresses import Addresses
from circulation.articles.article import Submission, read_submission
from circulation.articles.library import Library
from circulation.articles.lookup import article_at, follow
from circulation.articles.merging import merge
from circulation.articles.names import MAX_HOSTS
from circulation.articles.publishing import Published, publish_all, shelve, unpublish
from circulation.articles.queries import read_article
from circulation.counting.correcting import correct
from circulation.counting.correction import MAX_CORRECTIONS, Correction, Proposal
from circulation.counting.corrections import missing
from circulation.counting.queries import read_count
from circulation.counting.tally import Batch
from circulation.counting.tallying import tally
from circulation.errors import ArticleGone, ArticleNotFound, InvalidInput, StoreUnavailable
from circulation.importing.items import SourceDefaults, make_submission
from circulation.runtime import Container
from tests.builders import NOW, line, submitted
from tests.memory_store import store_in_memory

SITE = SourceDefaults("https://news.example/", now=NOW)
URL = "https://news.example/2024/01/classic/"
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def store() -> Container:
    return store_in_memory()


def item(url: str = URL, source_id: str = "", own_id: str = "", **changes: Any) -> Submission:
    """What an import makes of an item."""
    fields = {"title": "Classic", "body": "<p>x</p>", "published": "2024-01-02T10:00:00Z"} | changes
    article = make_submission(defaults=SITE, url=url, source_id=source_id, own_id=own_id, **fields)
    return read_submission(article["id"], article)


def sent(article_id: str, url: str = URL, **changes: Any) -> Submission:
    """What a publisher sends with PUT."""
    return read_submission(article_id, submitted(url=url, **changes))


def publish(store: Container, *submissions: Submission, **options: Any) -> list[str]:
    outcomes = publish_all(submissions, store.catalogue, store.books, now=NOW, **options)
    assert all(isinstance(outcome, Published) for outcome in outcomes), outcomes
    return [outcome.article.id for outcome in outcomes if isinstance(outcome, Published)]


def title(store: Container, article_id: str) -> str:
    return read_article(article_id, store.catalogue, store.books, now=NOW).article.title


GUID = "https://news.example/?p=9022"
COMINGS = {
    "WordPress export": item(source_id=GUID, own_id="9022"),
    "feed": item("http://www.news.example/2024/01/classic?utm_source=rss", GUID),
    "Ghost export": item(source_id="63f0a1c2b4d5e6f708192a3b", own_id="63f0a1c2b4d5e6f708192a3b"),
    "folder": item("https://news.example/2024/01/classic/index.html"),
    "PUT": sent("cms-77"),
}


@pytest.mark.parametrize("order", list(itertools.permutations(COMINGS)), ids="-".join)
def test_whatever_it_comes_from_first_it_is_one_article(
    store: Container, order: tuple[str, ...]
) -> None:
    first, *others = [publish(store, COMINGS[name])[0] for name in order]
    assert others == [first] * len(others)
    assert article_at(URL, store.addresses) == first
    again = [publish(store, COMINGS[name])[0] for name in reversed(order)]
    assert again == [first] * len(order)


def test_what_comes_in_one_batch_is_one_article_too(store: Container) -> None:
    ids = publish(store, *COMINGS.values())
    assert len(set(ids)) == 1
    assert store.catalogue.library.find(ids[0])


def test_sections_that_number_their_articles_alike_share_no_id(store: Container) -> None:
    urls = [
        f"https://news.example/{path}"
        for path in ("news/12345.html", "sport/12345.html", "2023/2024/", "2024/2024/")
    ]
    ids = publish(store, *(item(url, title=url) for url in urls))
    assert len(set(ids)) == len(urls)
    assert [title(store, article_id) for article_id in ids] == urls


def test_items_of_one_link_are_as_many_articles_as_they_have_ids(store: Container) -> None:
    home = "https://radio.example/"
    episodes = [item(home, f"tag:radio.example,2025:{number}") for number in range(130)]
    ids = publish(store, *episodes[:100]) + publish(store, *episodes[100:])
    assert len(set(ids)) == 130
    assert publish(store, *reversed(episodes[:100])) == ids[:100][::-1]
    page = "https://radio.example/shows"
    shows = [
        item(page, f"tag:radio.example,2025:show-{number}", shared_url=True) for number in range(5)
    ]
    assert len(set(publish(store, *shows))) == 5


def test_a_page_that_is_another_article_each_day_has_an_article_each_day(store: Container) -> None:
    page = "https://news.example/live"
    days = [
        item(page, f"tag:news.example,2026:{day}", published=f"2026-01-{day:02}T08:00:00Z")
        for day in (1, 3, 5)
    ]
    ids = [publish(store, day)[0] for day in days]
    assert len(set(ids)) == 3
    assert article_at(page, store.addresses) == ids[-1]
    assert [publish(store, day)[0] for day in days] == ids


def test_two_sites_with_posts_of_one_number_stay_apart(store: Container) -> None:
    mine = item("https://a.example/x/", "https://a.example/?p=42", "42", title="A")
    other = item("https://b.example/y/", "https://b.example/?p=42", "42", title="B")
    a, b = publish(store, mine, other)
    assert a == "42"
    assert b != a
    assert (title(store, a), title(store, b)) == ("A", "B")
    assert publish(store, other, mine) == [b, a]


def test_an_article_that_moves_keeps_its_id_and_its_count(store: Container) -> None:
    (first,) = publish(store, item(source_id=GUID, own_id="9022", views_before=346))
    moved = "https://news.example/2024/01/classic-renamed/"
    assert publish(store, item(moved, GUID)) == [first]
    assert read_count(first, store.books, now=NOW).views == 346
    assert article_at(URL, store.addresses) == article_at(moved, store.addresses) == first


def test_an_id_that_was_stored_before_source_ids_were_goes_on(store: Container) -> None:
    publish(store, sent("9022", published="2024-01-02T10:00:00Z"))
    moved = item("https://news.example/elsewhere/", GUID, "9022")
    assert publish(store, moved) == ["9022"]
    stranger = item("https://other.example/b/", "https://other.example/?p=9022", "9022")
    assert publish(store, stranger) != ["9022"]


def test_a_new_article_may_stand_where_another_one_stood(store: Container) -> None:
    publish(store, sent("old", "https://news.example/today"))
    publish(store, sent("old", "https://news.example/yesterday"))
    assert publish(store, sent("new", "https://news.example/today")) == ["new"]
    unpublish("new", store.catalogue, store.books, now=NOW)
    assert publish(store, sent("newer", "https://news.example/today")) == ["newer"]
    assert article_at("/today", store.addresses) == "newer"


def test_the_id_that_was_asked_for_leads_to_the_article(store: Container) -> None:
    publish(store, sent("first"))
    assert publish(store, sent("second", title="Changed")) == ["first"]
    assert store.addresses.of_former_id("second") == "first"
    assert title(store, "first") == "Changed"
    assert publish(store, sent("second", "https://news.example/moved")) == ["first"]


@pytest.mark.parametrize("text", ["", "No-Id", "x" * 65, "x" * 3_000])
def test_what_cannot_be_an_id_is_looked_for_nowhere(text: str) -> None:
    nowhere: Any = None  # DynamoDB would refuse a key of more than 2 KB
    assert Addresses(nowhere).of_former_id(text) is None


def test_what_was_unpublished_comes_back_only_if_it_is_asked_for(store: Container) -> None:
    (article_id,) = publish(store, item(source_id=GUID, own_id="9022"))
    unpublish(article_id, store.catalogue, store.books, now=NOW)
    feed = COMINGS["feed"]
    (outcome,) = publish_all([feed], store.catalogue, store.books, now=LATER, republish=False)
    assert isinstance(outcome, ArticleGone)
    assert publish(store, feed) == [article_id]


def test_where_hosts_have_articles_of_their_own_the_host_counts(store: Container) -> None:
    about = {"a": "https://a.example/about", "b": "https://b.example/about"}
    publish(store, sent("a", about["a"]))
    for page in ("https://www.a.example/about/", "https://mirror.example/about", "/about"):
        assert article_at(page, store.addresses) == "a"
    publish(store, sent("other", "https://b.example/other"))
    assert article_at(about["b"], store.addresses) is None
    assert article_at("/about", store.addresses, host="b.example") is None
    publish(store, sent("b", about["b"]))
    assert [article_at(page, store.addresses) for page in about.values()] == ["a", "b"]
    assert article_at("/about", store.addresses, host="b.example") == "b"
    assert article_at("/about", store.addresses) is None


def test_a_path_of_very_many_hosts_is_bounded_and_no_article_is_lost(store: Container) -> None:
    links = [
        item(f"https://h{number}.example/", f"tag:links.example:{number}") for number in range(60)
    ]
    ids = publish(store, *links)
    assert len(set(ids)) == 60
    found = [article_at(f"https://h{number}.example/", store.addresses) for number in range(60)]
    assert sum(map(bool, found)) == MAX_HOSTS
    assert publish(store, *links) == ids


def test_former_addresses_that_a_source_knows_lead_to_the_article(store: Container) -> None:
    old = "https://news.example/old/"
    (first,) = publish(store, item(old))
    assert publish(store, item("https://news.example/new/", aliases=[old])) == [first]
    assert article_at(old, store.addresses) == first


@pytest.mark.parametrize("order", [1, -1])
def test_a_former_address_may_be_a_new_article_s(store: Container, order: int) -> None:
    today = "https://news.example/today/"
    old = item("https://news.example/today-1/", "urn:x:1", title="Old", aliases=[today])
    new = item(today, "urn:x:2", title="New")
    for submission in (old, new)[::order]:
        publish(store, submission)
    for submission in (old, new, old):
        (outcome,) = publish_all([submission], store.catalogue, store.books, now=NOW)
        assert isinstance(outcome, Published)
        assert outcome.unchanged
        assert outcome.article.title == submission.article.title
    assert title(store, article_at(today, store.addresses) or "") == "New"
    publish(store, sent("third", "https://news.example/third"))
    publish(store, sent("third", "https://news.example/third", aliases=[today]))
    assert title(store, article_at(today, store.addresses) or "") == "New"


def test_a_source_that_knows_less_takes_nothing_away(store: Container) -> None:
    whole = item(body="<p>All of the text.</p><p>To its end.</p>")
    short = item(body="All of the text", body_is_summary=True, title="Corrected")
    (article_id,) = publish(store, whole)
    publish(store, short)
    found = read_article(article_id, store.catalogue, store.books, now=NOW).article
    assert (found.title, found.body) == ("Corrected", whole.article.body)
    first_seen = replace(item(published=None, first_seen=NOW), undated=True)
    publish(store, first_seen)
    found = read_article(article_id, store.catalogue, store.books, now=NOW).article
    assert found.published == whole.article.published


POSTS = st.lists(
    st.tuples(st.integers(1, 4), st.sampled_from(["wordpress", "feed", "ghost", "folder", "PUT"])),
    min_size=1,
    max_size=12,
)


@seed(18)
@settings(deadline=None, max_examples=150)
@given(comings=POSTS, chance=st.integers(0, 2**32))
def test_in_any_order_as_many_articles_come_of_it_as_there_are(
    comings: list[tuple[int, str]], chance: int
) -> None:
    """Four articles of one site, from any sources, in any batches, any number of times."""
    store = store_in_memory()
    pick = random.Random(chance)  # noqa: S311  no secret
    waiting = [_coming(*coming) for coming in comings]
    while waiting:
        size = pick.randint(1, 4)
        publish(store, *waiting[:size])
        waiting = waiting[size:]
    ids = {article_at(_url(number), store.addresses) for number, _ in comings}
    assert None not in ids
    assert len(ids) == len({number for number, _ in comings})
    for number, _ in comings:
        found = article_at(_url(number), store.addresses)
        assert title(store, str(found)) == f"Post {number}"


def _url(number: int) -> str:
    return f"https://news.example/posts/{number}/2024/"


def _coming(number: int, source: str) -> Submission:
    url, name = _url(number), f"Post {number}"
    guid = f"https://news.example/?p={number}"
    match source:
        case "wordpress":
            return item(url, guid, str(number), title=name)
        case "feed":
            return item(f"{url}?utm_source=rss", guid, title=name)
        case "ghost":
            return item(url, f"ghost-{number}", f"{number:024}", title=name)
        case "folder":
            return item(f"{url}index.html", title=name)
    return sent(f"cms-{number}", url, title=name)


def test_an_archive_that_came_in_twice_is_merged_with_its_counts(store: Container) -> None:
    publish(store, sent("9022", views_before=346))
    publish(store, sent("classic-1f", "https://news.example/elsewhere", views_before=300))
    for number, article_id in enumerate(["9022", "classic-1f", "classic-1f"]):
        tally(Batch("s", [line(number + 1, article_id)]), store.books)
    merge_into(store, "classic-1f", "9022")
    assert read_count("9022", store.books, now=NOW).views == 349
    assert store.addresses.of_former_id("classic-1f") == "9022"
    assert article_at("https://news.example/elsewhere", store.addresses) == "9022"
    with pytest.raises(ArticleGone):
        read_count("classic-1f", store.books, now=NOW)
    assert publish(store, sent("classic-1f", title="Again")) == ["9022"]
    for _ in range(2):
        merge_into(store, "classic-1f", "9022")
    assert read_count("9022", store.books, now=NOW).views == 349
    tally(Batch("s", [line(4, "classic-1f")]), store.books)
    merge_into(store, "classic-1f", "9022")
    assert read_count("9022", store.books, now=NOW).views == 350


def test_a_merger_that_has_brought_more_than_is_counted_takes_nothing_off(
    store: Container,
) -> None:
    """An export has as its older total what was counted on the stack before."""
    publish(store, sent("a"), sent("b", "https://news.example/b", views_before=50))
    brought = Correction("merged-b-0", 50, NOW, "t", "merged from b")
    store.corrections.add("a", missing([brought]))
    before = read_count("a", store.books, now=NOW).views
    merge_into(store, "b", "a")
    assert read_count("a", store.books, now=NOW).views >= before


def test_an_id_that_another_article_has_is_made_anew_by_reading_as_every_publisher_may(
    store: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SyncFeed reads articles in batches alone."""
    publish(store, item("https://news.example/old", "tag:news.example,2020:old", "2026"))
    monkeypatch.setattr(Library, "find", lambda *_, **__: pytest.fail("one was read alone"))
    (made,) = publish(store, item("https://news.example/new", "tag:news.example,2026:new", "2026"))
    assert made.startswith("2026-")


@pytest.mark.parametrize("names", [("a", "a-b"), (f"x{'y' * 62}a", f"z{'y' * 62}a")], ids=len)
def test_articles_whose_ids_are_alike_bring_all_their_views(
    store: Container, names: tuple[str, str]
) -> None:
    publish(store, sent("into"))
    for name in names:
        publish(store, sent(name, f"https://news.example/{name}"))
        tally(Batch("s", [line(number, name) for number in range(1, 4)]), store.books)
    for name in reversed(names):
        merge_into(store, name, "into")
    assert read_count("into", store.books, now=NOW).views == 6


def test_an_older_total_that_was_corrected_takes_nothing_off_by_a_merger(store: Container) -> None:
    publish(store, sent("a", views_before=346))
    publish(store, sent("b", "https://news.example/b", views_before=300))
    proposal = Proposal("c1", "wrong column", None, 100)
    correct("b", proposal, store.books, store.corrections, now=NOW, by="editor")
    for _ in range(2):
        merge_into(store, "b", "a")
        assert read_count("a", store.books, now=NOW).views == 346


def test_an_article_stays_if_its_views_have_no_room_in_the_other(store: Container) -> None:
    publish(store, sent("a"), sent("b", "https://news.example/b"))
    tally(Batch("s", [line(1, "b")]), store.books)
    many = [Correction(f"c{number}", 1, NOW, "t", "r") for number in range(MAX_CORRECTIONS)]
    store.corrections.add("a", missing(many))
    with pytest.raises(InvalidInput):
        merge_into(store, "b", "a")
    assert read_count("b", store.books, now=NOW).views == 1


def test_what_is_merged_is_known_by_every_name_that_both_had(store: Container) -> None:
    (export,) = publish(store, item(source_id=GUID, own_id="9022"))
    (feed,) = publish(store, item("https://news.example/b/", "tag:news.example,2024:b"))
    merge_into(store, feed, export)
    moved = item("https://news.example/c/", "tag:news.example,2024:b")
    assert publish(store, moved) == [export]
    assert publish(store, item("https://news.example/d/", GUID)) == [export]


def test_only_articles_are_merged(store: Container) -> None:
    publish(store, sent("a"), sent("b", "https://news.example/b"))
    with pytest.raises(InvalidInput):
        merge_into(store, "a", "a")
    with pytest.raises(ArticleNotFound):
        merge_into(store, "a", "never")
    with pytest.raises(ArticleNotFound):
        merge_into(store, "never", "a")
    merge_into(store, "a", "b")
    with pytest.raises(ArticleGone):
        merge_into(store, "b", "a")
    publish(store, sent("c", "https://news.example/c"))
    merge_into(store, "b", "c")
    found = follow("a", store.addresses, lambda name: read_count(name, store.books, now=NOW))
    assert found.article == "c"


def test_an_id_that_leads_elsewhere_is_no_other_sites(store: Container) -> None:
    publish(store, sent("first"))
    publish(store, sent("42"))
    other = item("https://other.example/x/", "https://other.example/?p=42", "42")
    assert publish(store, other)[0] not in ("first", "42")


def test_addresses_of_one_path_are_claimed_together(store: Container) -> None:
    others = ["https://news.example/a/", "https://www.news.example/a", "https://old.example/a"]
    publish(store, sent("a", "https://news.example/a", aliases=others))
    assert [article_at(url, store.addresses) for url in others] == ["a"] * 3


def test_an_article_may_change_in_everything_at_once(store: Container) -> None:
    def names(prefix: str) -> list[str]:
        return [f"{prefix}{number}" for number in range(20)]

    url = "https://news.example/a"
    publish(store, sent("a", url, tags=names("t"), author=names("x")))
    everything = sent(
        "a",
        url,
        section="other",
        published="2020-01-01T00:00:00Z",
        tags=names("u"),
        author=names("y"),
        aliases=[f"https://news.example/old/{name}" for name in names("a")],
        source_ids=[f"urn:x:{number}" for number in range(10)],
    )
    (outcome,) = publish_all([everything], store.catalogue, store.books, now=NOW)
    assert isinstance(outcome, Published)
    shelved = store.catalogue.library.find("a")
    assert shelved is not None
    assert shelved.version == outcome.version
    assert {article_at(alias, store.addresses) for alias in everything.aliases} == {"a"}
    assert all(publish(store, item(URL, f"urn:x:{number}")) == ["a"] for number in range(10))


def test_an_id_of_another_system_may_look_like_an_article_s(store: Container) -> None:
    publish(store, sent("post-1", source_ids=["post-1"]), sent("b", "https://news.example/b"))
    merge_into(store, "post-1", "b")
    assert follow("post-1", store.addresses, lambda found: title(store, found))
    batch = sent("c", URL, source_ids=["post-2"]), sent("post-2", "https://news.example/2")
    publish(store, batch[0])
    assert publish(store, *batch) == ["c", "post-2"]


def test_a_merged_id_is_no_other_articles(store: Container) -> None:
    publish(store, sent("42"), sent("b", "https://news.example/b"))
    merge_into(store, "42", "b")
    (other,) = publish(store, item("https://news.example/c", "urn:x:42", "42"))
    assert other not in ("42", "b")
    with pytest.raises(ArticleGone):
        title(store, "42")


def test_interrupted_mergers_to_and_fro_lead_in_no_circle(
    store: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(revisions: Any, *stores: Any) -> set[str]:
        if any(revision.after is None for revision in revisions):
            raise StoreUnavailable
        return shelve(revisions, *stores)

    publish(store, sent("a", "https://news.example/a"), sent("b", "https://news.example/b"))
    with monkeypatch.context() as patch:
        patch.setattr("circulation.articles.merging.shelve", interrupted)
        for pair in (("a", "b"), ("b", "a")):
            with pytest.raises(StoreUnavailable):
                merge_into(store, *pair)
    merge_into(store, "a", "b")
    assert follow("a", store.addresses, lambda found: title(store, found))
    unpublish("b", store.catalogue, store.books, now=NOW)
    for name in ("a", "b"):
        with pytest.raises(ArticleGone, match=f"article {name} has"):
            follow(name, store.addresses, lambda found: title(store, found))


def test_what_an_id_leads_to_is_not_revealed_before_its_time(store: Container) -> None:
    later = sent("secret", "https://news.example/b", published="2999-01-01T00:00:00Z")
    publish(store, sent("a"), later)
    merge_into(store, "a", "secret")
    with pytest.raises(ArticleGone, match="article a has"):
        follow("a", store.addresses, lambda found: title(store, found))


def merge_into(store: Container, article_id: str, into: str) -> None:
    stores = store.catalogue, store.books, store.corrections
    merge(article_id, into, *stores, now=NOW, by="editor")
