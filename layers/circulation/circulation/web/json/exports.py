"""Articles as an export has them, for an import to restore, as docs/api.md describes them."""

from typing import Any

from circulation.articles.exporting import Exported, ExportPage
from circulation.articles.publication import Publication
from circulation.articles.queries import CountedArticle
from circulation.counting.correction import correction_json
from circulation.times import format_time
from circulation.web.cursors import cursor_of
from circulation.web.json.articles import SHOWN, Shape, article_json

Json = dict[str, Any]


def export_json(page: ExportPage, publication: Publication) -> Json:
    """Write a page of an export, with the cursor of the next page if there is one."""
    document: Json = {
        "articles": [exported_json(exported, publication) for exported in page.articles]
    }
    return document | ({"cursor": cursor_of(page.after)} if page.after else {})


def exported_json(exported: Exported, publication: Publication) -> Json:
    """Write an article with everything that an import restores, and its number by parts.

    Of an unpublished article that is its id, section and times.
    """
    article, count = exported.shelved.article, exported.count
    if article is None:
        moments = {"published": count.published, "unpublished": count.unpublished}
        document: Json = {
            "id": exported.article_id,
            "section": count.section,
            **{
                name: format_time(publication.local(moment))
                for name, moment in moments.items()
                if moment
            },
            "was_public": exported.shelved.was_public,
            "views": count.views,
            "views_before": count.base,
            "views_counted": count.counted,
        }
    else:
        # An article without a language follows the publication's, also elsewhere.
        fields = SHOWN if article.language else SHOWN - {"language"}
        document = article_json(CountedArticle(article, count), publication, Shape(fields))
    document["views_corrected"] = count.adjust
    if exported.corrections:
        document["corrections"] = list(map(correction_json, exported.corrections))
    if exported.shelved.source_ids:
        document["source_ids"] = list(exported.shelved.source_ids)
    return document
