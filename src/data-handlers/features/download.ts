import { ZipFile } from 'yazl'
import { FeatureDownloadParams } from '../../models/parameters/features.ts'
import { exportFeature } from '../../siibra/index.ts'
import type { DataHandler } from '../../tasks/task.ts'
import { attachmentHeader } from '../attachment-header.ts'
import { ZIP_MEMBER } from '../zip-members.ts'
import { findFeature } from './shared/context.ts'

/** The data of one feature, as a zip archive. */
export const featureDownload: DataHandler<FeatureDownloadParams> = {
  name: 'feature_download',
  queue: 'features',
  params: FeatureDownloadParams,
  async run({ feature_id, gene }, { core: loadCore, signal }) {
    const core = await loadCore()
    const feature = await findFeature(core, feature_id, { gene, signal })
    const archive = new ZipFile()
    const bytes = collect(archive.outputStream)
    bytes.catch(() => undefined)
    for await (const { path, text } of exportFeature(core, feature, signal))
      archive.addBuffer(Buffer.from(text), path, ZIP_MEMBER)
    archive.end()
    const headers = { 'content-disposition': attachmentHeader(`download-${feature_id}.zip`) }
    return { bytes: await bytes, contentType: 'application/zip', headers }
  },
}

async function collect(stream: NodeJS.ReadableStream): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
