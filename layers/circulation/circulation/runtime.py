"""What a Lambda container keeps from one request to the next, and how it reaches what is stored."""

from __future__ import annotations

import gc
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING, Any

from circulation.settings import Settings, in_lambda

if in_lambda():
    # What is loaded stays: looking at it time and again would be a twentieth of a cold start.
    gc.disable()

from circulation import metrics
from circulation.aws.table import Table
from circulation.throttle import Throttle

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from types_boto3_dynamodb import DynamoDBClient

    from circulation.access.shares import Shares
    from circulation.access.token_hashes import Tokens
    from circulation.articles.addresses import Addresses
    from circulation.articles.catalogue import Catalogue
    from circulation.aws.backoff import Backoff
    from circulation.aws.mail_service import MailService
    from circulation.counting.books import Books
    from circulation.counting.corrections import Corrections
    from circulation.counting.ledger import Ledger
    from circulation.counting.recounts import Recounts
    from circulation.counting.seal_queue import SealQueue
    from circulation.feeds.ping_queue import PingQueue
    from circulation.importing.sync_state import Syncs
    from circulation.importing.unknown_pages import UnknownPages
    from circulation.mail.deliveries import Deliveries
    from circulation.mail.delivering import DigestStores
    from circulation.mail.digest_letter import Letterhead
    from circulation.mail.digests import Digests
    from circulation.mail.letter_queue import LetterQueue
    from circulation.mail.limits import Limits
    from circulation.mail.recommendations import Recommendations
    from circulation.mail.recommending import RecommendationStores
    from circulation.mail.reporting import Channel
    from circulation.mail.reports import Reports
    from circulation.mail.subscribers import Subscribers
    from circulation.popularity.charts import Charts
    from circulation.popularity.memory import Memory
    from circulation.popularity.rankings import Rankings
    from circulation.popularity.site import Site
    from circulation.statistics.feed_readers import FeedReaderBook
    from circulation.statistics.figure_stores import FigureStores
    from circulation.statistics.live_views import LiveViews
    from circulation.statistics.rolling_up import RollupMemory, RollupSources
    from circulation.statistics.rollups import Rollups
    from circulation.views.filtered import Filtered
    from circulation.views.intake import Intake
    from circulation.views.salts import Salts
    from circulation.web.renditions import Renditions

MAX_RENDITION_BYTES = 48 * 1024 * 1024
"""A container has 512 MB, of which the code takes a fifth."""
MAX_ARCHIVE_BYTES = 8 * 1024 * 1024


