"""The client: all routes as methods, listings as iterators, tables as data frames, volumes as images."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

import httpx

from .models import Page
from .routes import Frames, Images, Routes
from .sending import Sender

P = ParamSpec("P")
T = TypeVar("T")

LARGEST_PAGE = 100


class Client(Routes):
    """A client of the service at an address, such as `http://127.0.0.1:5000/v3_0`.

    `frames` and `images` have the routes whose answers are tables and volumes, for pandas and nibabel.
    """

    def __init__(
        self,
        address: str,
        *,
        retries: int = 3,
        max_pause_s: float = 30.0,
        timeout_s: float = 600.0,
        http: httpx.Client | None = None,
    ) -> None:
        """retries: after 429, 502, 503, 504 and broken connections. max_pause_s: the longest that is waited before one.
        http: a client of httpx with settings of its own (proxies, certificates)."""
        self._http = http or httpx.Client(timeout=timeout_s)
        super().__init__(Sender(address, self._http, retries, max_pause_s))
        self.frames = Frames(self._sender)
        self.images = Images(self._sender)

    def pages(self, route: Callable[P, Page[T]], *args: P.args, **kwargs: P.kwargs) -> Iterator[Page[T]]:
        """The pages of a listing, each asked for when it is needed: `client.pages(client.get_all_regions, find="hoc1")`."""
        given: dict[str, Any] = {"size": LARGEST_PAGE, **kwargs}
        ask: Callable[..., Page[T]] = route
        number = int(given.pop("page", None) or 1)
        while True:
            page = ask(*args, page=number, **given)
            yield page
            if number >= page["pages"]:
                return
            number += 1

    def items(self, route: Callable[P, Page[T]], *args: P.args, **kwargs: P.kwargs) -> Iterator[T]:
        """The items of a listing, page after page."""
        for page in self.pages(route, *args, **kwargs):
            yield from page["items"]

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
