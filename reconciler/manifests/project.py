"""The project file ``reconciler.yaml``: where the API is, which files are manifests, and how careful to be."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Annotated, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, Field, ValidationError

from reconciler.domain import Finding, Place
from reconciler.manifests.envelope import ApiVersion, found
from reconciler.manifests.explain import explain
from reconciler.manifests.part import Part, refused
from reconciler.manifests.safety import Safety
from reconciler.manifests.wording import one_of
from reconciler.manifests.yaml_tree import Document, parse
from reconciler.meaning import Text

PROJECT_FILE = "reconciler.yaml"
"""The usual name of the project file."""


def read_project(data: bytes, path: str = PROJECT_FILE) -> Project | tuple[Finding, ...]:
    """The project that the file `path` with the bytes `data` describes, or all that is wrong with it."""
    parsed = parse(data, path)
    documents = (*parsed.documents, *parsed.doubtful)
    if len(documents) == 1:
        project = _project(documents[0])
        return (*parsed.findings, *(project if isinstance(project, tuple) else ())) if parsed.findings else project
    message = f"a project file holds one document, not {len(documents)}"
    return parsed.findings or (
        Finding("FILE/project", message, "keep one document of kind Project in it", Place(path)),
    )


def _project(document: Document) -> Project | tuple[Finding, ...]:
    try:
        return Project.model_validate(document.tree)
    except ValidationError as error:
        problems = explain(error, document.tree, Project)
        return found((each for each in problems if each.at not in document.gaps), document.place, None)


_NO_ADDRESS = ("this is no web address", "write https://, a host and a path")


def _base_url(url: str) -> str:
    """The base URL without a final slash. What is wrong is told without the URL, which may hold a secret."""
    if wrong := _url_problem(url):
        raise refused(*wrong)
    return url.rstrip("/")


def _url_problem(url: str) -> tuple[str, str] | None:
    parts = _url_parts(url)
    if parts is None or parts.scheme not in {"https", "http"} or not parts.hostname:
        return _NO_ADDRESS
    if parts.username is not None or parts.password is not None:
        return ("the address holds credentials", "take them out; the key comes from the environment alone")
    if "?" in url or "#" in url:
        return ("the address holds a query or a fragment", "write the address up to the path")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        return ("http:// would send the key in the open", "write https://; http is for this machine's own addresses")
    return None


def _url_parts(url: str) -> SplitResult | None:
    """The parts of a URL whose port, if it has one, is a number; None for what is no URL."""
    try:
        parts = urlsplit(url)
        known = parts.port is None or parts.port > 0
    except ValueError:
        return None
    return parts if known and url.isascii() and url.isprintable() and " " not in url else None


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _variable(name: str) -> str:
    """The name of an environment variable. What else stands there is not repeated: it may be the key itself."""
    if name.isascii() and name.isidentifier():
        return name
    raise refused(*_NO_VARIABLE)


_NO_VARIABLE = ("this is no name of an environment variable", "write the name of the variable, never the key itself")


def _known_dialect(name: str) -> str:
    from sqlglot.dialects import Dialects  # noqa: PLC0415 - heavy, and only projects that name a dialect pay for it

    known = sorted(dialect.value for dialect in Dialects if dialect.value)
    if name in known:
        return name
    message = f"sqlglot knows no SQL dialect {name!r}"
    raise refused(message, one_of(name, known))


class Limits(Part):
    """How many writes the project may make."""

    per_10_seconds: Annotated[int, Field(ge=1)] = 100
    """Writes in any 10 seconds; 100 is what is published."""
    per_15_minutes: Annotated[int, Field(ge=1)] = 900
    """Writes in any 15 minutes; 900 is what is published."""


class Api(Part):
    """How the Console API is reached."""

    url: Annotated[Text, AfterValidator(_base_url)] = "https://statsigapi.net/console/v1"
    """Base URL: https, or http on this machine; no credentials, no query."""
    key_env: Annotated[Text, AfterValidator(_variable)] = "STATSIG_CONSOLE_KEY"
    """The environment variable that holds the key."""
    timeout_seconds: Annotated[float, Field(gt=0, le=600)] = 30
    """How long one call may take, in seconds."""
    respect_reviews: bool = True
    """Whether changes open a review where the project asks for one. Without it they are made at once, as far as the
    service lets the key do so."""
    project_id: Annotated[Text, Field(min_length=1)] | None = None
    """Id of the Statsig project, as ``GET /project`` tells it. A key of another project is then refused."""
    workers: Annotated[int, Field(ge=1, le=32)] = 4
    """How many objects are written at the same time; 1 is one after the other."""
    limits: Limits = Limits()
    """How many writes the project may make; another number only if Statsig has agreed to it."""


class Ownership(Part):
    """What marks an object as kept by this project."""

    tag: Annotated[Text, Field(min_length=1, max_length=100)]
    """Name of the tag. Only objects that carry it can be removed."""


class Sql(Part):
    """How the SQL of entity property sources is read."""

    dialect: Annotated[Text, AfterValidator(_known_dialect)] | None = None
    """A dialect of sqlglot, such as bigquery or snowflake; its general one if left out."""


class Messages(Part):
    """How people are told of drift."""

    urls_env: Annotated[Text, AfterValidator(_variable)] = "RECONCILER_NOTIFY_URLS"
    """The environment variable that holds their addresses, which are secrets: URLs as apprise knows them, with blanks
    or line breaks between them."""


class Project(Part):
    """The project file."""

    api_version: ApiVersion
    """The version of the format."""
    kind: Literal["Project"]
    """What the file is."""
    api: Api = Api()
    """How the Console API is reached."""
    manifests: Annotated[tuple[Text, ...], Field(strict=False, min_length=1)] = ("manifests/**/*.yaml",)
    """Patterns of the manifest files, from the folder of the project file."""
    ownership: Ownership | None = None
    """Without it nothing is tagged, and nothing can be removed."""
    safety: Safety = Safety()
    """What a run may do."""
    sql: Sql = Sql()
    """How the SQL of entity property sources is read."""
    notify: Messages = Messages()
    """How people are told of drift, with ``drift --notify``."""
