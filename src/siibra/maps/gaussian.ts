/** An isotropic Gaussian on voxels, as siibra draws it around an uncertain point. */
export interface GaussianKernel {
  /** Voxels from the centre to the border; the cube has `2 * radiusVox + 1` along each axis. */
  radiusVox: number
  /** Weights along one axis, from `-radiusVox` to `radiusVox`; that of a voxel is the product of three of them. They sum to 1. */
  line: Float64Array
}

/** Cut off at `truncate` standard deviations (siibra takes 3). */
export function createGaussianKernel(sigmaVox: number, truncate = 3): GaussianKernel {
  const radiusVox = Math.floor(truncate * sigmaVox)
  const line = Float64Array.from({ length: 2 * radiusVox + 1 }, (_, n) =>
    Math.exp((-0.5 * (n - radiusVox) ** 2) / (sigmaVox * sigmaVox)),
  )
  const sum = line.reduce((total, weight) => total + weight, 0)
  return { radiusVox, line: line.map((weight) => weight / sum) }
}
