"""TallyViews notes the last minutes."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from circulation.counting.tally import Batch
from circulation.errors import StoreUnavailable
from circulation.runtime import Container
from circulation.statistics.live_views import LiveViews
from functions import tally_views
from tests.builders import publish_all, record, stream_event


class Broken(LiveViews):
    """Live views that cannot be written."""

    def put(self, batch: Batch, *, now: datetime) -> None:
        raise StoreUnavailable(f"{batch.shard} at {now}")


def test_the_function_writes_what_was_just_viewed(store: Container) -> None:
    publish_all(store, "a")
    now = datetime.now(UTC)
    tally_views.handler(stream_event(record(1, "a", at=now, s={"S": "search"})), None)
    (minute,) = store.live_views.since(datetime.now(UTC)).values()
    assert (minute.views, minute.lead_sources) == (1, {"a": Counter(search=1)})


def test_a_write_that_fails_is_logged_and_dropped(
    store: Container, caplog: pytest.LogCaptureFixture
) -> None:
    publish_all(store, "a")
    store.live_views = Broken(store.library_table)
    event = stream_event(record(1, "a", at=datetime.now(UTC)))
    assert tally_views.handler(event, None) == {"state": {}, "batchItemFailures": []}
    assert store.books.count("a").views == 1
    assert "live views are dropped" in caplog.text
