"""Runs the siibra-python code that a service gives for its tables, trees and places, by hand: no check of the project runs it.

    python -m venv venv && venv/bin/pip install siibra==0.4a107
    venv/bin/python scripts/try-snippets.py http://127.0.0.1:5000 CONFIGURATION [MIRROR]

CONFIGURATION is the folder that the service serves; MIRROR a folder with the files of remote hosts, by host and path, where
the hosts themselves are not to be asked. What a snippet prints is shown shortly; status 1 where one fails.
"""

import contextlib
import io
import os
import sys
import traceback
import urllib.error
import urllib.parse
import urllib.request

base, configuration, *rest = sys.argv[1:]
JULICH = "minds/core/parcellationatlas/v1.0.0/94c1125b-b87e-45e4-901c-00daee7f2579-290"
MNI = "minds/core/referencespace/v1.0.0/dafcffc5-4826-4bf1-8ff6-46b8a31ff8e2"
COLIN = "minds/core/referencespace/v1.0.0/7f39f7be-445b-47c0-9791-e971c0b6d992"
REGION = "/regions/" + urllib.parse.quote("Area hOc1 (V1, 17, CalcS) left", safe="")
P = {"parcellation_id": JULICH}
PS = {**P, "space_id": MNI}
POINT = "-8.75mm,-88.25mm,1.5mm"

REQUESTS = [
    ("GET", f"/parcellations/{JULICH}/region_table", {}),
    ("GET", f"{REGION}/ancestors", P),
    ("GET", f"{REGION}/descendants", P),
    ("GET", f"{REGION}/siblings", P),
    ("GET", "/regions", {**P, "find": "hoc1"}),
    ("GET", f"{REGION}/links", PS),
    ("GET", "/map/assign", {**PS, "point": POINT, "assignment_type": "labelled"}),
    ("POST", "/map/assign", {**PS, "assignment_type": "labelled"}),
    ("GET", f"/spaces/{MNI}/structure_at", {**P, "point": POINT}),
    ("GET", f"/spaces/{MNI}/warp", {"target_space_id": COLIN, "point": POINT}),
    ("GET", "/features", {**P, "type": "ReceptorDensityFingerprint"}),
    ("GET", "/feature/matrix", {**P, "type": "ReceptorDensityFingerprint"}),
    ("GET", f"{REGION}/overview", PS),
    ("GET", "/citations", P),
    ("GET", "/vocabularies/receptors", {}),
]


def snippet_of(method, path, parameters):
    url = f"{base}/v3_0{path}?{urllib.parse.urlencode(parameters)}"
    request = urllib.request.Request(url, b"" if method == "POST" else None, {"accept": "text/x-sapi-python"}, method=method)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as error:
        return None if error.code == 404 else f"raise SystemExit({error.read()!r})"


def use_mirror(folder):
    """Answers what siibra asks by `requests` from files."""
    import requests

    def send(self, request, **_):
        url = urllib.parse.urlsplit(request.url)
        path = os.path.join(folder, url.netloc, urllib.parse.unquote(url.path).lstrip("/"))
        answer = requests.Response()
        answer.request, answer.url = request, request.url
        answer.status_code = 200 if os.path.isfile(path) else 404
        answer.raw = open(path, "rb") if answer.ok else io.BytesIO()
        return answer

    requests.adapters.HTTPAdapter.send = send


if rest:
    use_mirror(rest[0])
import siibra  # noqa: E402

siibra.use_configuration(configuration)
failed = 0
for method, path, parameters in REQUESTS:
    name = f"{method} {urllib.parse.unquote(path)[:70]}"
    code = snippet_of(method, path, parameters)
    if code is None:
        print(f"none:   {name}")
        continue
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            exec(code, {"__name__": "__main__"})
        print(f"passed: {name}: {' '.join(printed.getvalue().split())[:90]}")
    except BaseException:
        failed += 1
        print(f"FAILED: {name}\n{code}\n{traceback.format_exc(limit=-2)}")
sys.exit(failed > 0)
