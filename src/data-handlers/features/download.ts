import { ZipFile } from 'yazl'
import { FeatureDownloadParams } from '../../models/parameters/features.ts'
import { type AtlasCore, createGaps, exportFeature, type Gaps } from '../../siibra/index.ts'
import type { DataHandler } from '../../tasks/task.ts'
import { attachmentHeader } from '../attachment-header.ts'
import { gapHeaders } from '../gap-header.ts'
import { ZIP_MEMBER } from '../zip-members.ts'
import { findFeature } from './shared/context.ts'

/** The data of one feature, as a zip archive. */
export const featureDownload: DataHandler<FeatureDownloadParams> = {
  name: 'feature_download',
  queue: 'features',
  params: FeatureDownloadParams,
  async run(params, { core: loadCore, signal }) {
    const gaps = createGaps()
    const bytes = await archiveFeature(await loadCore(), params, gaps, signal)
    const disposition = { 'content-disposition': attachmentHeader(`download-${params.feature_id}.zip`) }
    return { bytes, contentType: 'application/zip', headers: { ...disposition, ...gapHeaders(gaps) } }
  },
}

/** The archive; `gaps` hears where what is told of the feature is not complete. */
export async function archiveFeature(
  core: AtlasCore,
  { feature_id, gene }: FeatureDownloadParams,
  gaps: Gaps,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const onIncomplete = () => {
    gaps.areRetryable = true
  }
  const feature = await findFeature(core, feature_id, { gene, signal })
  const archive = new ZipFile()
  const bytes = collect(archive.outputStream)
  bytes.catch(() => undefined)
  for await (const { path, text } of exportFeature(core, feature, signal, onIncomplete))
    archive.addBuffer(Buffer.from(text), path, ZIP_MEMBER)
  archive.end()
  return bytes
}

async function collect(stream: NodeJS.ReadableStream): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
