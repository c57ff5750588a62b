import { readFile } from 'node:fs/promises'
import { SiibraError } from '../../errors.ts'
import type { Retrieval } from '../../retrieval/retrieval.ts'
import { required } from '../../retrieval/upstream-errors.ts'
import { verified } from '../../retrieval/verified.ts'
import { type ArchiveBounds, openArchive } from './archive-files.ts'
import type { ConfigurationFiles } from './files.ts'

/** Folders of a configuration, by which its root inside of an archive is found. */
const ROOT_FOLDERS = /^(|.*\/)(?:atlases|spaces|parcellations|maps)\/[^/]+\.json$/

/**
 * A configuration in a `.zip` or `.tar.gz` archive. It may lie in a folder of the archive, as in those that GitHub and
 * GitLab make. Throws BAD_CONFIGURATION where there is none in it, BAD_DATA where it is no archive.
 */
export async function configurationArchive(
  bytes: Uint8Array,
  source: string,
  bounds?: ArchiveBounds,
): Promise<ConfigurationFiles> {
  const archive = await openArchive(bytes, source, bounds)
  const roots = archive.names.map((name) => ROOT_FOLDERS.exec(name)?.[1]).filter((root) => root !== undefined)
  const root = roots.sort((a, b) => a.length - b.length)[0]
  if (root === undefined) {
    throw new SiibraError(
      'BAD_CONFIGURATION',
      `There is no configuration in ${source} (no atlases/*.json or the like)`,
      {
        source,
      },
    )
  }
  const names = new Set(archive.names)
  const paths = archive.names.filter((name) => name.startsWith(root) && name.endsWith('.json'))
  return {
    source,
    commit: archive.commit?.slice(0, 6) ?? null,
    list: async () => paths.map((name) => name.slice(root.length)),
    read: (path) => archive.read(root + path),
    listData: async () =>
      archive.names
        .filter((name) => name.startsWith(root) && !/(?:\.json|\.md|\/)$/.test(name))
        .map((name) => name.slice(root.length)),
    data: { get: async (path) => (names.has(root + path) ? archive.read(root + path) : undefined) },
  }
}

/** Reads the archive at a path or URL. A URL is asked at every start; where it is away, or what it gives is no archive, its last copy is used. */
export async function loadConfigurationArchive(
  location: string,
  retrieval: Retrieval,
  signal?: AbortSignal,
): Promise<ConfigurationFiles> {
  if (!/^https?:\/\//i.test(location)) return configurationArchive(await readLocal(location, signal), location)
  const read = (maxAgeMs: number) =>
    verified(retrieval, async (reads) =>
      configurationArchive(required(await reads.bytes(location, { signal, maxAgeMs }), location), location),
    )
  try {
    return await read(0)
  } catch (thrown) {
    // what came is no archive: the last copy that was one, if there is any
    return read(Number.POSITIVE_INFINITY).catch(() => {
      throw thrown
    })
  }
}

async function readLocal(path: string, signal?: AbortSignal): Promise<Uint8Array> {
  try {
    return await readFile(path, { signal })
  } catch (thrown) {
    throw new SiibraError('BAD_CONFIGURATION', `${path} cannot be read: ${(thrown as Error).message}`, { source: path })
  }
}
