import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import tar from 'tar-stream'
import { afterEach, describe, expect, it } from 'vitest'
import { configurationArchive, loadConfigurationArchive } from '../../../../src/siibra/configuration/source/archive.ts'
import { type ArchiveBounds, openArchive } from '../../../../src/siibra/configuration/source/archive-files.ts'
import { openConfigurationFiles } from '../../../../src/siibra/configuration/source/source.ts'
import { createRetrieval } from '../../../../src/siibra/retrieval/retrieval.ts'
import { sendBytes, startServer } from '../../retrieval/http-stand-in.ts'

const FOLDER = join(import.meta.dirname, '../../../fixtures/configuration-archives')
const fixture = (name: string) => readFileSync(join(FOLDER, name))

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

describe('configuration archives', () => {
  it.each([
    ['hosted.tar.gz', '012345'],
    ['plain.tar.gz', '012345'],
    ['hosted.zip', '012345'],
  ])('reads %s', async (name, commit) => {
    const files = await configurationArchive(fixture(name), name)
    expect(files.source).toBe(name)
    expect(files.commit).toBe(commit)
    expect(await files.list()).toEqual(['atlases/made-up.json', 'features/deep/er/one.json'])
    const text = Buffer.from(await files.read('atlases/made-up.json')).toString()
    expect(JSON.parse(text)).toEqual({ '@id': 'made-up', name: 'Made-up atlas' })
  })

  it('reads a .tar that is not compressed', async () => {
    const files = await configurationArchive(gunzipSync(fixture('plain.tar.gz')), 'plain.tar')
    expect(await files.list()).toHaveLength(2)
  })

  it.each(['escaping.tar.gz', 'escaping.zip'])('leaves out names and links that lead out of %s', async (name) => {
    const files = await configurationArchive(fixture(name), name)
    expect(await files.list()).toEqual(['atlases/made-up.json', 'features/deep/er/one.json'])
  })

  it.each([
    ['an HTML page', () => Buffer.from('<html>'.repeat(200))],
    ['nothing', () => Buffer.alloc(0)],
    ['a .tar.gz that is cut off', () => fixture('hosted.tar.gz').subarray(0, -40)],
    ['a .tar that is cut off', () => gunzipSync(fixture('plain.tar.gz')).subarray(0, 1800)],
    ['a .zip that is cut off', () => fixture('hosted.zip').subarray(0, -40)],
    ['something compressed that is no .tar', () => gzipSync('x'.repeat(2000))],
  ])('refuses %s', async (_, make) => {
    await expect(configurationArchive(make(), 'https://a.org/x')).rejects.toMatchObject({
      code: 'BAD_DATA',
      details: { url: 'https://a.org/x' },
    })
  })

  it('refuses an archive without a configuration', async () => {
    await expect(configurationArchive(fixture('other.tar.gz'), 'x')).rejects.toMatchObject({
      code: 'BAD_CONFIGURATION',
    })
  })

  it('refuses an archive that unpacks to more than its bounds', async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000))
    expect(bomb.length).toBeLessThan(30_000)
    await expect(configurationArchive(bomb, 'x', { maxBytes: 1e6 })).rejects.toThrow('more than 1000000 bytes')
    await expect(configurationArchive(fixture('hosted.zip'), 'x', { maxBytes: 50 })).rejects.toThrow(
      'more than 50 bytes',
    )
    for (const name of ['hosted.zip', 'hosted.tar.gz']) {
      await expect(configurationArchive(fixture(name), 'x', { maxFiles: 2 })).rejects.toThrow('more than 2 files')
    }
  })
})

/** A .tar of these files; `edit` changes its first header, whose checksum is made anew. */
async function tarOf(files: Record<string, string>, edit?: (header: Buffer) => void): Promise<Buffer> {
  const pack = tar.pack()
  for (const [name, text] of Object.entries(files)) pack.entry({ name }, text)
  pack.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of pack) chunks.push(chunk as Buffer)
  const bytes = Buffer.concat(chunks)
  if (!edit) return bytes
  edit(bytes)
  bytes.fill(' ', 148, 156)
  const sum = bytes.subarray(0, 512).reduce((total, byte) => total + byte, 0)
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return bytes
}

