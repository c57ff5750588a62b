import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import tar from 'tar-stream'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import {
  loadOfficialConfiguration,
  type OfficialOptions,
} from '../../../../src/siibra/configuration/source/official.ts'
import { startServer } from '../../retrieval/http-stand-in.ts'

const ARCHIVE = readFileSync(join(import.meta.dirname, '../../../fixtures/configuration-archives/hosted.tar.gz'))
const GITHUB = '/FZJ-INM1-BDA/siibra-configurations/archive/refs/tags/'
const GITLAB = '/api/v4/projects/892/repository/archive.tar.gz?sha='

type Answer = 'archive' | 'missing' | 'html' | 'failing' | 'silent'

const closing: (() => unknown)[] = []
let cacheDir: string
beforeEach(() => {
  cacheDir = mkdtempSync(join(tmpdir(), 'official-'))
})
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
  rmSync(cacheDir, { recursive: true })
})

/** A host that has these paths; everything else is missing. */
async function startHost(answers: Record<string, Answer>) {
  const send: Record<Answer, (response: ServerResponse) => void> = {
    archive: (response) => response.end(ARCHIVE),
    missing: (response) => response.writeHead(404).end(),
    html: (response) => response.end('<html>sign in, please</html>'),
    failing: (response) => response.writeHead(500).end(),
    silent: () => {},
  }
  const host = await startServer((request, response) => send[answers[request.url!] ?? 'missing'](response))
  closing.push(host.close)
  return host
}

async function load(github: Record<string, Answer>, gitlab: Record<string, Answer>, options: OfficialOptions = {}) {
  const hosts = [await startHost(github), await startHost(gitlab)] as const
  const result = await loadOfficialConfiguration({
    cacheDir,
    githubServer: hosts[0].base,
    gitlabServer: hosts[1].base,
    ...options,
  })
  return { result, asked: hosts.map(({ requests }) => requests) }
}

const kept = () => readdirSync(join(cacheDir, 'configurations'))

it('comes from GitHub first, and from the cache directory at the next start', async () => {
  const { result, asked } = await load({ [`${GITHUB}siibra-1.0.1-alpha.20.tar.gz`]: 'archive' }, {})
  expect(result).toMatchObject({ fetched: true, files: { commit: '012345' } })
  expect(await result.files!.list()).toContain('atlases/made-up.json')
  expect(asked).toEqual([[`GET ${GITHUB}siibra-1.0.1-alpha.20.tar.gz`], []])
  expect(kept()).toEqual(['siibra-1.0.1-alpha.20.tar.gz'])

  const again = await load({}, {})
  expect(again.result).toMatchObject({ fetched: false, files: { commit: '012345' } })
  expect(again.asked).toEqual([[], []])
})

it('knows both spellings of the tag, and asks GitLab where GitHub has none', async () => {
  const { result, asked } = await load({}, { [`${GITLAB}1.0.1-alpha.20`]: 'archive' })
  expect(result.files!.source).toContain('/api/v4/projects/892/')
  expect(asked[0]).toHaveLength(2)
  expect(asked[1]).toEqual([`GET ${GITLAB}siibra-1.0.1-alpha.20`, `GET ${GITLAB}1.0.1-alpha.20`])
})

it('asks GitLab after a while where GitHub does not answer', async () => {
  const silent = { [`${GITHUB}siibra-1.0.1-alpha.20.tar.gz`]: 'silent' } as const
  const { result } = await load(silent, { [`${GITLAB}siibra-1.0.1-alpha.20`]: 'archive' }, { headStartMs: 20 })
  expect(result.files!.source).toContain('/api/v4/projects/892/')
})

