"""A report as one page that needs nothing else: no network, no file beside it.

sides     two values side by side
item      one object: what happens to it, what that means, what differs
facets    what the objects can be filtered by
touched   the picture of what the plan touches
page      the page; its template, style and script stand beside it
"""

from reconciler.reports.html.page import page

__all__ = ["page"]
