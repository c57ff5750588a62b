/**
 * An esbuild plugin: what the service imports from the index of the atlas core comes from the files that define it. A bundle
 * with splitting gives whoever imports an index all that the index names: the main thread would load the core (0.7 MB,
 * 30 ms) that only the other threads need.
 */
import { readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

const EXPORT = /^export (type )?\{([^}]*)\} from '([^']+)'/gm
const IMPORT = /^import \{([^}]*)\} from '([^']+)'/gm

/** @param index path of the index, which holds nothing but re-exports by name */
export function directImports(index) {
  const origins = readOrigins(index)
  return {
    name: 'direct-imports',
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (path.includes('/node_modules/') || path.startsWith(dirname(index))) return undefined
        const text = readFileSync(path, 'utf8')
        const contents = text.replace(IMPORT, (statement, names, target) =>
          resolve(dirname(path), target) === index ? direct(origins, statement, names, path) : statement,
        )
        return { contents, loader: 'ts' }
      })
    },
  }
}

/** Name -> where it comes from, of every value that the index exports. */
function readOrigins(index) {
  const origins = new Map()
  for (const [, isType, names, from] of readFileSync(index, 'utf8').matchAll(EXPORT)) {
    if (isType) continue
    for (const { name, as } of listNames(names)) origins.set(as, { name, file: join(dirname(index), from) })
  }
  return origins
}

/** One import for each name, in as many lines as there were, so that source maps hold. */
function direct(origins, statement, names, path) {
  const imports = listNames(names).map(({ name, as }) => {
    const origin = origins.get(name)
    if (origin === undefined) throw new Error(`${path} imports ${name}, which the index does not export by name`)
    const from = relative(dirname(path), origin.file)
    return `import { ${origin.name} as ${as} } from '${from.startsWith('.') ? from : `./${from}`}'`
  })
  return imports.join('; ') + '\n'.repeat(statement.split('\n').length - 1)
}

/** Names in braces, without types. */
function listNames(text) {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '' && !part.startsWith('type '))
    .map((part) => {
      const [name, as = name] = part.split(/\s+as\s+/)
      return { name, as }
    })
}
