"""circulation serve with a fault: a view is answered before it is in the ledger.

A load run against it must fail, or it would prove nothing.
"""

import threading
from datetime import timedelta

from circulation.counting.ledger import Ledger
from circulation.counting.view import Entry, View
from circulation_cli.main import circulation

DELAY_SECONDS = 0.2

_enter = Ledger.enter


def _enter_later(self: Ledger, view: View, *, repeat_window: timedelta) -> Entry:
    threading.Timer(DELAY_SECONDS, _enter, [self, view], {"repeat_window": repeat_window}).start()
    return Entry(counted=True, fresh=True, at=view.at, views=1)


Ledger.enter = _enter_later  # type: ignore[method-assign]
circulation()
