"""A collection is read completely, or not at all."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reconciler.console import ListingError, ServerError
from reconciler.console.listing import collect
from reconciler.domain import Call, Json

from .service import Reply, Service, page, says


def listed(*replies: Reply, identity: str = "id") -> list[str]:
    """The identities that a service with these pages lists."""
    with Service(*replies).console() as console:
        return [row[identity] for row in console.list("/gates", identity=identity)]


NEXT_PAGES = [
    "/console/v1/gates?page=2&limit=5",
    "statsigapi.net/console/v1/gates?page=2&limit=3",
    "?page=2&limit=5",
    "/console/v1/metrics/qualifying_event/list?page=2&limit=1",
    "https://elsewhere.example/gates?page=7",
]


@pytest.mark.parametrize("following", NEXT_PAGES)
def test_pages_are_counted_whatever_the_service_calls_the_next_one(following: str) -> None:
    service = Service(page("a", "b", following=following), page("c"))
    with service.console() as console:
        assert [row["id"] for row in console.list("/gates", {"tags": "x y"})] == ["a", "b", "c"]
    assert [str(request.url) for request in service.requests] == [
        "https://statsigapi.net/console/v1/gates?tags=x+y&limit=100&page=1",
        "https://statsigapi.net/console/v1/gates?tags=x+y&limit=100&page=2",
    ]


@pytest.mark.parametrize(
    "pagination",
    [
        {},
        {"pagination": None},
        {"pagination": {}},
        {"pagination": {"nextPage": None}},
        {"pagination": {"nextPage": "", "all": ""}},
    ],
)
def test_a_list_that_names_no_next_page_is_complete(pagination: dict[str, Json]) -> None:
    assert listed(says({"message": "m", "data": [{"id": "a"}], **pagination})) == ["a"]


def test_an_empty_collection_is_an_empty_list() -> None:
    assert listed(page(total=0)) == []


def test_an_empty_last_page_ends_the_list() -> None:
    assert listed(page("a", following="?page=2"), page()) == ["a"]


def test_an_object_that_moved_to_the_next_page_counts_once_with_its_later_state() -> None:
    first = says({"data": [{"id": "a", "v": 1}, {"id": "b", "v": 1}], "pagination": {"nextPage": "?page=2"}})
    second = says({"data": [{"id": "b", "v": 2}, {"id": "c", "v": 1}]})
    with Service(first, second).console() as console:
        assert console.list("/gates") == [{"id": "a", "v": 1}, {"id": "b", "v": 2}, {"id": "c", "v": 1}]


def test_objects_are_told_apart_by_the_field_that_the_caller_names() -> None:
    assert listed(page("userID", "orgID", field="name"), identity="name") == ["userID", "orgID"]


@pytest.mark.parametrize(
    ("replies", "words"),
    [
        ([page("a", following="?page=2")], "page 2 brings nothing"),
        ([page("a", "b", following="?page=2"), page("b", "a")], "page 2 brings nothing"),
        ([page(following="?page=2")], "page 1 brings nothing"),
        ([page("a", following="?page=2", total=3), page("b", total=2)], "shrank from 3 to 2"),
        ([page("a", following="?page=2", total=3), page("b", total=3)], "2 objects were listed, of 3"),
        ([page("a", following="?page=2", total=3), page("b")], "2 objects were listed, of 3"),
        ([page("a", total=2)], "1 objects were listed, of 2"),
        ([says({"message": "m"})], "holds no list"),
        ([says({"message": "m", "data": {"a": 1}})], "holds no list"),
        ([says({"message": "m", "data": None})], "holds no list"),
        ([says({"data": ["a"]})], "has no 'id'"),
        ([says({"data": [{"name": "a"}]})], "has no 'id'"),
        ([says({"data": [{"id": ""}]})], "has no 'id'"),
        ([says({"data": [{"id": 5}]})], "has no 'id'"),
        ([says({"data": [{"id": "a"}], "pagination": "none"})], "whether there are more pages"),
        ([page("a", following="?page=2"), says({"message": "m"})], "holds no list"),
    ],
)
def test_pages_that_do_not_add_up_to_a_list_are_an_error(replies: list[Reply], words: str) -> None:
    with pytest.raises(ListingError, match="GET /gates") as caught:
        listed(*replies)
    assert words in caught.value.message


def test_a_collection_that_grows_while_it_is_read_is_complete() -> None:
    assert listed(page("a", following="?page=2", total=2), page("a", "b", "c", total=3)) == ["a", "b", "c"]


def test_a_later_page_that_cannot_be_read_leaves_no_part_of_the_list() -> None:
    with pytest.raises(ServerError):
        listed(page("a", following="?page=2"), says({"message": "Oops"}, 500))


def test_passing_trouble_in_the_middle_of_a_list_does_not_matter() -> None:
    assert listed(page("a", following="?page=2"), says({}, 503), page("b")) == ["a", "b"]


def test_a_collection_without_end_is_given_up() -> None:
    endless: Callable[[int], dict[str, Json]] = lambda number: {  # noqa: E731
        "data": [{"id": str(number)}],
        "pagination": {"nextPage": "?"},
    }
    with pytest.raises(ListingError, match="more than 50 pages"):
        collect(endless, Call("GET", "/gates"), "id", most_pages=50)
