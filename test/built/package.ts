/**
 * The package as users get it: packed by npm, unpacked into a fresh folder, with the packages that it asks for beside it and
 * no others. What it needs of the development environment, or of packages that it does not declare, is missing there.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { inject } from 'vitest'

const ROOT = join(import.meta.dirname, '..', '..')

export interface InstalledPackage {
  /** Folder in which it was installed: `node_modules` lies in it. */
  folder: string
  /** What `siibra-api` runs. */
  main: string
}

export interface InstallOptions {
  /** Also the optional dependencies. Default: none of them. */
  withOptional?: boolean
  /** Packages that a user may install beside it. */
  more?: readonly string[]
}

/**
 * Installs the packed tarball, once for all test files of a run that want the same beside it (installed-folder.ts removes it
 * after the run). Nobody changes what lies there. Its dependencies are those that `npm ci` has put into this clone; with `SIIBRA_TEST_NPM=1`,
 * npm itself resolves and fetches them (.ci/run does so: it takes a registry).
 */
export function installPackage({ withOptional = false, more = [] }: InstallOptions = {}): InstalledPackage {
  const shared = inject('installedFolder')
  const folder = join(
    shared,
    ['package', ...(withOptional ? ['optional'] : []), ...more].join('+').replaceAll('/', '-'),
  )
  if (!existsSync(folder)) {
    const own = mkdtempSync(join(shared, 'new-'))
    install(own, withOptional, more)
    try {
      renameSync(own, folder)
    } catch (error) {
      // another file was quicker: its own is as good
      if (!existsSync(folder)) throw error
    }
  }
  return { folder, main: join(folder, 'node_modules', 'siibra-api', 'dist', 'main.js') }
}

/** The tarball that all installations of this run are made of. */
export const packedTarball = (): string => packedOnce(inject('installedFolder'))

function install(folder: string, withOptional: boolean, more: readonly string[]): void {
  const tarball = packedOnce(dirname(folder))
  const place = join(folder, 'node_modules', 'siibra-api')
  if (process.env.SIIBRA_TEST_NPM === '1') {
    const omitted = withOptional ? [] : ['--omit=optional']
    execFileSync('npm', ['init', '--yes'], { cwd: folder, stdio: 'ignore' })
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...omitted, tarball, ...more], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  } else {
    mkdirSync(place, { recursive: true })
    execFileSync('tar', ['-xzf', tarball, '-C', place, '--strip-components=1'])
    const { dependencies = {}, optionalDependencies = {} } = JSON.parse(
      readFileSync(join(ROOT, 'package.json'), 'utf8'),
    )
    const wanted = [...Object.keys(dependencies), ...(withOptional ? Object.keys(optionalDependencies) : []), ...more]
    for (const path of closureOf(wanted)) linkTree(join(ROOT, path), join(folder, path))
  }
}

/** The same for all installations of a run: it takes npm 6 s of CPU. */
function packedOnce(shared: string): string {
  const packed = join(shared, 'siibra-api.tgz')
  // as above, two that begin together both make one, and either is as good
  if (!existsSync(packed)) renameSync(pack(mkdtempSync(join(shared, 'packing-'))), packed)
  return packed
}

/** The tarball as `npm pack` makes it, in that folder. */
export function pack(folder: string): string {
  const output = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [{ filename }] = JSON.parse(output)
  return join(folder, filename)
}

interface LockedPackage {
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
}

/** Places in the lock file of packages and of all that they need, as far as they are installed here. */
function closureOf(names: readonly string[]): string[] {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockedPackage>
  }
  const found = new Set<string>()
  const visit = (from: string, name: string) => {
    const path = placeOf(packages, from, name)
    if (path === undefined || found.has(path) || !existsSync(join(ROOT, path))) return
    found.add(path)
    const { dependencies, optionalDependencies, peerDependencies } = packages[path] as LockedPackage
    for (const needed of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }))
      visit(path, needed)
  }
  for (const name of names) visit('', name)
  return [...found]
}

/** Where node finds a package for one that lies at `from`: in its own node_modules, or in one further out. */
function placeOf(packages: Record<string, LockedPackage>, from: string, name: string): string | undefined {
  for (let place = from; ; place = place.slice(0, Math.max(0, place.lastIndexOf('/node_modules/')))) {
    const candidate = `${place === '' ? '' : `${place}/`}node_modules/${name}`
    if (candidate in packages) return candidate
    if (place === '') return undefined
  }
}

/** Hard links where the file system has them, copies elsewhere; packages within a package have places of their own. */
function linkTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) {
      if (entry.name !== 'node_modules') linkTree(source, target)
    } else if (entry.isFile()) {
      try {
        linkSync(source, target)
      } catch {
        mkdirSync(dirname(target), { recursive: true })
        cpSync(source, target)
      }
    }
  }
}
