import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AtlasDownloadParams } from '../../models/parameters/compounds.ts'
import { type AtlasCore, SiibraError } from '../../siibra/index.ts'
import { makeRoom } from '../../tasks/answer/folder-room.ts'
import { DEFAULT_LIMITS } from '../../tasks/limits.ts'
import { INCOMPLETE_HEADER } from '../../tasks/long-tasks.ts'
import type { DataHandler, HandlerContext } from '../../tasks/task.ts'
import { featureMembers, type Member, parcellationMembers, regionMembers, spaceMembers } from './bundle-parts.ts'
import { LICENCE_TEXT, readmeText } from './bundle-texts.ts'
import { type BundleWriter, createBundleWriter } from './bundle-writer.ts'

/** What the handler answers: where the bundle lies in the shared folder, and which of its parts failed. */
export interface BundleAnswer {
  file: string
  bytes: number
  /** Of the archive, hexadecimal: equal requests give equal archives. */
  sha256: string
  failures: { path: string; message: string }[]
}

/**
 * Bundles maps, a template and a feature into a zip archive in the shared folder. A part that fails is told by a member
 * of its own; the rest is there. With `strict_mode` only the most special of region, parcellation and space is bundled.
 */
export const atlasDownload: DataHandler<AtlasDownloadParams> = {
  name: 'atlas_download',
  queue: 'compounds',
  params: AtlasDownloadParams,
  async run(params, context) {
    const core = await context.core()
    const { feature_id: featureId } = params
    const feature = featureId ? featureMembers(featureId, () => exportFeature(featureId, context)) : []
    const members = [...feature, ...textMembers(core, params), ...mapMembers(core, params)]
    await mkdir(context.sharedDir, { recursive: true })
    await makeRoom(context.sharedDir, (context.limits ?? DEFAULT_LIMITS).sharedBytes)
    const file = `atlas-download-${randomUUID()}.zip`
    const bundle = createBundleWriter(join(context.sharedDir, file))
    try {
      const failures = await writeMembers(bundle, members, context)
      const answer: BundleAnswer = { file, ...(await bundle.close()), failures }
      const isIncomplete = failures.some(({ isTemporary }) => isTemporary)
      return {
        json: { ...answer, failures: failures.map(({ path, message }) => ({ path, message })) },
        ...(isIncomplete ? { headers: { [INCOMPLETE_HEADER]: '1' } } : {}),
      }
    } catch (thrown) {
      await bundle.discard()
      throw thrown
    }
  },
}

interface Failure {
  path: string
  message: string
  /** It may be there when asked again. */
  isTemporary: boolean
}

async function writeMembers(bundle: BundleWriter, members: Member[], context: HandlerContext): Promise<Failure[]> {
  const failures: Failure[] = []
  for (const [i, { path, errorPath = `${path}.error.txt`, doing, load }] of members.entries()) {
    context.signal.throwIfAborted()
    context.progress(i / members.length, `fetching ${doing}`)
    let content: Uint8Array | string | undefined
    try {
      content = await load(context.signal)
    } catch (thrown) {
      context.signal.throwIfAborted()
      const message = thrown instanceof Error ? thrown.message : String(thrown)
      failures.push({ path, message, isTemporary: isTemporary(thrown) })
      await bundle.add(errorPath, message)
      continue
    }
    if (content !== undefined) await bundle.add(path, content)
  }
  context.progress(1, 'closing the bundle')
  return failures
}

/** The archive that `/feature/{id}/download` gives. The features' code is loaded only for bundles that hold one. */
async function exportFeature(featureId: string, context: HandlerContext): Promise<Uint8Array> {
  const { featureDownload } = await import('../features/download.ts')
  const answer = await featureDownload.run({ feature_id: featureId }, context)
  if ('bytes' in answer) return answer.bytes
  throw new SiibraError('INTERNAL', `The export of ${featureId} is no archive`)
}

function textMembers(core: AtlasCore, params: AtlasDownloadParams): Member[] {
  return [
    { path: 'README.md', doing: 'the texts', load: async () => readmeText(params, core) },
    { path: 'LICENCE.txt', doing: 'the texts', load: async () => LICENCE_TEXT },
  ]
}

function mapMembers(core: AtlasCore, params: AtlasDownloadParams): Member[] {
  const {
    space_id: space = '',
    parcellation_id: parcellation = '',
    region_id: region,
    bbox,
    strict_mode,
    extent,
  } = params
  const parts = [
    region === undefined ? [] : [regionMembers(core, { space, parcellation, region, extent })],
    params.parcellation_id === undefined ? [] : [parcellationMembers(core, { space, parcellation })],
    params.space_id === undefined ? [] : [spaceMembers(core, { space, bbox: bbox || undefined })],
  ].flat()
  return (strict_mode ? parts.slice(0, 1) : parts).flat()
}

function isTemporary(thrown: unknown): boolean {
  return !(thrown instanceof SiibraError) || ['UPSTREAM_UNAVAILABLE', 'OVERLOADED'].includes(thrown.code)
}
