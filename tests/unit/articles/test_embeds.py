# ruff: noqa: E501, ISC004  markup is easier to read on one line
import pytest

from circulation.articles.embeds import link_file, page_of
from circulation.articles.sanitising import sanitise

URL = "https://news.example/city/harbour-clock"


@pytest.mark.parametrize(
    ("frame", "page"),
    [
        ("https://www.youtube.com/embed/dQw4w9WgXcQ?start=3", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
        ("https://www.youtube-nocookie.com/embed/a-_b", "https://www.youtube.com/watch?v=a-_b"),
        ("https://www.youtube.com/v/abc&fs=1", "https://www.youtube.com/watch?v=abc"),
        ("https://www.youtube.com/v/abc?fs=1", "https://www.youtube.com/watch?v=abc"),
        ("https://youtu.be/abc", "https://www.youtube.com/watch?v=abc"),
        ("https://www.youtube.com/embed/videoseries?si=1&list=PL1", "https://www.youtube.com/playlist?list=PL1"),
        ("https://player.vimeo.com/video/12?dnt=1&h=ab1", "https://vimeo.com/12/ab1"),
        ("https://player.vimeo.com/video/12", "https://vimeo.com/12"),
        ("https://www.dailymotion.com/embed/video/x1", "https://www.dailymotion.com/video/x1"),
        ("https://open.spotify.com/embed/track/7x?utm=1", "https://open.spotify.com/track/7x"),
        ("https://platform.twitter.com/embed/Tweet.html?dnt=true&id=20", "https://twitter.com/i/status/20"),
        ("https://www.instagram.com/p/Cx/embed/captioned", "https://www.instagram.com/p/Cx/"),
        ("https://codepen.io/ann/embed/abc?height=1", "https://codepen.io/ann/pen/abc"),
        ("https://archive.org/embed/film", "https://archive.org/details/film"),
        ("https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Ffacebook.com%2Fa%2Fposts%2F1", "https://facebook.com/a/posts/1"),
        ("https://vk.com/video_ext.php?oid=-1&id=2&hd=2", "https://vk.com/video-1_2"),
        ("https://www.youtube.com.evil.example/embed/abc", "https://www.youtube.com.evil.example/embed/abc"),
        ("https://maps.example/embed?pb=1", "https://maps.example/embed?pb=1"),
    ],
)  # fmt: skip
def test_a_frame_leads_to_the_page_that_a_person_opens(frame: str, page: str) -> None:
    assert page_of(frame).url == page


def test_a_video_has_its_picture_and_its_title() -> None:
    frame = '<iframe src="//www.youtube.com/embed/abc" title="A &amp; B"></iframe>'
    page, poster = "https://www.youtube.com/watch?v=abc", "https://i.ytimg.com/vi/abc/hqdefault.jpg"
    assert sanitise(frame, URL) == (
        f'<figure><a href="{page}"><img src="{poster}" alt="A &amp; B"></a>'
        f'<figcaption><a href="{page}">A &amp; B</a></figcaption></figure>'
    )


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ('<iframe src="https://x.example/w/"></iframe>',
         '<figure><a href="https://x.example/w">x.example/w</a></figure>'.replace(
             '"https://x.example/w"', '"https://x.example/w/"')),
        ('<iframe data-src="/w" src="about:blank" title="Map"></iframe>',
         '<figure><a href="https://news.example/w">Map</a></figure>'),
        ('<audio controls><source src="a.mp3">no player</audio>',
         '<figure><a href="https://news.example/city/a.mp3">news.example/city/a.mp3</a></figure>'),
        ('<video src="/v.mp4" poster="/p.jpg" title="V"></video>',
         '<figure><a href="https://news.example/v.mp4"><img src="https://news.example/p.jpg" alt="V">'
         '</a><figcaption><a href="https://news.example/v.mp4">V</a></figcaption></figure>'),
        ('<object data="/m.swf"><param name="movie" value="/n.swf"><p>words</p></object>',
         '<figure><a href="https://news.example/m.swf">news.example/m.swf</a></figure>'),
        ('<object data="/m.swf"><a href="/m.html">words</a></object>',
         '<p><a href="https://news.example/m.html">words</a></p>'),
        ('<object><embed src="https://www.twitch.tv/x"></object>',
         '<figure><a href="https://www.twitch.tv/x">twitch.tv/x</a></figure>'),
        ('<lite-youtube videoid="abc" title="T"></lite-youtube>',
         '<figure><a href="https://www.youtube.com/watch?v=abc">'
         '<img src="https://i.ytimg.com/vi/abc/hqdefault.jpg" alt="T"></a><figcaption>'
         '<a href="https://www.youtube.com/watch?v=abc">T</a></figcaption></figure>'),
        # In a figure, which has its own caption, as Ghost's and WordPress's cards.
        ('<figure class="wp-block-embed"><div class="wp-block-embed__wrapper">\n'
         '<iframe src="https://x.example/w" title="Map"></iframe>\n</div><figcaption>C</figcaption>'
         "</figure>",
         '<figure><div>\n<a href="https://x.example/w">Map</a>\n</div><figcaption>C</figcaption>'
         "</figure>"),
        ('<figure class="kg-card kg-video-card"><div class="kg-video-container">'
         '<video src="/v.mp4" poster="/p.jpg"></video><div class="kg-video-player-container">'
         "<span>0:00</span><button>1x</button></div></div></figure>",
         '<figure><div><a href="https://news.example/v.mp4"><img src="https://news.example/p.jpg" '
         'alt="news.example/v.mp4"></a></div></figure>'),
        ('<blockquote class="twitter-tweet"><p>Hi</p>&mdash; Ann <a href="https://x.example/1">1</a>'
         "</blockquote>",
         '<figure><blockquote><p>Hi</p>— Ann <a href="https://x.example/1">1</a></blockquote></figure>'),
        ('<blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com/p/x/">'
         "</blockquote>",
         '<figure><blockquote><p><a href="https://www.instagram.com/p/x/">instagram.com/p/x</a></p>'
         "</blockquote></figure>"),
        ('<script async src="x.js" data-telegram-post="news/12"></script>',
         '<figure><a href="https://t.me/news/12">t.me/news/12</a></figure>'),
        ('<p>a <b>b <iframe src="https://x.example/w" title="M"></iframe> c</b> d</p>',
         '<p>a <b>b </b></p><figure><a href="https://x.example/w">M</a></figure><p><b> c</b> d</p>'),
        ('<a href="/x"><iframe src="https://x.example/w" title="M"></iframe></a>',
         '<p><a href="https://news.example/x"> M </a></p>'),
    ],
)  # fmt: skip
def test_what_is_embedded_becomes_a_figure_with_a_link(markup: str, shown: str) -> None:
    assert sanitise(markup, URL) == shown


@pytest.mark.parametrize(
    "markup",
    [
        '<iframe src="https://x.example/ns" width="0" height="0"></iframe>',
        '<noscript><iframe src="https://x.example/ns" height="1"></iframe></noscript>',
        '<iframe src="about:blank"></iframe>',
        "<video></video>",
        '<figure><iframe src="javascript:x"></iframe></figure>',
    ],
)
def test_what_would_show_nothing_leaves_nothing(markup: str) -> None:
    assert sanitise(f"<p>a</p>{markup}", URL) == "<p>a</p>"


def test_a_file_is_linked_with_its_name_and_a_note() -> None:
    assert link_file("https://x.example/a.mp3?a=1&b=2", "a & b", "audio/mpeg, 2 MB") == (
        '<figure><a href="https://x.example/a.mp3?a=1&amp;b=2">a &amp; b</a> (audio/mpeg, 2 MB)'
        "</figure>"
    )
