import { DensityParams } from '../../../models/images.ts'
import {
  boxOfGrid,
  createSlices,
  densityOfPoints,
  type Grid,
  gridOfResolution,
  SiibraError,
  voxelSizesOf,
} from '../../../siibra/index.ts'
import { bodyError, bodyOf } from '../../../tasks/answer/body.ts'
import { headerList } from '../../../tasks/answer/header-values.ts'
import { DEFAULT_LIMITS } from '../../../tasks/limits.ts'
import type { DataHandler } from '../../../tasks/task.ts'
import { parsePoints, type SentPoints } from '../../bodies/points-body.ts'
import { matchHeaders } from '../../match-header.ts'
import { niftiAnswer } from '../nifti-answer.ts'
import { NOTE_HEADER } from '../note-header.ts'

const BYTES_PER_VOXEL = 20
/** Further than four of them a Gaussian does not reach. */
const MAX_SIGMA_VOX = 100

/** How densely points lie in a space, as an image. */
export const pointDensity: DataHandler<DensityParams> = {
  name: 'point_density',
  queue: 'volumes',
  params: DensityParams,
  async run({ space_id, sigma_mm, resolution_mm }, context) {
    const core = await context.core()
    const space = core.spaces.lookUp(space_id)
    const sent = await parsePoints(await bodyOf(context), createSlices(context.signal), context.limits?.points)
    if (sent.count === 0) throw bodyError('There is no point in the body')
    const sigmaMm = sigmaOf(sent, sigma_mm)
    const [template] = space.object.volumes
    if (!template) {
      throw new SiibraError('NOT_AVAILABLE', `The space '${space.object.name}' has no template`, {
        space: space.object.id,
      })
    }
    const own = await core.volumes.fetchGrid(template, { signal: context.signal })
    const grid = resolution_mm === undefined ? own : gridOfResolution(own, resolution_mm)
    requireSize(grid, sigmaMm, context.limits?.imageVoxels)
    const free = await core.volumes.takeMemory(voxelsOf(grid) * BYTES_PER_VOXEL, context.signal)
    try {
      const points = Array.from({ length: sent.count }, (_, n) => {
        const [x = Number.NaN, y = Number.NaN, z = Number.NaN] = sent.coordinatesMm.subarray(3 * n, 3 * n + 3)
        return [x, y, z] as const
      })
      const { image, outside } = await densityOfPoints(points, grid, sigmaMm, createSlices(context.signal))
      if (outside === sent.count)
        throw bodyError(`All points lie outside of the template of '${space.object.name}'`, {
          template: boxOfGrid(own),
        })
      const headers: Record<string, string> = matchHeaders({ space })
      if (outside > 0) headers[NOTE_HEADER] = headerList([`${outside} of the points lie outside of the image`])
      return await niftiAnswer(image, 'density.nii.gz', headers, context.signal)
    } finally {
      free()
    }
  },
}

/** That of the body, where it is one for all points. */
function sigmaOf({ sigmaMm }: SentPoints, ofQuery: number): number {
  const [first] = sigmaMm
  if (sigmaMm.every(Number.isNaN)) return ofQuery
  if (sigmaMm.every((sigma) => sigma === first)) return first as number
  throw bodyError('sigma_mm differs between points: an image has one for all', { member: 'sigma_mm' })
}

const voxelsOf = ({ shape }: Grid) => shape.reduce((product, size) => product * size, 1)

function requireSize(grid: Grid, sigmaMm: number, most = DEFAULT_LIMITS.imageVoxels): void {
  const sizesMm = voxelSizesOf(grid.voxelToWorldMm)
  if (voxelsOf(grid) > most) {
    const volumeMm3 = sizesMm.reduce((product, size, axis) => product * size * (grid.shape[axis] as number), 1)
    const least = Math.ceil(Math.cbrt(volumeMm3 / most) * 100 + 1) / 100
    throw new SiibraError(
      'INVALID_PARAMETER',
      `${grid.shape.join(' x ')} voxels are too many: ${most} at most; resolution_mm=${least} would be possible`,
      { parameter: 'resolution_mm', allowed: `from ${least} on` },
    )
  }
  const mostMm = Math.min(...sizesMm) * MAX_SIGMA_VOX
  if (sigmaMm > mostMm) {
    const message = `sigma_mm ${sigmaMm} is too large for voxels of ${Math.min(...sizesMm)} mm: ${mostMm} at most`
    throw new SiibraError('INVALID_PARAMETER', message, { parameter: 'sigma_mm', allowed: `0 to ${mostMm}` })
  }
}
