"""How far the recounts of large article-days are: one item for each of the 16 ledger partitions."""

from circulation.aws.table import Change, ConditionFailed, Item, Table
from circulation.counting.keys import BUCKETS, recount_key
from circulation.counting.ledger import KEEP
from circulation.counting.line_sums import LineSum
from circulation.times import start_of


class Recounts:
    """The checkpoints in the library's table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def reached(self, article: str, day: str, bucket: str) -> LineSum:
        """Read how far the recount of a partition is."""
        item = self._table.get(recount_key(article, day, bucket), consistent=True)
        return _sum_of_item(item) if item else LineSum()

    def all_reached(self, article: str, day: str) -> dict[str, LineSum]:
        """Read how far the recounts of all 16 partitions are, by bucket."""
        keys = (recount_key(article, day, bucket) for bucket in BUCKETS)
        items = self._table.get_many(keys, consistent=True)
        return dict.fromkeys(BUCKETS, LineSum()) | {
            item["sk"].rpartition("#")[2]: _sum_of_item(item) for item in items
        }

    def advance(self, article: str, day: str, bucket: str, reached: LineSum) -> LineSum:
        """Note how far a recount is, unless another one is further; give what is noted then.

        The sums and the line that they end with are set by one write: what is added up again after
        a failure, or by a twin, is the same.
        """
        numbers = {"views": reached.views, "visitors": reached.visitors, "hours": reached.hours}
        expires = int((start_of(day) + KEEP).timestamp())
        if reached.done:
            change = Change.setting(
                {**numbers, "ttl": expires, "done": True},
                removing=["next"],
                condition="attribute_not_exists(#done)",
                names={"#done": "done"},
            )
        else:
            change = Change.setting(
                {**numbers, "ttl": expires, "next": reached.last},
                condition="attribute_not_exists(pk) OR "
                "(attribute_not_exists(#done) AND #next < :next)",
                names={"#done": "done", "#next": "next"},
                values={":next": reached.last},
            )
        try:
            self._table.update(recount_key(article, day, bucket), change)
        except ConditionFailed as failed:
            return _sum_of_item(failed.item)
        return reached


def _sum_of_item(item: Item) -> LineSum:
    return LineSum(
        item["views"],
        item["visitors"],
        tuple(item["hours"]),
        item.get("next", ""),
        item.get("done", False),
    )
