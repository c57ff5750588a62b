import { SiibraError } from '../errors.ts'
import { isInside } from '../retrieval/stores/folder-store.ts'

/** A JSON object of a configuration file, before it is understood. */
export type Specification = Record<string, unknown>

/** Something in a configuration that cannot be used (the object it is in is left out), or not as it seems to be meant. */
export interface ConfigurationProblem {
  file: string
  /** Path of the property, e.g. `volumes[3].providers`; empty for the file as a whole. */
  property: string
  message: string
}

/** Reads properties of one file and says where, if one is not what it should be. */
export interface SpecificationReader {
  file: string
  fail(property: string, message: string): never
  text(spec: Specification, property: string): string
  optionalText(spec: Specification, property: string): string | null
  list(spec: Specification, property: string): unknown[]
  object(spec: Specification, property: string): Specification
  /** The address of a file: a URL as it is; a path, which is relative to the root of the configuration, as URL of its mount. */
  address(location: string, property: string): string
}

export function isObject(value: unknown): value is Specification {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `baseUrl` is where the files beside the configuration are mounted (`Retrieval.mount`), ending in `/`. */
export function createReader(file: string, baseUrl?: string): SpecificationReader {
  const fail = (property: string, message: string): never => {
    throw new SiibraError('BAD_CONFIGURATION', `${file}: ${property}: ${message}`, { file, property, reason: message })
  }
  return {
    file,
    fail,
    text: (spec, property) => {
      const value = spec[property]
      return typeof value === 'string' && value !== '' ? value : fail(property, 'is not a text')
    },
    optionalText: (spec, property) => {
      const value = spec[property]
      if (value === undefined || value === null) return null
      return typeof value === 'string' ? value : fail(property, 'is not a text')
    },
    list: (spec, property) => {
      const value = spec[property] ?? []
      return Array.isArray(value) ? value : fail(property, 'is not a list')
    },
    object: (spec, property) => {
      const value = spec[property] ?? {}
      return isObject(value) ? value : fail(property, 'is not an object')
    },
    address: (location, property) => {
      if (baseUrl === undefined || /^[a-z][a-z\d+.-]*:/i.test(location)) return location
      const path = location.replace(/^(?:\.\/)+/, '')
      const [file = ''] = path.split(' ')
      if (!isInside(file)) fail(property, `'${location}' leads out of the folder of the configuration`)
      return baseUrl + path
    },
  }
}
