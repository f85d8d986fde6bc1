"""A corrected count in JSON, as docs/api.md describes it."""

from typing import Any

from circulation.counting.correcting import Corrected
from circulation.counting.correction import correction_json


def corrected_json(corrected: Corrected) -> dict[str, Any]:
    """Write a count by its parts, with its corrections."""
    count = corrected.count
    return {
        "article": count.article,
        "views": count.views,
        "views_before": count.base,
        "views_corrected": count.adjust,
        "views_counted": count.counted,
        "corrections": list(map(correction_json, corrected.corrections)),
    }
