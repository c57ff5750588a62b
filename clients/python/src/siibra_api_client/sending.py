"""One request: its address, its repetitions, its answer."""

from __future__ import annotations

import io
import json as json_text
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, TypeAlias, cast
from urllib.parse import quote

import httpx

if TYPE_CHECKING:
    import nibabel
    import pandas

#: A body that is not JSON: a volume, or a table of points (texts count as CSV).
Body: TypeAlias = bytes | str

#: Worth another attempt: all routes compute and change nothing.
AGAIN = frozenset({429, 502, 503, 504})
FIRST_PAUSE_S = 0.3
KEPT_ANSWERS = 200


class ApiError(Exception):
    """Why a request has no answer, in the words of the service.

    status: of HTTP; 0 where the service could not be reached. code: NOT_FOUND, INVALID_PARAMETER ..., UNREACHABLE.
    detail: a text, or a list of what is wrong with which parameter.
    """

    def __init__(self, status: int, code: str, detail: Any, url: str) -> None:
        super().__init__(f"{status} {code}: {detail if isinstance(detail, str) else json_text.dumps(detail)} ({url})")
        self.status = status
        self.code = code
        self.detail = detail
        self.url = url


@dataclass
class _Kept:
    etag: str
    content: bytes


class Sender:
    """Sends requests, again where that makes sense; answers are validated by their ETag and not sent twice."""

    def __init__(self, base: str, http: httpx.Client, retries: int, max_pause_s: float) -> None:
        self.base = base.rstrip("/")
        self._http = http
        self._retries = retries
        self._max_pause_s = max_pause_s
        self._kept: dict[str, _Kept] = {}

    @staticmethod
    def part(value: str) -> str:
        """An id as one part of a path."""
        return quote(str(value), safe="")

    def json(
        self, method: str, path: str, params: Mapping[str, Any], body: object = None, content_type: str | None = None
    ) -> Any:
        return json_text.loads(self.bytes(method, path, params, body, content_type))

    def frame(
        self, method: str, path: str, params: Mapping[str, Any], body: object = None, content_type: str | None = None
    ) -> pandas.DataFrame:
        """A table, read from CSV. The first column is the index, as in `DataFrame.to_csv`."""
        import pandas

        content = self.bytes(method, path, {**params, "format": "csv"}, body, content_type)
        has_index = content.startswith(b",")
        return cast("pandas.DataFrame", pandas.read_csv(io.BytesIO(content), index_col=0 if has_index else None))

    def image(
        self, method: str, path: str, params: Mapping[str, Any], body: object = None, content_type: str | None = None
    ) -> nibabel.Nifti1Image:
        import gzip

        import nibabel

        content = self.bytes(method, path, params, body, content_type)
        inflated = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
        return cast("nibabel.Nifti1Image", nibabel.Nifti1Image.from_bytes(inflated))

    def bytes(
        self, method: str, path: str, params: Mapping[str, Any], body: object = None, content_type: str | None = None
    ) -> bytes:
        query = [
            (name, self._text(one))
            for name, value in params.items()
            if value is not None
            for one in (value if isinstance(value, list | tuple) else [value])
        ]
        url = str(httpx.URL(self.base + path, params=query)) if query else self.base + path
        content, headers = self._body(body, content_type)
        kept = self._kept.get(url) if method == "GET" else None
        if kept:
            headers["if-none-match"] = kept.etag
        response = self._send(method, url, content, headers)
        if kept and response.status_code == 304:
            return kept.content
        etag = response.headers.get("etag")
        if method == "GET" and etag and "no-store" not in response.headers.get("cache-control", ""):
            while len(self._kept) >= KEPT_ANSWERS:
                self._kept.pop(next(iter(self._kept)))
            self._kept[url] = _Kept(etag, response.content)
        return response.content

    def _send(self, method: str, url: str, content: object, headers: dict[str, str]) -> httpx.Response:
        attempt = 0
        while True:
            try:
                response = self._http.request(method, url, content=cast(Any, content), headers=headers)
            except httpx.TransportError as error:
                if attempt >= self._retries:
                    raise ApiError(0, "UNREACHABLE", str(error), url) from error
                pause_s = self._pause_s(attempt, None)
            else:
                if response.is_success or response.status_code == 304:
                    return response
                pause_s = self._pause_s(attempt, response.headers.get("retry-after"))
                if response.status_code not in AGAIN or attempt >= self._retries or pause_s > self._max_pause_s:
                    raise _error_of(response, url)
            time.sleep(pause_s)
            attempt += 1

    @staticmethod
    def _pause_s(attempt: int, asked: str | None) -> float:
        """What Retry-After asks for (seconds or a date), else twice as long each time, spread."""
        if asked is None:
            return FIRST_PAUSE_S * float(2**attempt) * (0.5 + random.random())
        try:
            return max(0.0, float(asked))
        except ValueError:
            return max(0.0, parsedate_to_datetime(asked).timestamp() - time.time())

    @staticmethod
    def _text(value: object) -> str:
        return str(value).lower() if isinstance(value, bool) else str(value)

    @staticmethod
    def _body(body: object, content_type: str | None) -> tuple[object, dict[str, str]]:
        if body is None:
            return None, {}
        if isinstance(body, str):
            return body.encode(), {"content-type": content_type or "text/csv"}
        if isinstance(body, bytes):
            return body, {"content-type": content_type or "application/octet-stream"}
        return json_text.dumps(body).encode(), {"content-type": "application/json"}


def _error_of(response: httpx.Response, url: str) -> ApiError:
    """Reads the error envelope, whose `message` is JSON with `detail` and `code`; proxies between send other things."""
    status = response.status_code
    try:
        told = json_text.loads(response.json()["message"])
        return ApiError(status, told["code"], told["detail"], url)
    except (ValueError, KeyError, TypeError):
        return ApiError(status, f"HTTP_{status}", response.text[:300], url)
