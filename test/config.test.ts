import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ConfigError, parseConfig, redisUrlFor, VARIABLES } from '../src/config.ts'
import { LIMIT_VARIABLES } from '../src/config-limits.ts'
import { IDLE_NICENESS } from '../src/dispatch/threads/thread-priority.ts'

describe('parseConfig', () => {
  test('gives the defaults for an empty environment, frozen', () => {
    const config = parseConfig({})
    expect(config).toMatchObject({
      role: 'all',
      host: '127.0.0.1',
      port: 5000,
      namespace: 'siibraapi',
      isOffline: false,
    })
    expect(config.threads).toEqual({ core: 1, features: 1, volumes: 1, compounds: 1 })
    expect(Object.isFrozen(config)).toBe(true)
  })

  test('takes the first name that is set, and an empty value for none', () => {
    expect(parseConfig({ SIIBRA_CACHEDIR: '/c' }).sharedDir).toBe('/c')
    expect(parseConfig({ SIIBRA_CACHEDIR: '/c', SIIBRA_API_SHARED_DIR: '/s' }).sharedDir).toBe('/s')
    expect(parseConfig({ SIIBRA_API_REDIS_HOST: '', REDIS_HOST: 'r' }).redisHost).toBe('r')
  })

  test('converts units', () => {
    const config = parseConfig({ SIIBRA_CACHE_SIZE_GIB: '0.5', SIIBRA_API_RESPONSE_CACHE_MB: '8' })
    expect(config.diskCacheBytes).toBe(2 ** 29)
    expect(config.responseCacheBytes).toBe(2 ** 23)
  })

  test('reads remapped providers, one a line', () => {
    const config = parseConfig({ SIIBRA_API_REMAP_PROVIDERS: 'https://a::https://b\n\nme.local::localhost\n' })
    expect(config.remapProviders).toEqual([
      ['https://a', 'https://b'],
      ['me.local', 'localhost'],
    ])
  })

  test('takes a bucket apart, and no credentials', () => {
    const read = (url: string) => parseConfig({ SIIBRA_API_S3_URL: url }).s3
    expect(read('https://s3.example.org/b')).toEqual({ endpoint: 'https://s3.example.org', bucket: 'b', prefix: '' })
    expect(read('http://h:9000/b/some/where/')).toEqual({
      endpoint: 'http://h:9000',
      bucket: 'b',
      prefix: 'some/where/',
    })
    for (const url of ['https://s3.example.org', 's3://bucket', 'https://key:secret@s3.example.org/b']) {
      expect(problemsOf({ SIIBRA_API_S3_URL: url })).toHaveLength(1)
    }
  })

  test('reads threads of some queues', () => {
    expect(parseConfig({ SIIBRA_API_THREADS: 'volumes=3, core=2' }).threads).toEqual({
      core: 2,
      features: 1,
      volumes: 3,
      compounds: 1,
    })
  })

  test('reads the niceness of threads', () => {
    const read = (value: string) => parseConfig({ SIIBRA_API_THREAD_NICENESS: value }).threadNiceness
    expect([read(''), read('0'), read('19'), read('idle')]).toEqual([4, 0, 19, IDLE_NICENESS])
    for (const value of ['20', '-1', '1.5', 'lazy'])
      expect(problemsOf({ SIIBRA_API_THREAD_NICENESS: value })).toHaveLength(1)
  })

  test('tells everything that is wrong at once, by name', () => {
    const problems = problemsOf({
      SIIBRA_API_ROLE: 'boss',
      SIIBRA_API_PORT: '70000',
      SIIBRA_API_OFFLINE: 'maybe',
      SIIBRA_API_THREADS: 'gpu=1',
      SIIBRA_API_CELERY_BROKER: 'amqp://x',
      SIIBRA_API_REMAP_PROVIDERS: 'a:b',
      SIIBRA_API_TASK_TIMEOUT_S: '-1',
    })
    expect(problems.map((problem) => problem.split(':')[0]).sort()).toEqual([
      'SIIBRA_API_CELERY_BROKER',
      'SIIBRA_API_OFFLINE',
      'SIIBRA_API_PORT',
      'SIIBRA_API_REMAP_PROVIDERS',
      'SIIBRA_API_ROLE',
      'SIIBRA_API_TASK_TIMEOUT_S',
      'SIIBRA_API_THREADS',
    ])
    expect(problems.find((problem) => problem.startsWith('SIIBRA_API_ROLE'))).toContain('all, server, worker')
  })
})

