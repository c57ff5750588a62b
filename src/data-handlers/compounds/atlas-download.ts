import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AtlasDownloadParams } from '../../models/parameters/compounds.ts'
import { type AtlasCore, createGaps, type ErrorCode, type Gaps, SiibraError } from '../../siibra/index.ts'
import { makeRoom } from '../../tasks/answer/folder-room.ts'
import { DEFAULT_LIMITS } from '../../tasks/limits.ts'
import type { DataHandler, HandlerAnswer, HandlerContext } from '../../tasks/task.ts'
import { gapHeaders } from '../gap-header.ts'
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
 * of its own; the rest is there, and `x-siibra-gaps` says it where asking again may give more. With `strict_mode` only the most special of region, parcellation and space is bundled.
 */
export const atlasDownload: DataHandler<AtlasDownloadParams> = {
  name: 'atlas_download',
  queue: 'compounds',
  params: AtlasDownloadParams,
  async run(params, context) {
    const core = await context.core()
    const { feature_id: featureId } = params
    const feature = featureId ? featureMembers(featureId, (gaps) => exportFeature(featureId, context, gaps)) : []
    const members = [...feature, ...textMembers(core, params), ...mapMembers(core, params)]
    // an emptied folder may have taken a bundle with it while it was made
    return makeBundle(members, context).catch((thrown) => {
      if (thrown?.code !== 'ENOENT') throw thrown
      return makeBundle(members, context)
    })
  },
}

async function makeBundle(members: Member[], context: HandlerContext): Promise<HandlerAnswer> {
  await mkdir(context.sharedDir, { recursive: true })
  await makeRoom(context.sharedDir, (context.limits ?? DEFAULT_LIMITS).sharedBytes)
  const file = `atlas-download-${randomUUID()}.zip`
  const bundle = createBundleWriter(join(context.sharedDir, file))
  try {
    const gaps = createGaps()
    const failures = await writeMembers(bundle, members, gaps, context)
    const answer: BundleAnswer = { file, ...(await bundle.close()), failures }
    return { json: answer, headers: gapHeaders(gaps) }
  } catch (thrown) {
    await bundle.discard()
    throw thrown
  }
}

/** Gives those that failed; `gaps` hears where they, or what is told of them, may be there when asked again. */
async function writeMembers(
  bundle: BundleWriter,
  members: Member[],
  gaps: Gaps,
  context: HandlerContext,
): Promise<BundleAnswer['failures']> {
  const failures: BundleAnswer['failures'] = []
  for (const [i, { path, errorPath = `${path}.error.txt`, doing, load }] of members.entries()) {
    context.signal.throwIfAborted()
    context.progress(i / members.length, `fetching ${doing}`)
    let content: Uint8Array | string | undefined
    try {
      content = await load(context.signal, gaps)
    } catch (thrown) {
      context.signal.throwIfAborted()
      const message = thrown instanceof Error ? thrown.message : String(thrown)
      if (isTemporary(thrown)) gaps.areRetryable = true
      failures.push({ path, message })
      await bundle.add(errorPath, message)
      continue
    }
    if (content !== undefined) await bundle.add(path, content)
  }
  context.progress(1, 'closing the bundle')
  return failures
}

/** The archive that `/feature/{id}/download` gives. The features' code is loaded only for bundles that hold one. */
async function exportFeature(featureId: string, context: HandlerContext, gaps: Gaps): Promise<Uint8Array> {
  const { archiveFeature } = await import('../features/download.ts')
  return archiveFeature(await context.core(), { feature_id: featureId }, gaps, context.signal)
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

/** What a source does not give now, or gives otherwise than it should; not what was asked for wrongly, or is not supported. */
function isTemporary(thrown: unknown): boolean {
  return !(thrown instanceof SiibraError) || TEMPORARY.has(thrown.code)
}

const TEMPORARY: ReadonlySet<ErrorCode> = new Set(['UPSTREAM_UNAVAILABLE', 'BAD_DATA', 'OVERLOADED', 'INTERNAL'])
