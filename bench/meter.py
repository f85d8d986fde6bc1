"""What the calls of DynamoDB take: their number, the items they read, the units they consume."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from botocore.model import OperationModel

from bench.dynamodb_rules import item_size, read_units, write_units
from circulation.aws.sdk import session

READS = {"GetItem", "BatchGetItem", "Query", "Scan"}


def direction(operation: str, _params: Mapping[str, Any]) -> str:
    """Tell what reads from what writes."""
    return "read" if operation in READS else "written"


@dataclass
class Meter:
    """Sums what the calls of this process take, by threads as well; clear begins anew."""

    kind_of: Callable[[str, Mapping[str, Any]], str] = direction
    """Names what a call's units are summed under, from its operation and parameters."""
    calls: int = 0
    items: int = 0
    """Items that queries went through and batches gave."""
    units: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    lock: Lock = field(default_factory=Lock)

    def attach(self) -> "Meter":
        """Listen to every client that this process makes from now on."""
        session().register("provide-client-params.dynamodb", self._ask)
        session().register("after-call.dynamodb", self._read)
        return self

    def clear(self) -> None:
        """Begin anew."""
        with self.lock:
            self.calls = self.items = 0
            self.units.clear()

    def _ask(
        self,
        params: dict[str, Any],
        model: OperationModel,
        context: dict[str, Any],
        **_: object,
    ) -> None:
        """Ask a call for its capacity."""
        if "ReturnConsumedCapacity" in model.input_shape.members:
            params["ReturnConsumedCapacity"] = "TOTAL"
            context["metered"] = (self.kind_of(model.name, params), model.name, dict(params))

    def _read(self, parsed: Mapping[str, Any], context: dict[str, Any], **_: object) -> None:
        """Add what a call took."""
        with self.lock:
            self.calls += 1
            self.items += parsed.get("ScannedCount", 0)
            self.items += sum(len(items) for items in parsed.get("Responses", {}).values())
            if "metered" in context:
                kind, operation, params = context["metered"]
                self.units[kind] += _consumed(operation, params, parsed)


def _consumed(operation: str, params: Mapping[str, Any], parsed: Mapping[str, Any]) -> float:
    """Give a call's units, as it says or as the rules bill what MiniStack says nothing true of."""
    if "Error" in parsed:  # a failed condition costs its item
        return write_units(item_size(parsed.get("Item", {})))
    if operation == "BatchGetItem":
        return sum(
            _batch_units(asked, parsed["Responses"].get(name, []))
            for name, asked in params["RequestItems"].items()
        )
    if operation in ("Query", "Scan"):  # what a filter or a projection leaves out is billed, too
        size = sum(item_size(item) for item in parsed["Items"])
        return read_units(size, consistent=params.get("ConsistentRead", False))
    reported = parsed["ConsumedCapacity"]
    tables = reported if isinstance(reported, list) else [reported]
    return sum(float(table["CapacityUnits"]) for table in tables)


def _batch_units(asked: Mapping[str, Any], items: list[Mapping[str, Any]]) -> float:
    """Give what a table's part of a batch costs; a key without an item costs as an empty one."""
    sizes = [item_size(item) for item in items] + [0] * (len(asked["Keys"]) - len(items))
    consistent = asked.get("ConsistentRead", False)
    return sum(read_units(size, consistent=consistent) for size in sizes)