describe('variables that nothing reads', () => {
  const warningsOf = (env: Record<string, string>) => parseConfig(env).warnings
  test('are named, with the one that was probably meant', () => {
    expect(
      warningsOf({
        SIIBRA_API_MIROR: '/x',
        SIIBRA_USE_LOCAL_SNAPSHOT: '/y',
        SIIBRA_FOO: '1',
        SIIBRA_API_LOG_LEVEL: 'info',
      }),
    ).toEqual([
      'Nothing reads the variable SIIBRA_API_MIROR; did you mean SIIBRA_API_MIRROR?',
      'Nothing reads the variable SIIBRA_FOO',
      'Nothing reads the variable SIIBRA_USE_LOCAL_SNAPSHOT; did you mean SIIBRA_USE_LOCAL_SNAPSPOT?',
    ])
  })
  test('are none where all are known, empty, of others, or set by Kubernetes', () => {
    const names = Object.values(VARIABLES).flatMap(({ names }) => names)
    expect(names.filter((name) => warningsOf({ [name]: '' }).length > 0)).toEqual([])
    expect(
      warningsOf({
        SIIBRA_API_NOTHING: ' ',
        OTHER: '1',
        SIIBRA_API_SERVICE_HOST: '10.0.0.1',
        SIIBRA_API_SERVICE_PORT_HTTP: '5000',
        SIIBRA_API_PORT_5000_TCP_ADDR: '10.0.0.1',
        SIIBRA_REDIS_PORT: 'tcp://10.0.0.1:6379',
      }),
    ).toEqual([])
  })
})

test('the port of a Kubernetes service of our name is not where to listen', () => {
  expect(parseConfig({ SIIBRA_API_PORT: 'tcp://10.0.0.1:80' }).port).toBe(5000)
})

describe('the mirror', () => {
  test('is a folder that is there, or an http(s) URL', () => {
    expect(parseConfig({ SIIBRA_API_MIRROR: '.' }).mirror).toBe(process.cwd())
    expect(parseConfig({ SIIBRA_API_MIRROR: 'https://me:pw@host/x' }).mirror).toBe('https://me:pw@host/x')
    for (const mirror of ['ftp://me:pw@host/x', './missing', 'package.json', 'https://', 'host.org/x'])
      expect(problemsOf({ SIIBRA_API_MIRROR: mirror }), mirror).toEqual([
        expect.stringMatching(/^SIIBRA_API_MIRROR: .*neither a folder nor an http\(s\) URL/),
      ])
    expect(problemsOf({ SIIBRA_API_MIRROR: 'ftp://me:pw@host/x' }).join()).not.toContain('pw')
  })
  test('need not be there for a server, whose workers read', () => {
    expect(problemsOf({ SIIBRA_API_MIRROR: './missing', SIIBRA_API_ROLE: 'server' })).toEqual([])
  })
})

