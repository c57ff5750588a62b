"""Reads tables of a service with pyarrow and pandas: every value has to be that of the JSON answer.

    python read-tables.py http://127.0.0.1:5000

Asks the demo atlas. Needs pyarrow and pandas (`node scripts/clients.mjs pyarrow` brings them).
"""

import io
import json
import math
import random
import sys
import urllib.parse
import urllib.request

import pandas
import pyarrow

PARCELLATION = "siibra-api/demo/parcellation/harbour-2"
OTHER = "siibra-api/demo/parcellation/harbour-1"
SPACE = "siibra-api/demo/space/harbour-mean"


def query(**parameters):
    return urllib.parse.urlencode(parameters)


ROUTES = [
    (f"/parcellations/{PARCELLATION}/region_table?{query(leaf='true')}", None),
    (f"/parcellations/{PARCELLATION}/region_table?{query(space_id=SPACE)}", None),
    (f"/map/overlap?{query(parcellation_id=PARCELLATION, other_parcellation_id=OTHER, space_id=SPACE)}", None),
    (f"/feature/matrix?{query(parcellation_id=PARCELLATION, type='ReceptorDensityFingerprint')}", None),
    (f"/map/assign?{query(parcellation_id=PARCELLATION, space_id=SPACE, assignment_type='labelled')}", 20_000),
    (f"/map/assign?{query(parcellation_id=PARCELLATION, space_id=SPACE)}", 20_000),
    (f"/map/assign?{query(parcellation_id=PARCELLATION, space_id=SPACE, sigma_mm=9)}", 20),
    (f"/map/assign?{query(parcellation_id=PARCELLATION, space_id=SPACE, summary='region')}", 20_000),
]


def ask(base, path, points, form):
    body = None if points is None else json.dumps({"points": points_of(points)}).encode()
    headers = {} if body is None else {"content-type": "application/json"}
    request = urllib.request.Request(f"{base}/v3_0{path}&format={form}", body, headers)
    with urllib.request.urlopen(request) as answer:
        return answer.read()


def points_of(count):
    numbers = random.Random(1)
    return [[round(numbers.uniform(-60, 60), 2) for _ in range(3)] for _ in range(count)]


def same(given, wanted):
    """Whether two cells are equal; lists are compared number by number, what is missing is None or NaN, other things are text."""
    if given is None or wanted is None or (isinstance(given, float) and math.isnan(given)):
        return wanted is None and (given is None or math.isnan(given))
    if isinstance(given, str) and not isinstance(wanted, str):
        return json.loads(given) == wanted
    return given == wanted


def check(base, path, points):
    frame = json.loads(ask(base, path, points, "json"))
    table = pyarrow.ipc.open_stream(ask(base, path, points, "arrow")).read_all()
    table.validate(full=True)
    has_index = table.column_names[:1] == ["index"] and "index" not in frame["columns"]
    names = table.column_names[1:] if has_index else table.column_names
    assert names == frame["columns"], (names, frame["columns"])
    assert table.num_rows == len(frame["data"]) > 0, (table.num_rows, len(frame["data"]))
    for at, name in enumerate(names):
        for row, value in enumerate(table.column(name).to_pylist()):
            wanted = frame["data"][row][at]
            assert same(value, wanted), (path, name, row, value, wanted)
    assert table.schema.metadata[b"parcellation_id"].decode() == PARCELLATION
    if table.num_rows >= 1000:
        assert pyarrow.types.is_dictionary(table.schema.field("region").type), table.schema
    text = pandas.read_csv(io.BytesIO(ask(base, path, points, "csv")), index_col=0)
    assert list(text.columns) == names and len(text) == table.num_rows
    numbers = [name for name in names if pyarrow.types.is_floating(table.schema.field(name).type)]
    read = table.to_pandas()
    for name in numbers:
        pandas.testing.assert_series_equal(text[name].astype(float), read[name].astype(float), check_index=False)


for path, points in ROUTES:
    check(sys.argv[1], path, points)
print(f"{len(ROUTES)} tables are equal in each form")