describe('an archive', () => {
  const atlas = '{"@id": "a"}'

  it('has its configuration in the topmost folder that looks like one, and data beside it', async () => {
    const bytes = await tarOf({
      'x/deeper/atlases/b.json': '{}',
      'x/atlases/a.json': atlas,
      'x/volumes/a.nii': 'voxels',
      'x/volumes/empty.nii': '',
      'x/README.md': '',
      'y.nii': 'elsewhere',
    })
    const files = await configurationArchive(bytes, 'x.tar')
    expect(await files.list()).toEqual(['deeper/atlases/b.json', 'atlases/a.json'])
    expect(await files.listData?.()).toEqual(['volumes/a.nii', 'volumes/empty.nii'])
    const read = async (path: string) => (await files.data?.get(path))?.toString()
    expect(await read('volumes/a.nii')).toBe('voxels')
    expect(await read('volumes/empty.nii')).toBe('')
    expect(await read('y.nii')).toBeUndefined()
  })

  it.each([
    ['P', [0x50]],
    ['the second byte of a .gz', [0xc4, 0x8b]],
  ])('is no .zip or .gz because its first name has %s', async (_, first) => {
    const bytes = await tarOf({ 'ab/atlases/a.json': atlas }, (header) => header.set(first))
    expect(await (await configurationArchive(bytes, 'x.tar')).list()).toEqual(['atlases/a.json'])
  })

  it('may have just as many bytes and files as its bounds', async () => {
    const names = (bounds: ArchiveBounds) => openArchive(fixture('hosted.zip'), 'x', bounds).then((one) => one.names)
    const all = await names({})
    const sizes = await Promise.all(
      all.map(async (name) => (await (await openArchive(fixture('hosted.zip'), 'x')).read(name)).length),
    )
    const maxBytes = sizes.reduce((sum, size) => sum + size)
    expect(await names({ maxBytes, maxFiles: all.length })).toEqual(all)
    await expect(names({ maxBytes: maxBytes - 1 })).rejects.toThrow('unpacks to more than')
    await expect(names({ maxFiles: all.length - 1 })).rejects.toThrow('holds more than')
  })
})

describe('where the archive lies', () => {
  it('may be a folder instead, but not nothing', async () => {
    const retrieval = createRetrieval({ offline: true })
    expect(await (await openConfigurationFiles(join(FOLDER, 'hosted.tar.gz'), retrieval)).list()).toHaveLength(2)
    expect(await (await openConfigurationFiles(FOLDER, retrieval)).list()).toEqual([])
    await expect(openConfigurationFiles(join(FOLDER, 'none'), retrieval)).rejects.toMatchObject({
      code: 'BAD_CONFIGURATION',
    })
  })

  it('may be a path', async () => {
    const files = await loadConfigurationArchive(join(FOLDER, 'hosted.zip'), createRetrieval({ offline: true }))
    expect(await files.list()).toHaveLength(2)
    const missing = loadConfigurationArchive(join(FOLDER, 'missing.zip'), createRetrieval())
    await expect(missing).rejects.toMatchObject({ code: 'BAD_CONFIGURATION' })
  })

  it('may be a URL, asked at every start, the last copy being used when it is away', async () => {
    const cacheDir = mkdtempSync(join(tmpdir(), 'archive-'))
    closing.push(() => rmSync(cacheDir, { recursive: true }))
    let name = 'hosted.zip'
    const server = await startServer((request, response) => sendBytes(request, response, fixture(name)))
    const retrieval = createRetrieval({ cacheDir, retry: { attempts: 1 } })
    const url = `${server.base}/main.zip`
    expect((await loadConfigurationArchive(url, retrieval)).commit).toBe('012345')
    name = 'escaping.zip'
    expect((await loadConfigurationArchive(url, retrieval)).commit).toBeNull()
    await server.close()
    expect((await loadConfigurationArchive(url, retrieval)).commit).toBeNull()
    const other = loadConfigurationArchive(`${server.base}/other.zip`, retrieval)
    await expect(other).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
  })
})

describe('the archive at a URL', () => {
  it('is the last good one while the server gives something else, also after a restart', async () => {
    const good = fixture('plain.tar.gz')
    let served: Uint8Array = good
    const server = await startServer((request, response) => sendBytes(request, response, served))
    const cacheDir = mkdtempSync(join(tmpdir(), 'siibra-api-archive-'))
    closing.push(server.close, () => rmSync(cacheDir, { recursive: true }))
    const start = async () => {
      const retrieval = createRetrieval({ cacheDir, retry: { attempts: 1 } })
      try {
        return await (await loadConfigurationArchive(`${server.base}/c.tar.gz`, retrieval)).list()
      } finally {
        await retrieval.close()
      }
    }
    const expected = ['atlases/made-up.json', 'features/deep/er/one.json']
    expect(await start()).toEqual(expected)
    for (const broken of [Buffer.from('<html>sign in</html>'), Buffer.alloc(0), good.subarray(0, good.length >> 1)]) {
      served = broken
      expect(await start()).toEqual(expected)
    }
    served = fixture('hosted.tar.gz')
    expect(await start()).toEqual(expected)
  })

  it('that was never a good one is refused', async () => {
    const server = await startServer((request, response) => sendBytes(request, response, Buffer.from('<html>')))
    closing.push(server.close)
    const retrieval = createRetrieval({ retry: { attempts: 1 } })
    await expect(loadConfigurationArchive(`${server.base}/c.zip`, retrieval)).rejects.toMatchObject({
      code: expect.stringMatching(/BAD_/),
    })
    await retrieval.close()
  })
})
