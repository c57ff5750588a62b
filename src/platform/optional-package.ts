import { ConfigError } from './config-error.ts'

/** Whether an import failed because the package itself is not there: not one that it wants, nor a defect within it. */
export function isNotInstalled(thrown: unknown, name: string): boolean {
  const { code, message } = thrown as NodeJS.ErrnoException
  return (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') && message.includes(`'${name}'`)
}

/**
 * Loads an optional package for a setting that cannot be obeyed without it. Throws a ConfigError that names both, and
 * tells a package that is missing from one that cannot be loaded.
 */
export async function loadOptional<T>(setting: string, name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (thrown) {
    if (isNotInstalled(thrown, name))
      throw new ConfigError([
        `${setting} needs the optional package ${name}, which is not installed (npm install ${name})`,
      ])
    throw new ConfigError([
      `${setting} needs the package ${name}, which cannot be loaded: ${(thrown as Error).message}`,
    ])
  }
}
