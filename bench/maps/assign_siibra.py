"""Milliseconds that siibra-python takes for an uncertain point on the volumes of bench/maps.ts (read from stdin: what and where)."""
import json
import sys
import time
from types import SimpleNamespace

import nibabel as nib
import numpy as np

out = sys.stdout
sys.stdout = sys.stderr
from siibra import commons  # noqa: E402
from siibra.commons import MapIndex, MapType  # noqa: E402
from siibra.core import space  # noqa: E402
from siibra.locations import pointset  # noqa: E402
from siibra.volumes import parcellationmap, sparsemap  # noqa: E402

task = json.load(sys.stdin)
space.Space.get_instance = staticmethod(lambda spec=None: spec)
pointset.PointSet.warp = lambda self, _: self


def load(name):
    return nib.Nifti1Image(np.asanyarray((img := nib.load(f"{task['folder']}/{name}")).dataobj), img.affine)


def stub(cls, images, maptype, indices):
    class Stub(cls):
        space = SimpleNamespace(id="space", name="space")
        maptype = property(lambda self: maptype)
        fragments = property(lambda self: set())
        affine = property(lambda self: images[0].affine)
        shape = property(lambda self: images[0].shape)

        def __init__(self):
            self.volumes = images
            self._indices = {str(n): [MapIndex(volume=v, label=label)] for n, (v, label) in enumerate(indices)}

        def fetch_iter(self, **_):
            return iter(images)

    return Stub()


def ms_per_point(parcellation_map):
    started = time.perf_counter()
    for coordinate in task["points"]:
        commons.NZCACHE.clear()
        points = pointset.PointSet([coordinate], None, sigma_mm=task["sigmaMm"])
        points.space = parcellation_map.space
        parcellation_map._assign_points(points, 0.0)
    return (time.perf_counter() - started) * 1000 / len(task["points"])


labels = load("labels.nii.gz")
values = [int(v) for v in np.unique(np.asanyarray(labels.dataobj)) if v > 0]
labelled = stub(parcellationmap.Map, [labels], MapType.LABELLED, [(0, v) for v in values])
blobs = [load(f"blob{n}.nii.gz") for n in range(task["blobs"])]
statistical = stub(sparsemap.SparseMap, blobs, MapType.STATISTICAL, [(n, None) for n in range(len(blobs))])
statistical._sparse_index_cached = sparsemap.SparseIndex()
for img in blobs:
    statistical._sparse_index_cached.add_img(img)
json.dump({"labelled": ms_per_point(labelled), "statistical": ms_per_point(statistical)}, out)
