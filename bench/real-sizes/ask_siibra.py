"""What siibra-python takes for one operation of bench/real-sizes.ts, read from stdin; prints CPU and wall seconds, peak MB and the rows of a point.

Files come from the folder of volumes in place of the network. Loading the configuration is not counted, nor is writing an answer.
"""
import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlparse

out = sys.stdout
sys.stdout = sys.stderr
task = json.load(sys.stdin)
os.environ["SIIBRA_USE_CONFIGURATION"] = task["configuration"]
cache = tempfile.TemporaryDirectory()
os.environ["SIIBRA_CACHEDIR"] = cache.name

import numpy as np  # noqa: E402
import requests  # noqa: E402


def request(self, method, url, **_):
    parts = urlparse(url)
    file = Path(task["mirror"]) / parts.netloc / parts.path.lstrip("/")
    response = requests.Response()
    response.url = url
    response.status_code = 200 if file.is_file() else 404
    if file.is_file():
        response.raw = open(file, "rb")
        response.headers["content-length"] = str(file.stat().st_size)
    else:
        response._content = b""
    return response


requests.Session.request = request
import siibra  # noqa: E402
from nilearn import image  # noqa: E402

kind = task["kind"]
maptype = "statistical" if task["isStatistical"] else "labelled"
the_map = siibra.get_map(task["parcellation"], task["space"], maptype)
rows = []


def used():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def ask():
    if kind == "point":
        found = the_map.assign(siibra.Point(task["pointMm"], space=the_map.space))
        rows[:] = sorted([int(r["volume"]), float(r["map value"])] for _, r in found.iterrows())
    elif kind == "resampled":
        image.resample_to_img(the_map.space.get_template().fetch(), the_map.fetch(), interpolation="continuous")
    else:
        fetched = the_map.fetch() if kind == "whole" else the_map.fetch(region=task["region"])
        np.asanyarray(fetched.dataobj)


cpu, wall = used(), time.perf_counter()
ask()
result = {"cpu": used() - cpu, "wall": time.perf_counter() - wall, "rows": rows}
result["peakMb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
json.dump(result, out)
