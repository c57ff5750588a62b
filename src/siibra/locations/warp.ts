import { SiibraError } from '../errors.ts'
import type { Retrieval } from '../retrieval/retrieval.ts'
import type { Triple } from '../volumes/affine.ts'

/** The service that moves coordinates between reference spaces (github.com/HumanBrainProject/hbp-spatial-backend). */
const WARP_URL = 'https://siibra-spatial-backend.apps.ebrains.eu/v1/transform-points'
const POINTS_PER_REQUEST = 1000

/** Names of the spaces that it knows, by our ids. */
const WARP_NAMES: Record<string, string> = {
  'minds/core/referencespace/v1.0.0/dafcffc5-4826-4bf1-8ff6-46b8a31ff8e2': 'MNI 152 ICBM 2009c Nonlinear Asymmetric',
  'minds/core/referencespace/v1.0.0/7f39f7be-445b-47c0-9791-e971c0b6d992': 'MNI Colin 27',
  'minds/core/referencespace/v1.0.0/a1655b99-82f1-420f-a3c2-fe80fd4c8588': 'Big Brain (Histology)',
}

/** The id of a space by the name that the spatial backend has for it; undefined where it is none of its names. */
export const spatialBackendSpaceId = (name: string): string | undefined =>
  Object.keys(WARP_NAMES).find((id) => WARP_NAMES[id] === name)

/** Whether coordinates can be moved from one space to the other. */
export const canWarp = (fromSpaceId: string, toSpaceId: string): boolean =>
  fromSpaceId === toSpaceId || (fromSpaceId in WARP_NAMES && toSpaceId in WARP_NAMES)

/**
 * Coordinates in mm of one space in those of another, by its nonlinear transformation; undefined for points that it does not
 * reach. Throws INVALID_COMBINATION for spaces that are not connected, UPSTREAM_UNAVAILABLE where the service is away.
 */
export async function warpPoints(
  pointsMm: readonly Triple[],
  fromSpaceId: string,
  toSpaceId: string,
  retrieval: Retrieval,
  signal?: AbortSignal,
): Promise<([number, number, number] | undefined)[]> {
  if (fromSpaceId === toSpaceId) return pointsMm.map(([x, y, z]) => [x, y, z])
  if (!canWarp(fromSpaceId, toSpaceId)) {
    throw new SiibraError('INVALID_COMBINATION', `Coordinates cannot be moved from ${fromSpaceId} to ${toSpaceId}`)
  }
  const warped: ([number, number, number] | undefined)[] = []
  for (let first = 0; first < pointsMm.length; first += POINTS_PER_REQUEST) {
    const source = pointsMm.slice(first, first + POINTS_PER_REQUEST)
    const body = {
      source_space: WARP_NAMES[fromSpaceId],
      target_space: WARP_NAMES[toSpaceId],
      source_points: source,
    }
    const answer = await retrieval.postJson<{ target_points?: unknown }>(WARP_URL, body, { signal })
    const targets = answer.target_points
    if (!Array.isArray(targets) || targets.length !== source.length) {
      const got = Array.isArray(targets) ? targets.length : 'none'
      throw new SiibraError('BAD_DATA', `${source.length} points were sent to ${WARP_URL}, ${got} came back`, {
        url: WARP_URL,
      })
    }
    warped.push(...targets.map(toTriple))
  }
  return warped
}

function toTriple(point: unknown): [number, number, number] | undefined {
  if (!Array.isArray(point) || point.length !== 3 || !point.every(Number.isFinite)) return undefined
  return [point[0], point[1], point[2]]
}
