"""The client against a service: SIIBRA_API_TEST_URL is its address, version included (scripts/python-client.mjs starts one)."""

from __future__ import annotations

import contextlib
import io
import os
import re
import time
from email.utils import formatdate
from pathlib import Path

import httpx
import pytest

from siibra_api_client import ApiError, Client

URL = os.environ.get("SIIBRA_API_TEST_URL", "")
README = Path(__file__).parent.parent / "README.md"
BUSY = {"error": True, "status_code": 503, "message": '{"detail": "No worker", "code": "UNAVAILABLE"}'}
PAGE = {"items": [], "total": 0, "page": 1, "size": 50, "pages": 0}


@pytest.mark.skipif(not URL, reason="SIIBRA_API_TEST_URL is not set")
def test_the_readme_prints_what_it_says() -> None:
    pytest.importorskip("pandas")
    pytest.importorskip("nibabel")
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", README.read_text(), re.M | re.S)
    code = "".join(text for name, text in blocks if name == "python")
    written = io.StringIO()
    with contextlib.redirect_stdout(written):
        exec(compile(code.replace("http://127.0.0.1:5000/v3_0", URL), str(README), "exec"), {})
    assert written.getvalue() == "".join(text for name, text in blocks if name == "text")


@pytest.mark.skipif(not URL, reason="SIIBRA_API_TEST_URL is not set")
def test_pages_files_and_uploads() -> None:
    with Client(URL) as client:
        pages = list(client.pages(client.get_all_regions, parcellation_id="Harbour v2", size=5))
        assert len(pages) == pages[0]["pages"] > 1
        names = [one["name"] for one in client.items(client.get_all_regions, parcellation_id="Harbour v2", size=7)]
        assert len(names) == len(set(names)) or len(names) == pages[0]["total"]
        assert client.get_slice_png(space_id="Demo mean")[1:4] == b"PNG"
        assigned = client.post_assign_points(
            "x,y,z\n-20,44,-5\n", parcellation_id="Harbour v2", space_id="Demo mean", assignment_type="labelled"
        )
        assert assigned["data"] is not None and len(assigned["data"]) == 1


def client_of(*answers: httpx.Response | Exception, **options: float) -> tuple[Client, list[httpx.Request]]:
    left = list(answers)
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        one = left.pop(0)
        if isinstance(one, Exception):
            raise one
        return one

    http = httpx.Client(transport=httpx.MockTransport(answer))
    return Client("http://host/v3_0/", http=http, **options), sent  # type: ignore[arg-type]


def busy(retry_after: str = "0") -> httpx.Response:
    return httpx.Response(503, json=BUSY, headers={"retry-after": retry_after})


def test_a_busy_service_is_asked_again() -> None:
    client, sent = client_of(busy(), httpx.ConnectError("gone"), httpx.Response(200, json=PAGE))
    assert client.get_all_atlases() == PAGE
    assert len(sent) == 3


@pytest.mark.parametrize("asked", ["1", "date"])
def test_pauses_are_those_that_are_asked_for(asked: str) -> None:
    value = formatdate(int(time.time()) + 2, usegmt=True) if asked == "date" else asked
    client, _ = client_of(busy(value), httpx.Response(200, json=PAGE))
    started = time.monotonic()
    client.get_all_atlases()
    assert time.monotonic() - started > 0.9


def test_errors_say_why() -> None:
    client, _ = client_of(busy("3600"))
    with pytest.raises(ApiError) as raised:
        client.get_all_atlases()
    assert (raised.value.status, raised.value.code, raised.value.detail) == (503, "UNAVAILABLE", "No worker")
    client, _ = client_of(httpx.ConnectError("gone"), retries=0)
    with pytest.raises(ApiError, match="UNREACHABLE"):
        client.get_all_atlases()
    client, _ = client_of(httpx.Response(404, text="<html>"))
    with pytest.raises(ApiError, match="HTTP_404"):
        client.get_all_atlases()


def test_what_has_not_changed_is_not_sent_twice() -> None:
    client, sent = client_of(httpx.Response(200, json=PAGE, headers={"etag": '"a"'}), httpx.Response(304))
    assert client.get_all_atlases() == client.get_all_atlases() == PAGE
    assert sent[1].headers["if-none-match"] == '"a"'


def test_addresses() -> None:
    client, sent = client_of(httpx.Response(200, json={}))
    client.get_single_regions("a/b c", parcellation_id="p q", fields=["name", "@id"])
    assert str(sent[0].url) == "http://host/v3_0/regions/a%2Fb%20c?parcellation_id=p+q&fields=name&fields=%40id"
