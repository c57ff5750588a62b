"""Makes the two volumes of the example: a template and a map with one integer per region.

    python make_volumes.py
"""
import nibabel as nib
import numpy as np

FOLDER = "mirror/data.my-lab.example/pebble/"
affine = np.diag([2.0, 2.0, 2.0, 1.0])  # voxels of 2 mm
affine[:3, 3] = [-19, -19, -19]  # the centre of voxel (0, 0, 0), in mm

x, y, z = np.meshgrid(*[np.arange(20) * 2.0 - 19] * 3, indexing="ij")
radius = np.sqrt(x**2 + y**2 + z**2)

template = np.where(radius < 17, 200 - 8 * radius, 0).astype("uint8")
nib.save(nib.Nifti1Image(template, affine), FOLDER + "template.nii.gz")

labels = np.zeros(template.shape, "uint8")
labels[(radius < 17) & (radius >= 8) & (x < 0)] = 1
labels[(radius < 17) & (radius >= 8) & (x > 0)] = 2
labels[radius < 8] = 3
nib.save(nib.Nifti1Image(labels, affine), FOLDER + "regions.nii.gz")
