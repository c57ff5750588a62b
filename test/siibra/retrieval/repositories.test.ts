import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  bucketFileUrl,
  bucketListUrl,
  createBucketRepository,
} from '../../../src/siibra/retrieval/repositories/bucket-repository.ts'
import { createRepository, openRepository } from '../../../src/siibra/retrieval/repositories/create-repository.ts'
import { createGithubRepository } from '../../../src/siibra/retrieval/repositories/github-repository.ts'
import {
  createGitlabRepository,
  gitlabArchiveUrl,
  gitlabFileUrl,
  gitlabTreeUrl,
} from '../../../src/siibra/retrieval/repositories/gitlab-repository.ts'
import type { Repository } from '../../../src/siibra/retrieval/repositories/repository.ts'
import { createRetrieval, type Retrieval } from '../../../src/siibra/retrieval/retrieval.ts'
import { toMirrorPath } from '../../../src/siibra/retrieval/stores/mirror-store.ts'

const ARCHIVE = join(import.meta.dirname, '../../fixtures/retrieval/deflated.zip')
const GITLAB = { server: 'https://gitlab.a.org', project: 5, ref: 'main' }
const GITHUB = { owner: 'someone', repository: 'something', ref: 'v1' }
const BUCKET = { name: 'some-bucket' }

let folder: string
let retrieval: Retrieval

/** A mirror with one repository of each kind; 100 files in `many/` make listings go on on a second page. */
const FILES = ['top.json', 'folder/a b.json', 'folder/b.txt', 'folder/deep/c.json']
const MANY = Array.from({ length: 100 }, (_, index) => `many/${String(index).padStart(3, '0')}.json`)

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'repositories-'))
  const write = (url: string, content: unknown) => {
    const path = join(folder, 'mirror', toMirrorPath(url))
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, JSON.stringify(content))
  }
  const tree = (paths: string[]) => paths.map((path) => ({ path, name: path.split('/').at(-1), type: 'blob' }))
  const api = 'https://gitlab.a.org/api/v4/projects/5/repository'
  write(`${api}/branches`, [{ name: 'main', commit: { short_id: 'abc123' } }])
  const folderItem = { path: 'folder/deep', name: 'deep', type: 'tree' }
  write(`${api}/tree?ref=abc123&path=folder&per_page=100&page=1&recursive=False`, [
    ...tree(FILES.slice(1, 3)),
    folderItem,
  ])
  write(`${api}/tree?ref=abc123&per_page=100&page=1&recursive=True`, tree(MANY))
  write(`${api}/tree?ref=abc123&per_page=100&page=2&recursive=True`, tree(FILES))
  write('https://api.github.com/repos/someone/something/git/trees/v1?recursive=1', {
    tree: [...tree(FILES), folderItem],
  })
  const bucket = 'https://data-proxy.ebrains.eu/api/v1/buckets/some-bucket'
  const objects = (names: string[]) => ({ objects: names.map((name) => ({ name })) })
  write(`${bucket}?limit=100&prefix=folder`, objects(FILES.slice(1)))
  write(`${bucket}?limit=100`, objects(MANY))
  write(`${bucket}?limit=100&marker=many/099.json`, objects(FILES))
  for (const path of FILES) {
    write(`${api}/files/${encodeURIComponent(path)}/raw?ref=abc123`, path)
    write(`https://raw.githubusercontent.com/someone/something/v1/${encodeURI(path)}`, path)
    write(`${bucket}/${encodeURI(path)}`, path)
    mkdirSync(dirname(join(folder, 'local', path)), { recursive: true })
    writeFileSync(join(folder, 'local', path), JSON.stringify(path))
  }
  writeFileSync(join(folder, 'local', 'folder', '.hidden.json'), '')
  retrieval = createRetrieval({ mirror: join(folder, 'mirror'), offline: true })
})
afterAll(() => rmSync(folder, { recursive: true }))

