"""What Lambda bills for an invocation, and the memory that the template gives each function."""

from dataclasses import dataclass

from circulation_cli.local_stack.template import Template

FULL_CORE_MB = 1_769
"""Memory of a container that has a whole core (AWS: Configure Lambda function memory)."""
TEMPLATE = Template.load(
    {
        "PublicationTitle": "The Daily Example",
        "PublicationUrl": "https://news.example",
        "PublicationDescription": "News",
    }
)
"""A stack that sends no mail."""


def memory_of(function: str) -> int:
    """Give the memory that the template gives a function, in MB."""
    common = TEMPLATE.document["Globals"]["Function"]["MemorySize"]
    return int(TEMPLATE.functions()[function].get("MemorySize", common))


MEMORY_MB = memory_of("RecordView")


@dataclass(frozen=True, slots=True)
class Handler:
    """What one view takes in its Lambda function; figures of the other benches."""

    cpu_ms: float
    """Warm CPU for each view, on a whole core."""
    calls: float
    """DynamoDB calls, one after the other."""
    log_bytes: float
    memory_mb: int = MEMORY_MB
    call_ms: float = 4.0
    """What a call to DynamoDB takes within the region."""
    traced: float = 0.0
    """The share of invocations that X-Ray records, besides the first of each second."""

    def gb_seconds(self) -> float:
        """Give what is billed: waiting, and computing on the memory's share of a core."""
        share = min(1.0, self.memory_mb / FULL_CORE_MB)
        return (self.calls * self.call_ms + self.cpu_ms / share) / 1000 * self.memory_mb / 1024