@dataclass(eq=False)
class Container:
    """The settings, what every room keeps in DynamoDB and SQS, and what memory keeps.

    A room's tables and queues are opened on first use, and so are its modules imported: a function
    has the settings of those that it uses and no others, and pays for no others when it starts.
    """

    settings: Settings
    client: DynamoDBClient
    """Of all tables but the tokens'."""
    backoff: Backoff | None = None
    """How to wait before a call is made again; that of the tables unless another is given."""
    tokens_client: DynamoDBClient | None = None
    """Of the table as tokens are looked up in it; None makes one that a request can wait for."""
    make_queue_client: Callable[[], Any] | None = None
    """Makes the client of the digest queue; None makes one of the process's session."""
    emit: Callable[[str, Mapping[str, int]], None] = metrics.emit
    """Puts out what a service counted, by name of metric."""
    throttle: Throttle = field(default_factory=Throttle)

    @cached_property
    def renditions(self) -> Renditions:
        """The feeds, and what is written of all listings: as many as there are sections, names."""
        from circulation.web.renditions import Renditions  # noqa: PLC0415

        return Renditions(MAX_RENDITION_BYTES, 500)

    @cached_property
    def archive(self) -> Renditions:
        """What stands under addresses that anybody can make up, apart: it drives out no feed."""
        from circulation.web.renditions import Renditions  # noqa: PLC0415

        return Renditions(MAX_ARCHIVE_BYTES, 50)

    @cached_property
    def ledger_table(self) -> Table:
        """The table of the ledger's lines."""
        return Table(self.client, self.settings.ledger_table, self.backoff)

    @cached_property
    def library_table(self) -> Table:
        """The table of everything but the ledger's lines and the salts."""
        return Table(self.client, self.settings.library_table, self.backoff)

    @cached_property
    def salts_table(self) -> Table:
        """The table of the salts."""
        return Table(self.client, self.settings.salts_table, self.backoff)

    @cached_property
    def ledger(self) -> Ledger:
        """Who viewed what."""
        from circulation.counting.ledger import Ledger  # noqa: PLC0415

        return Ledger(self.ledger_table, since=self.settings.library_adopted_on)

    @cached_property
    def books(self) -> Books:
        """The day book and the counters."""
        from circulation.counting.books import Books  # noqa: PLC0415

        return Books(self.library_table)

    @cached_property
    def corrections(self) -> Corrections:
        """The corrections of numbers: publishing alone imports them."""
        from circulation.counting.corrections import Corrections  # noqa: PLC0415

        return Corrections(self.library_table, self.books)

    @cached_property
    def seal_queue(self) -> SealQueue:
        """The queue of portions of a day that is to be sealed."""
        from circulation.counting.seal_queue import SealQueue  # noqa: PLC0415

        return SealQueue(self.settings.seal_queue_url)

    @cached_property
    def recounts(self) -> Recounts:
        """How far the recounts of large article-days are."""
        from circulation.counting.recounts import Recounts  # noqa: PLC0415

        return Recounts(self.library_table)

    @cached_property
    def catalogue(self) -> Catalogue:
        """The articles, their listings, the editions of those, and what changed when."""
        from circulation.articles.catalogue import Catalogue  # noqa: PLC0415
        from circulation.articles.changes import Changes  # noqa: PLC0415
        from circulation.articles.editions import Editions  # noqa: PLC0415
        from circulation.articles.library import Library  # noqa: PLC0415

        table = self.library_table
        return Catalogue(Library(table), Editions(table), Changes(table))

    @cached_property
    def addresses(self) -> Addresses:
        """Whose a page's address is: apart from the catalogue, for RecordView reads no article."""
        from circulation.articles.addresses import Addresses  # noqa: PLC0415

        return Addresses(self.library_table)

    @cached_property
    def salts(self) -> Salts:
        """The days' salts."""
        from circulation.views.salts import Salts  # noqa: PLC0415

        return Salts(self.salts_table)

    @cached_property
    def filtered(self) -> Filtered:
        """The hits that were no reader's."""
        from circulation.views.filtered import Filtered  # noqa: PLC0415

        return Filtered(self.library_table, partial(self.emit, "RecordView"))

    @cached_property
    def intake(self) -> Intake:
        """What a hit is recorded with."""
        from circulation.views.intake import Intake  # noqa: PLC0415

        return Intake(self.books, self.ledger, self.salts, self.filtered)

    @cached_property
    def charts(self) -> Charts:
        """The rankings, the tops of days and months, and the whole site's numbers."""
        from circulation.popularity.charts import Charts  # noqa: PLC0415
        from circulation.popularity.tops import Tops  # noqa: PLC0415

        return Charts(self.rankings, self.site, Tops(self.library_table))

    @cached_property
    def rankings(self) -> Rankings:
        """The rankings."""
        from circulation.popularity.rankings import Rankings  # noqa: PLC0415

        return Rankings(self.library_table)

    @cached_property
    def site(self) -> Site:
        """The whole site's numbers."""
        from circulation.popularity.site import Site  # noqa: PLC0415

        return Site(self.library_table)

    @cached_property
    def memory(self) -> Memory:
        """What the rankings and the totals need not read again: RankPopular alone imports it."""
        from circulation.popularity.memory import Memory  # noqa: PLC0415

        return Memory()

    @cached_property
    def live_views(self) -> LiveViews:
        """The last minutes' views."""
        from circulation.statistics.live_views import LiveViews  # noqa: PLC0415

        return LiveViews(self.library_table)

    @cached_property
    def rollups(self) -> Rollups:
        """The roll-ups, the months of articles, and the curves of sections."""
        from circulation.statistics.rollups import Rollups  # noqa: PLC0415

        return Rollups(self.library_table)

    @cached_property
    def rollup_sources(self) -> RollupSources:
        """What roll-ups are made from."""
        from circulation.statistics.rolling_up import RollupSources  # noqa: PLC0415

        return RollupSources(self.rollups, self.books.day_book, self.filtered)

    @cached_property
    def rollup_memory(self) -> RollupMemory:
        """What the roll-ups need not read again: RankPopular alone imports it."""
        from circulation.statistics.rolling_up import RollupMemory  # noqa: PLC0415

        return RollupMemory()

    @cached_property
    def figure_stores(self) -> FigureStores:
        """What editors' figures are read from."""
        from circulation.popularity.tops import Tops  # noqa: PLC0415
        from circulation.statistics.article_pages import ArticlePages  # noqa: PLC0415
        from circulation.statistics.figure_stores import FigureStores  # noqa: PLC0415
        from circulation.statistics.glances import Glances  # noqa: PLC0415

        table = self.library_table
        return FigureStores(
            self.rollups,
            self.site,
            Tops(table),
            Glances(table),
            ArticlePages(table),
            self.books,
            self.catalogue.changes,
            self.live_views,
            self.feed_readers,
        )

    @cached_property
    def feed_readers(self) -> FeedReaderBook:
        """The subscribers of feeds, as their readers tell them."""
        from circulation.statistics.feed_readers import FeedReaderBook  # noqa: PLC0415

        return FeedReaderBook(self.library_table)

    @cached_property
    def tokens(self) -> Tokens:
        """The publishers' tokens."""
        from circulation.access.token_hashes import ATTEMPTS, Tokens  # noqa: PLC0415
        from circulation.aws.sdk import connect  # noqa: PLC0415

        client = self.tokens_client or connect(attempts=ATTEMPTS)
        return Tokens(Table(client, self.settings.library_table))

    @cached_property
    def shares(self) -> Shares:
        """The share links."""
        from circulation.access.shares import Shares  # noqa: PLC0415

        return Shares(self.library_table)

    @cached_property
    def syncs(self) -> Syncs:
        """The versions of the site's own feed."""
        from circulation.importing.sync_state import Syncs  # noqa: PLC0415

        return Syncs(self.library_table)

    @cached_property
    def unknown_pages(self) -> UnknownPages:
        """The pages that no article is at yet."""
        from circulation.importing.unknown_pages import UnknownPages  # noqa: PLC0415

        return UnknownPages()

    @cached_property
    def subscribers_table(self) -> Table:
        """The table of who is sent mails."""
        return Table(self.client, self.settings.subscribers_table, self.backoff)

    @cached_property
    def subscribers(self) -> Subscribers:
        """Who is sent mails, and who is not any more."""
        from circulation.mail.subscribers import Subscribers  # noqa: PLC0415

        return Subscribers(self.subscribers_table)

    @cached_property
    def limits(self) -> Limits:
        """How many mails were asked for."""
        from circulation.mail.limits import Limits  # noqa: PLC0415

        return Limits(self.subscribers_table)

    @cached_property
    def recommendations(self) -> Recommendations:
        """What readers recommend by mail, and who refused it."""
        from circulation.mail.recommendations import Recommendations  # noqa: PLC0415

        return Recommendations(self.subscribers_table)

    @cached_property
    def recommendation_stores(self) -> RecommendationStores:
        """What recommending reads and keeps."""
        from circulation.mail.recommending import RecommendationStores  # noqa: PLC0415

        return RecommendationStores(
            self.catalogue, self.subscribers, self.recommendations, self.limits
        )

    @cached_property
    def letter_queue(self) -> LetterQueue:
        """The queue of single mails."""
        from circulation.mail.letter_queue import LetterQueue  # noqa: PLC0415

        return LetterQueue(self.settings.letter_queue_url)

    @cached_property
    def mail_service(self) -> MailService:
        """Amazon SES."""
        from circulation.aws.mail_service import connect as connect_mail  # noqa: PLC0415

        return connect_mail(self.settings.mail_configuration)

    @cached_property
    def digest_stores(self) -> DigestStores:
        """What sending digests keeps."""
        from circulation.mail.delivering import DigestStores  # noqa: PLC0415
        from circulation.mail.digest_queue import DigestQueue  # noqa: PLC0415

        queue = DigestQueue(self.settings.digest_queue_url, self.make_queue_client)
        return DigestStores(self.digests, self.deliveries, queue)

    @cached_property
    def deliveries(self) -> Deliveries:
        """Who was sent which digest."""
        from circulation.mail.deliveries import Deliveries  # noqa: PLC0415

        return Deliveries(self.subscribers_table)

    @cached_property
    def reports(self) -> Reports:
        """Which reports and alerts editors were sent."""
        from circulation.mail.reports import Reports  # noqa: PLC0415

        return Reports(self.library_table)

    @cached_property
    def report_channels(self) -> list[Channel]:
        """The ways to the editors that reports and alerts go."""
        from circulation.mail.reporting import MailChannel, WebhookChannel  # noqa: PLC0415

        settings = self.settings
        about = settings.publication, settings.mail_url
        channels: list[Channel] = [
            MailChannel(place, recipient, self.mail_service, settings.sender, *about)
            for place, recipient in enumerate(settings.report_to)
        ]
        if settings.report_webhook:
            channels.append(WebhookChannel(settings.report_webhook, *about))
        return channels

    @cached_property
    def digests(self) -> Digests:
        """The frozen digests."""
        from circulation.mail.digests import Digests  # noqa: PLC0415

        return Digests(self.library_table)

    @cached_property
    def letterhead(self) -> Letterhead:
        """What every letter of a digest has in common."""
        from circulation.mail.digest_letter import Letterhead  # noqa: PLC0415

        settings = self.settings
        return Letterhead(
            settings.publication, settings.sender, settings.mail_url, settings.digest_plan
        )

    @cached_property
    def ping_queue(self) -> PingQueue | None:
        """The queue of feeds that changed; None where there is no hub to be told of them."""
        if not self.settings.hub:
            return None
        from circulation.feeds.ping_queue import PingQueue  # noqa: PLC0415

        return PingQueue(self.settings.ping_queue_url)


@cache
def container() -> Container:
    """Build the one Container of this process on first use."""
    settings = Settings()
    return Container(settings, client_of_tables(settings))


def client_of_tables(settings: Settings) -> DynamoDBClient:
    """Make a client of DynamoDB as the settings have it: it makes hot calls itself, or none."""
    if not settings.direct_endpoint:
        return _sdk()
    from circulation.aws.direct_client import DirectClient  # noqa: PLC0415

    client: Any = DirectClient(settings.direct_endpoint, settings.environment, _sdk)
    return client  # type: ignore[no-any-return]


def _sdk() -> DynamoDBClient:
    """Make the SDK's client, whose import alone is half of a view's cold start."""
    from circulation.aws.sdk import connect  # noqa: PLC0415

    return connect()


def warm_up() -> None:
    """Build the container while Lambda loads the function; elsewhere leave it for the first use.

    Lambda gives a function a whole core while it loads, whatever its memory size, so what the first
    request needs is cheapest then (AWS: Lambda execution environment lifecycle, Init phase). What
    was loaded stays, so the garbage collector need not look at it again.
    """
    if in_lambda():
        container()
        gc.freeze()
        gc.enable()
