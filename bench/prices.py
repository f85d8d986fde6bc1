"""List prices as data. Change the date with the numbers."""

from dataclasses import dataclass

READ_ON = "2026-11-23"
REGION = "us-east-1"
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Prices:
    """Dollars, on demand and beyond every free tier."""

    write_unit: float = 0.625 / MILLION
    read_unit: float = 0.125 / MILLION
    lambda_gb_second: float = 0.0000133334  # arm64, first tier
    lambda_request: float = 0.20 / MILLION
    api_request: float = 1.00 / MILLION  # HTTP API, the first 300 million of a month
    api_request_beyond: float = 0.90 / MILLION
    log_gb: float = 0.50  # CloudWatch Logs, standard class, ingested
    queue_request: float = 0.40 / MILLION
    topic_request: float = 0.50 / MILLION  # SNS; its deliveries to SQS are free
    mail: float = 0.10 / 1_000  # SES, à la carte, without attachments
    trace: float = 5.00 / MILLION  # X-Ray, recorded
    metric: float = 0.30  # CloudWatch, custom, a month, by the hours with data
    alarm: float = 0.10  # CloudWatch, standard resolution, a month
    # Streams' reads by Lambda are free, and so is what the TTL deletes.


API_FIRST_TIER = 300 * MILLION
"""HTTP API requests of a month before the second price."""
