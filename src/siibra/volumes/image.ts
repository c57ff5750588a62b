/** A decoded image in memory: voxels and where they lie. */

export type VoxelArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array

/** numpy's name of the voxel type. 64-bit integers are read as int32, uint32 or float64, whichever holds them exactly (`readTyped`). */
export type VoxelType = 'uint8' | 'int8' | 'uint16' | 'int16' | 'uint32' | 'int32' | 'float32' | 'float64'

/** A 4 x 4 affine in row-major order, 16 numbers, homogeneous; named by what it maps, e.g. `voxelToWorldMm`. */
export type Affine = Float64Array

export interface Image {
  /** Voxels in file order: first axis (x, or i) fastest; with four axes the last (t) slowest. */
  data: VoxelArray
  /** numpy's name of the type of `data`. */
  dtype: VoxelType
  /** Sizes along i, j, k [, t]; 3 or 4 numbers. */
  shape: number[]
  /** Voxel centre (i, j, k) to RAS coordinates in mm of the space, as nibabel's `img.affine`. */
  voxelToWorldMm: Affine
}

/** A triangle mesh. */
export interface Mesh {
  /** x, y, z of each vertex, mm, RAS. */
  vertices: Float32Array
  /** Three vertex indices per triangle. */
  faces: Uint32Array
}

/** Labels of the vertices of a surface (GIFTI label, FreeSurfer annot). */
export interface SurfaceLabels {
  labels: Int32Array
}
