"""Reports as Markdown, for comments on pull requests, issues and step summaries.

escape      text from outside that cannot break out of where it stands
item        one object, in a line and as a whole
fitting     as much of all items as fits, by rank
comment     the document: the verdict first, then what is dangerous, then the rest
"""

from reconciler.reports.markdown.comment import LEAST_BYTES, MOST_BYTES, comment

__all__ = ["LEAST_BYTES", "MOST_BYTES", "comment"]
