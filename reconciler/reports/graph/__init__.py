"""References as a tree to read, as JSON, as Mermaid and DOT for other tools, and as a picture of our own.

tree           lines for a terminal
form           the JSON document
mermaid, dot   text that others draw
layers, spots  where each box of a picture stands
svg            the picture
"""

from reconciler.reports.graph.dot import dot
from reconciler.reports.graph.mermaid import mermaid
from reconciler.reports.graph.picture import picture
from reconciler.reports.graph.tree import affected_lines, around_lines, graph_lines

__all__ = ["affected_lines", "around_lines", "dot", "graph_lines", "mermaid", "picture"]
