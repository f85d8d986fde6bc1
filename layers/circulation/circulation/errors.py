"""What can go wrong, one class for each thing a caller can act on."""

from dataclasses import dataclass


class CirculationError(Exception):
    """The root: everything here that is an answer to somebody, not a bug."""


@dataclass(frozen=True)
class Fault:
    """One field of the input that cannot be taken, and why in words."""

    field: str
    reason: str


class InvalidInput(CirculationError):  # noqa: N818  named as people say it
    """The input has faults; every one of them is named."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(f"{fault.field}: {fault.reason}" for fault in faults))
        self.faults = faults


class MalformedBody(CirculationError):  # noqa: N818
    """The body of a request is not the JSON object it should be."""


class BodyTooLarge(CirculationError):  # noqa: N818
    """The body of a request is longer than the route takes."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"The body must be at most {limit} bytes long.")


class OriginRefused(CirculationError):  # noqa: N818
    """The page that sent a view or a form is none of the publication's."""

    def __init__(self) -> None:
        super().__init__("This is only taken from pages of the publication's own origins.")


class TooManyViews(CirculationError):  # noqa: N818
    """One address sends views faster than readers do."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("Too many views come from this address.")
        self.retry_after = retry_after
        """Seconds until the next one is taken."""


class TokenRequired(CirculationError):  # noqa: N818
    """The request bears no token that the gateway let in."""

    def __init__(self) -> None:
        super().__init__("A publisher's token is required.")


class ScopeMissing(CirculationError):  # noqa: N818
    """The request's token is not for this."""

    def __init__(self, scope: str) -> None:
        super().__init__(f"The token lacks the scope {scope}.")
        self.scope = scope


class ShareEnded(CirculationError):  # noqa: N818
    """A share link's end is over, it was revoked, or there never was one: nobody is told which."""

    def __init__(self) -> None:
        super().__init__("This link has ended. Ask whoever sent it for a new one.")


class NotShared(CirculationError):  # noqa: N818
    """A share link opens something else."""

    def __init__(self) -> None:
        super().__init__("The link does not open this.")


class ArticleNotFound(CirculationError):  # noqa: N818
    """Nothing has ever been published under this id."""

    def __init__(self, article: str) -> None:
        super().__init__(f"No article is published under the id {article}.")
        self.article = article


class ArticleGone(CirculationError):  # noqa: N818
    """The article was published once and has been unpublished."""

    def __init__(self, article: str) -> None:
        super().__init__(f"The article {article} has been unpublished.")
        self.article = article


class PageNotFound(CirculationError):  # noqa: N818
    """No article is or was found at this address."""

    def __init__(self, url: str) -> None:
        super().__init__("No article is published at this address.")
        self.url = url


class ScriptNotFound(CirculationError):  # noqa: N818
    """The widget was never built so."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no script {name}.")
        self.name = name


class ListingNotFound(CirculationError):  # noqa: N818
    """No article has ever been shown under this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There are no articles under {name}.")
        self.name = name


class ListingRetired(CirculationError):  # noqa: N818
    """Articles were shown under this name once, and none of them is left."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There are no articles under {name} any more.")
        self.name = name


class RecommendationsOff(CirculationError):  # noqa: N818
    """The stack sends no recommendations."""

    def __init__(self) -> None:
        super().__init__("Recommendations are not sent from here (RecommendByMail is off).")


class SubscriptionNotFound(CirculationError):  # noqa: N818
    """A link belongs to nobody, or nothing is stored of the person any more."""

    def __init__(self) -> None:
        super().__init__("This link belongs to no subscription.")


class DigestNotFound(CirculationError):  # noqa: N818
    """No digest was sent at this date."""

    def __init__(self) -> None:
        super().__init__("There is no such digest.")


class PreconditionFailed(CirculationError):  # noqa: N818
    """Something else stands in the library than the publisher said."""

    def __init__(self, article: str) -> None:
        super().__init__(f"The article {article} is not as the request's condition says.")
        self.article = article


class PublishConflict(CirculationError):  # noqa: N818
    """Somebody else kept changing the article while it was being published."""

    def __init__(self, article: str) -> None:
        super().__init__(f"The article {article} is being changed by another request; try again.")
        self.article = article


class StoreUnavailable(CirculationError):  # noqa: N818
    """The tables did not take the request after all retries; nothing may be claimed done."""


class MalformedBatch(CirculationError):  # noqa: N818
    """A stream batch that cannot be folded safely: it does not say which shard it is from."""