const KINDS: Record<string, () => Repository> = {
  GitLab: () => createGitlabRepository(GITLAB, retrieval),
  GitHub: () => createGithubRepository(GITHUB, retrieval),
  bucket: () => createBucketRepository(BUCKET, retrieval),
  folder: () =>
    createRepository({ '@type': 'siibra/repository/localfolder/v1.0.0', folder: join(folder, 'local') }, retrieval),
}

describe.each(Object.keys(KINDS))('repository: %s', (kind) => {
  it('lists the files of a folder, without those below', async () => {
    expect(await KINDS[kind]!().list('folder')).toEqual(['folder/a b.json', 'folder/b.txt'])
    expect(await KINDS[kind]!().list('folder', { suffix: '.json' })).toEqual(['folder/a b.json'])
  })

  it('lists all files, over all pages', async () => {
    const paths = await KINDS[kind]!().list('', { recursive: true, suffix: '.json' })
    expect(paths.filter((path) => !path.startsWith('many/')).sort()).toEqual([
      'folder/a b.json',
      'folder/deep/c.json',
      'top.json',
    ])
  })

  it('reads files, and has none where there is none', async () => {
    for (const path of FILES) {
      expect(Buffer.from((await KINDS[kind]!().read(path))!).toString()).toBe(JSON.stringify(path))
    }
    expect(await KINDS[kind]!().read('folder/none.json')).toBeUndefined()
  })
})

describe('URLs as siibra-python asks them', () => {
  it('of GitLab', () => {
    expect(gitlabFileUrl(GITLAB, 'a b/c.json')).toBe(
      'https://gitlab.a.org/api/v4/projects/5/repository/files/a%20b%2Fc.json/raw?ref=main',
    )
    expect(gitlabTreeUrl(GITLAB, 'a/b', 2, true, 'main')).toBe(
      'https://gitlab.a.org/api/v4/projects/5/repository/tree?ref=main&path=a%2Fb&per_page=100&page=2&recursive=True',
    )
    expect(gitlabArchiveUrl(GITLAB)).toBe('https://gitlab.a.org/api/v4/projects/5/repository/archive.tar.gz?sha=main')
  })

  it('of buckets', () => {
    expect(bucketFileUrl(BUCKET, 'a b/c.json')).toBe(
      'https://data-proxy.ebrains.eu/api/v1/buckets/some-bucket/a%20b/c.json',
    )
    expect(bucketListUrl({ name: 'x', kind: 'public/buckets' }, 'a/b')).toBe(
      'https://data-proxy.ebrains.eu/api/v1/public/buckets/x?limit=100&prefix=a%2Fb',
    )
  })
})

describe('GitLab', () => {
  it('is asked for the name itself where it is no branch, or the branches cannot be had', async () => {
    const asked: string[] = []
    const recording: Retrieval = {
      ...retrieval,
      bytes: async (url) => {
        asked.push(url)
        return undefined
      },
    }
    await createGitlabRepository({ ...GITLAB, ref: 'v1' }, recording).read('x')
    await createGitlabRepository({ ...GITLAB, project: 6 }, recording).read('x')
    expect(asked.map((url) => url.slice(-8))).toEqual(['w?ref=v1', '?ref=main'.slice(-8)])
  })
})

describe('repositories of a configuration', () => {
  it('may be a zip archive here', async () => {
    const repository = await openRepository(ARCHIVE, retrieval)
    expect(await repository.list('atlas', { suffix: '.txt' })).toEqual(['atlas/text.txt', 'atlas/ü b#?%.txt'])
    expect((await repository.read('atlas/noise.bin'))!.length).toBe(3000)
    expect(await repository.read('atlas/none')).toBeUndefined()
  })

  it('may be a folder', async () => {
    const repository = await openRepository(join(folder, 'local'), retrieval)
    expect(await repository.list()).toEqual(['top.json'])
  })

  it('are refused where they are not known or not there', async () => {
    expect(() => createRepository({ '@type': 'siibra/repository/other' } as never, retrieval)).toThrow('is not known')
    await expect(openRepository(join(folder, 'none'), retrieval)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const away = createRetrieval({ offline: true })
    await expect(createBucketRepository(BUCKET, away).list()).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
  })
})