describe('brokers of queues', () => {
  const read = (value: string) => parseConfig({ SIIBRA_API_QUEUE_BROKERS: value }).queueBrokers
  test('are addresses of all forms by queue', () => {
    expect(read('')).toEqual({})
    expect(read(' features = redis://a:6379/0 ,compounds=rediss://:p%2Cw@b')).toEqual({
      features: 'redis://a:6379/0',
      compounds: 'rediss://:p%2Cw@b',
    })
    const sentinel = 'redis+sentinel://:pw@a:1,b:2/main/3?sentinelUsername=u&sentinelPassword=p'
    const cluster = 'redis+cluster://a:1,b:2,[::1]:3'
    expect(read(`core=${sentinel},volumes=${cluster},features=unix:///run/redis.sock`)).toEqual({
      core: sentinel,
      volumes: cluster,
      features: 'unix:///run/redis.sock',
    })
  })
  test.each([
    ['feature=redis://a', '"feature" is not one of core, features, volumes, compounds'],
    ['features=redis://a,compound=redis://b', '"compound" is not one of core, features, volumes, compounds'],
    ['features=redis://a,features=redis://b', '"features" has two addresses'],
    ['features=amqp://a', 'the address of "features": not a URL of the form redis://'],
    ['features=redis://a,compounds=http://b', 'the address of "compounds": not a URL of the form redis://'],
    ['features=redis://a,redis://b', 'the address of "features": one server has no comma in its address'],
    ['features=redis://a,', 'the address of "features": one server has no comma'],
    ['features=', 'the address of "features": not a URL of the form redis://'],
    ['features=redis+cluster://a/1', 'the address of "features": a Cluster has no databases beside 0'],
    ['redis://:secret@a', 'not of the form queue=address,queue=address'],
    ['=redis://:secret@a', 'not of the form queue=address,queue=address'],
    ['features=amqp://:secret@a', 'the address of "features": not a URL of the form redis://'],
    ['{"features":"redis://:secret@a"}', 'not of the form queue=address,queue=address'],
  ])('%s is refused, and why; passwords are not told', (value, why) => {
    const [problem, ...others] = problemsOf({ SIIBRA_API_QUEUE_BROKERS: value })
    expect(others).toEqual([])
    expect(problem).toContain(`SIIBRA_API_QUEUE_BROKERS: ${why}`)
    expect(problem).not.toContain('secret')
  })
})

describe('redisUrlFor', () => {
  test('takes the URL of the purpose, else host, port and password, else none', () => {
    expect(redisUrlFor(parseConfig({}), 'broker')).toBeUndefined()
    const common = { REDIS_HOST: 'r', REDIS_PORT: 'tcp://10.0.0.1:6380', SIIBRA_API_REDIS_PASSWORD: 'p@ss' }
    expect(redisUrlFor(parseConfig(common), 'cache')).toBe('redis://:p%40ss@r:6380')
    const own = { ...common, SIIBRA_API_RESULT_URL: 'rediss://results:1/2' }
    expect(redisUrlFor(parseConfig(own), 'result')).toBe('rediss://results:1/2')
    expect(redisUrlFor(parseConfig(own), 'broker')).toBe('redis://:p%40ss@r:6380')
  })
})

test('docs/configuration.md has exactly the variables that are read', () => {
  const page = readFileSync(new URL('../docs/configuration.md', import.meta.url), 'utf8')
  const firstCells = page
    .split('\n')
    .flatMap((line) => (line.startsWith('| `') ? [line.split(' | ')[0] as string] : []))
  const described = firstCells.map((cell) => [...cell.matchAll(/`([A-Za-z\d_]+)`/g)].map((match) => match[1]))
  expect(described.map(String).sort()).toEqual(
    Object.values(VARIABLES)
      .map(({ names }) => String(names))
      .sort(),
  )
})

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    parseConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

test.each(Object.values(LIMIT_VARIABLES).flatMap(({ names: [name] }) => (name === undefined ? [] : [name])))(
  '%s says what it may be, where it is set beyond that',
  (name) => {
    for (const value of ['-1', '1e30', 'much']) {
      const [problem, ...others] = problemsOf({ [name]: value })
      expect(others).toEqual([])
      expect(problem).toContain(`${name}: `)
      expect(problem).toMatch(/from \S+ to \S+|is not of the form|megabytes/)
    }
  },
)
