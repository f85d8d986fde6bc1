"""The sender of mails, and when digests are sent."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from circulation.mail.mailbox import Mailbox
from circulation.mail.subscriber import Frequency

WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
"""As EventBridge writes them."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose mails they are; laws on mail ask for a name and a postal address in each of them."""

    mailbox: Mailbox
    publisher: str
    """The name of the person or company that publishes."""
    postal_address: str
    """In one line."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The local hour of a digest, and the day of the weekly one (0 is Monday)."""

    hour: int
    weekday: int
    zone: ZoneInfo

    def due(self, at: datetime) -> list[tuple[Frequency, str]]:
        """Give the digests of an instant: their frequencies, and the local date that names them.

        By their local date a digest of an hour that comes twice is one, and one of an hour that is
        left out is still that day's.
        """
        local = at.astimezone(self.zone).date()
        frequencies = [Frequency.DAILY]
        if local.weekday() == self.weekday:
            frequencies.append(Frequency.WEEKLY)
        return [(frequency, local.isoformat()) for frequency in frequencies]

    def next(self, frequency: Frequency, after: datetime, *, paused_until: str = "") -> datetime:
        """Give the local time of the first digest after an instant; none before a pause ends."""
        local = after.astimezone(self.zone)
        day = local.date()
        if datetime.combine(day, time(self.hour), self.zone) <= local:
            day += timedelta(days=1)
        if paused_until:
            day = max(day, day.fromisoformat(paused_until))
        if frequency is Frequency.WEEKLY:
            day += timedelta(days=(self.weekday - day.weekday()) % 7)
        return datetime.combine(day, time(self.hour), self.zone)


def read_weekday(name: str) -> int:
    """Read a day of the week: MON is 0. Raises ValueError for any other text."""
    if name not in WEEKDAYS:
        raise ValueError(f"must be one of {', '.join(WEEKDAYS)}")
    return WEEKDAYS.index(name)