it('does not take a page for an archive, and keeps none', async () => {
  const html = { [`${GITHUB}siibra-1.0.1-alpha.20.tar.gz`]: 'html' } as const
  const { result } = await load(html, { [`${GITLAB}siibra-1.0.1-alpha.20`]: 'failing' }, { timeLimitMs: 5_000 })
  expect(result).toEqual({ reason: expect.stringContaining('cannot be used: '), isUnreachable: false })
  expect(result).toMatchObject({ reason: expect.stringContaining('cannot be read as an archive') })
  expect(result).toMatchObject({ reason: expect.stringContaining('the server answers 500') })
  expect(readdirSync(cacheDir)).toEqual([])
})

it('gives up within the limit, and says so', async () => {
  const silent = {
    [`${GITHUB}siibra-1.0.1-alpha.20.tar.gz`]: 'silent',
    [`${GITLAB}siibra-1.0.1-alpha.20`]: 'silent',
  } as const
  const { result } = await load(silent, silent, { timeLimitMs: 100, headStartMs: 20 })
  expect(result).toMatchObject({ isUnreachable: true })
  expect(result).toMatchObject({ reason: expect.stringContaining('nothing complete came within 100 ms') })
})

it('fetches anew where the kept archive is damaged', async () => {
  mkdirSync(join(cacheDir, 'configurations'))
  writeFileSync(join(cacheDir, 'configurations', 'siibra-1.0.1-alpha.20.tar.gz'), ARCHIVE.subarray(0, 200))
  const { result } = await load({ [`${GITHUB}siibra-1.0.1-alpha.20.tar.gz`]: 'archive' }, {})
  expect(result).toMatchObject({ fetched: true })
  expect((await load({}, {})).result).toMatchObject({ fetched: false })
})

it('tells of a kept archive that is damaged, where it cannot be fetched anew', async () => {
  mkdirSync(join(cacheDir, 'configurations'))
  writeFileSync(join(cacheDir, 'configurations', 'siibra-1.0.1-alpha.20.tar.gz'), ARCHIVE.subarray(0, 200))
  const { result } = await load({}, {})
  expect(result).toMatchObject({ isUnreachable: false })
  expect(result).toMatchObject({ reason: expect.stringMatching(/cannot be used: .*alpha.20.tar.gz cannot be read as/) })
})

it('asks other hosts where URLs are remapped', async () => {
  const host = await startHost({ [`${GITHUB}1.0.1-alpha.20.tar.gz`]: 'archive' })
  const remap = [['https://github.com', host.base]] as const
  expect(await loadOfficialConfiguration({ remap, cacheDir })).toMatchObject({ fetched: true })
})

it('throws a defect of its own instead of telling it as an outage', async () => {
  const extract = vi.spyOn(tar, 'extract').mockImplementation(() => {
    throw new TypeError('extract is not a function')
  })
  closing.push(() => extract.mockRestore())
  const both = [{ [`${GITHUB}1.0.1-alpha.20.tar.gz`]: 'archive' }, { [`${GITLAB}1.0.1-alpha.20`]: 'archive' }] as const
  await expect(load(...both)).rejects.toThrow('extract is not a function')
})

it('needs no cache directory that can be written', async () => {
  writeFileSync(join(cacheDir, 'configurations'), 'in the way')
  const { result } = await load({ [`${GITHUB}1.0.1-alpha.20.tar.gz`]: 'archive' }, {})
  expect(result).toMatchObject({ fetched: true })
  const file = (result as { file: string }).file
  expect(readFileSync(file)).toEqual(ARCHIVE)
  rmSync(dirname(file), { recursive: true })
})

it('comes from the mirror, and from nowhere else when offline', async () => {
  const mirror = join(cacheDir, 'mirror')
  const without = await loadOfficialConfiguration({ offline: true })
  expect(without).toEqual({ reason: expect.stringMatching(/cannot be had: .*offline/), isUnreachable: true })
  const path = join(mirror, `github.com${GITHUB}siibra-1.0.1-alpha.20.tar.gz`)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, ARCHIVE)
  expect(await loadOfficialConfiguration({ mirror, offline: true, cacheDir })).toMatchObject({ fetched: true })
  expect(kept()).toEqual(['siibra-1.0.1-alpha.20.tar.gz'])
})
