"""What images-http.ts compares with: one thing done by nilearn or siibra, twice; prints CPU seconds and wall time of the second, and peak memory, as JSON
(null where the library has nothing of the kind). Files are read within the time, as the service inflates and decodes what it is sent.

    python images_reference.py nilearn|siibra values_data|values_labels|assign|clusters IMAGE LABELS THRESHOLD
"""
import json
import resource
import sys
import time

import nibabel as nib
import numpy as np

library, what, image_file, labels_file, threshold = sys.argv[1:]
threshold = float(threshold)


def by_nilearn():
    if what.startswith("values"):
        from nilearn.maskers import NiftiLabelsMasker

        masker = NiftiLabelsMasker(labels_file, resampling_target=what.split("_")[1], strategy="mean", standardize=None)
        return lambda: masker.fit_transform(nib.load(image_file))
    if what == "clusters":
        from nilearn.reporting import get_clusters_table

        return lambda: get_clusters_table(nib.load(image_file), threshold, min_distance=8)
    return None


def by_siibra():
    """The loop of `Map.assign` for a volume: of components and labels the first alone, from which the time of all is told in proportion."""
    if what != "assign":
        return None
    from nilearn.image import resample_img
    from siibra.commons import compare_maps, iterate_connected_components

    labels = nib.load(labels_file)
    drawn = np.asanyarray(labels.dataobj).squeeze()
    numbers = [int(label) for label in np.unique(drawn) if label]

    def run():
        loaded = nib.load(image_file)
        above = nib.Nifti1Image(np.where(loaded.get_fdata() > threshold, loaded.get_fdata(), 0).astype("float32"), loaded.affine)
        placed = resample_img(above, target_affine=labels.affine, target_shape=drawn.shape, interpolation="linear", force_resample=True, copy_header=True)
        components = 0
        begun = time.process_time()
        for _, mask in iterate_connected_components(placed):
            if np.count_nonzero(mask.dataobj) < 10:
                continue
            components += 1
            if components > MOST_COMPONENTS:
                continue
            for label in numbers[:MOST_LABELS]:
                compare_maps(mask, nib.Nifti1Image((drawn == label).astype("uint8"), labels.affine))
        share = min(components, MOST_COMPONENTS) * min(len(numbers), MOST_LABELS) / max(1, components * len(numbers))
        return (time.process_time() - begun) * (1 / share - 1)

    return run


MOST_COMPONENTS = 1
MOST_LABELS = 12
run = by_nilearn() if library == "nilearn" else by_siibra()
if run is None:
    print("null")
else:
    if library == "nilearn":
        run()
    before, started = time.process_time(), time.perf_counter()
    rest = run()
    cpu, wall = time.process_time() - before, time.perf_counter() - started
    more = rest if library == "siibra" else 0
    print(json.dumps({"cpuS": cpu + more, "wallS": wall + more, "peakMb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
