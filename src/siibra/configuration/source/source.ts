import { stat } from 'node:fs/promises'
import { SiibraError } from '../../errors.ts'
import type { Retrieval } from '../../retrieval/retrieval.ts'
import { loadConfigurationArchive } from './archive.ts'
import { type ConfigurationFiles, configurationFolder } from './files.ts'

/** The configuration at a folder, or in a `.zip` or `.tar.gz` archive at a path or URL. Throws BAD_CONFIGURATION. */
export async function openConfigurationFiles(
  location: string,
  retrieval: Retrieval,
  signal?: AbortSignal,
): Promise<ConfigurationFiles> {
  if (/^https?:\/\//i.test(location)) return loadConfigurationArchive(location, retrieval, signal)
  const stats = await stat(location).catch(() => undefined)
  if (stats?.isDirectory()) return configurationFolder(location)
  if (stats?.isFile()) return loadConfigurationArchive(location, retrieval, signal)
  throw new SiibraError('BAD_CONFIGURATION', `The configuration ${location} is neither a folder nor an archive`, {
    source: location,
  })
}
