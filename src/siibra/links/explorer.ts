/**
 * Addresses of views in siibra-explorer, whose state lies in the part behind `#` (its `routerModule`, and siibra-python's `explorer.url`).
 */
import type { Triple } from '../volumes/affine.ts'

export const EXPLORER_URL = 'https://atlases.ebrains.eu/viewer/'

export interface ExplorerView {
  atlasId: string
  spaceId: string
  parcellationId: string
  /** Name of a region that is selected. */
  regionName?: string | undefined
  /** Where the view is centred; the origin of the space where it is left out. */
  centreMm?: Triple | undefined
  /** Rodents are seen from nearer by. */
  isRodent?: boolean | undefined
}

/** The address at which siibra-explorer shows a view. */
export function explorerUrl(view: ExplorerView, root: string = EXPLORER_URL): string {
  const { atlasId, spaceId, parcellationId, regionName, centreMm, isRodent = false } = view
  const path = [`a:${encodeId(atlasId)}`, `t:${encodeId(spaceId)}`, `p:${encodeId(parcellationId)}`]
  if (regionName !== undefined) path.push(`rn:${hashOfName(regionName)}`)
  return `${root}#/${path.join('/')}/@:${encodeNavigation(centreMm ?? [0, 0, 0], isRodent)}`
}

/** Looking along the axes, upright; from above and behind in the 3D view. As siibra-python has it. */
const ORIENTATIONS = '0.0.0.-W000.._eCwg.2-FUe3._-s_W.2_evlu'

function encodeNavigation(centreMm: Triple, isRodent: boolean): string {
  const position = centreMm.map((value) => encodeInteger(Math.floor(value * 1e6))).join('.')
  const [perspectiveZoom, zoom] = isRodent ? [200_000, 35_000] : [2_000_000, 350_000]
  return `${ORIENTATIONS}..${encodeInteger(perspectiveZoom)}..${position}..${encodeInteger(zoom)}`
}

const encodeId = (id: string) => encodeURIComponent(id.replaceAll('/', ':')).replaceAll('%3A', ':')

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-'

/** A whole number to the base of 64; `~` behind it where it is below 0. */
export function encodeInteger(value: number): string {
  let rest = Math.abs(value)
  let digits = ''
  do {
    digits = DIGITS[rest % 64] + digits
    rest = Math.floor(rest / 64)
  } while (rest > 0)
  return value < 0 ? `${digits}~` : digits
}

/** The explorer's hash of a region's name: 32 bits, in hexadecimal, without its first sign. */
export function hashOfName(name: string): string {
  let hash = 0
  for (const sign of name) hash = ((hash << 5) - hash + sign.charCodeAt(0)) | 0
  return hash.toString(16).slice(1)
}
