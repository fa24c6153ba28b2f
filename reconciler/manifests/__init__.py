"""Manifests: from the bytes of files to what a project wants.

    reconciler.yaml --read_project--> Project
                                         |
    files --find--> paths --parse--> Document* --decode--> Resource*      load does all of this: -> Catalog
                                         |           |
                                         +-----------+--> Finding* --locate--> Finding* with line and column

Trees are read without positions; `locate` finds them afterwards, for the few places that a reader is shown. A broken
file does not hide what is wrong in the others, and it makes a `Catalog` incomplete, so that nothing is removed.
"""

from reconciler.manifests.decode import Broken, decode
from reconciler.manifests.files import Found, find
from reconciler.manifests.from_wire import from_wire
from reconciler.manifests.load import Catalog, load
from reconciler.manifests.positions import locate
from reconciler.manifests.project import PROJECT_FILE, Api, Limits, Project, read_project
from reconciler.manifests.resource import Described, Metadata, Partial, Resource
from reconciler.manifests.safety import Safety
from reconciler.manifests.select import Selection
from reconciler.manifests.yaml_tree import Document, parse

__all__ = [
    "PROJECT_FILE",
    "Api",
    "Broken",
    "Catalog",
    "Described",
    "Document",
    "Found",
    "Limits",
    "Metadata",
    "Partial",
    "Project",
    "Resource",
    "Safety",
    "Selection",
    "decode",
    "find",
    "from_wire",
    "load",
    "locate",
    "parse",
    "read_project",
]
