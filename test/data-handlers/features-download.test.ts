import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { attachmentHeader } from '../../src/data-handlers/attachment-header.ts'
import { createMemoryStore } from '../../src/siibra/retrieval/stores/memory-store.ts'
import { openZipArchive } from '../../src/siibra/retrieval/zip/zip-archive.ts'
import { startTestApp, type TestApp } from '../app.ts'

const IN_REGION = 'parcellation_id=siibra-api/demo/parcellation/harbour-2&region_id=Area B1 (Bow) left'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.close())

async function firstOf(listing: string): Promise<{ id: string; name: string }> {
  const { items } = (await app.get(`/v3_0/feature/${listing}`)).json<{ items: { id: string; name: string }[] }>()
  expect(items.length).toBeGreaterThan(0)
  return items[0]!
}

async function download(id: string) {
  const answer = await app.get(`/v3_0/feature/${encodeURIComponent(id)}/download`)
  expect(answer.status).toBe(200)
  const archive = await openZipArchive(createMemoryStore(new Map([['a.zip', answer.bytes]])), 'a.zip')
  const text = async (member: string) => new TextDecoder().decode(await archive!.read(member))
  return { answer, members: [...archive!.entries.keys()], text }
}

describe('the download of a feature', () => {
  test('a table comes as CSV, with a README that names it, its licence and how to cite it', async () => {
    const { id, name } = await firstOf(`Tabular?${IN_REGION}&type=ReceptorDensityFingerprint`)
    const { answer, members, text } = await download(id)
    expect(answer.contentType).toBe('application/zip')
    expect(answer.headers['content-disposition']).toBe(attachmentHeader(`download-${id}.zip`))
    expect(members).toEqual(['README.md', 'tabular.csv'])
    expect(await text('tabular.csv')).toMatch(/^receptor,mean,std\n/)
    const readme = await text('README.md')
    expect(readme).toContain(name)
    expect(readme).toMatch(/## Publications\n\n\S/)
    expect(readme).toMatch(/## Licence\n\n\S/)
  })

  test('a connectivity comes as a matrix for each subject, with the names of its regions', async () => {
    const listing = 'RegionalConnectivity?parcellation_id=siibra-api/demo/parcellation/harbour-2&type=StreamlineCounts'
    const { id } = await firstOf(listing)
    const { members, text } = await download(id)
    const matrices = members.filter((member) => /^sub\/[^/]+\/matrix\.csv$/.test(member))
    expect(matrices.length).toBeGreaterThan(0)
    const lines = (await text(matrices[0]!)).trimEnd().split('\n')
    expect(lines[0]!.startsWith(',')).toBe(true)
    expect(lines.length).toBeGreaterThan(2)
    expect(new Set(lines.map((line) => line.replaceAll(/"[^"]*"/g, '').split(',').length)).size).toBe(1)
  })

  test('an image comes as a reference to its volume', async () => {
    const { id } = await firstOf('Image?space_id=siibra-api/demo/space/harbour-microscopic')
    const { members, text } = await download(id)
    expect(members).toEqual(['README.md', 'volume.txt', 'volume.json'])
    expect(Object.keys(JSON.parse(await text('volume.json')).providers).length).toBeGreaterThan(0)
  })

  test('an unknown feature is 404 and is named', async () => {
    const answer = await app.get('/v3_0/feature/nope/download')
    expect(answer.status).toBe(404)
    expect(answer.json<{ message: string }>().message).toContain('nope')
  })
})

describe('names of files to save', () => {
  test.each([
    ['download-ab--12.zip', 'attachment; filename="download-ab--12.zip"'],
    ['a b(1).zip', "attachment; filename*=utf-8''a%20b%281%29.zip"],
    ['lq0::p:minds/core.zip', "attachment; filename*=utf-8''lq0%3A%3Ap%3Aminds/core.zip"],
    ['Ünï"code.zip', "attachment; filename*=utf-8''%C3%9Cn%C3%AF%22code.zip"],
  ])('%s', (name, header) => {
    expect(attachmentHeader(name)).toBe(header)
  })
})
