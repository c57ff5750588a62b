/** HDF5 files, read by h5wasm (the HDF5 library, compiled to WebAssembly). */
import { SiibraError } from '../../errors.ts'
import { describeBytes } from '../../retrieval/what-came.ts'

export interface Hdf5Array {
  shape: number[]
  /** In C order (last axis fastest). */
  data: Float64Array
}

/** The library is loaded when the first file is read: it takes 3 MB. */
let library: Promise<typeof import('h5wasm/node')> | undefined
let fileCount = 0

/**
 * Reads data sets of numbers by their paths.
 * @throws BAD_DATA where the file is broken, or a data set is missing or holds no numbers.
 */
export async function readHdf5<const Paths extends readonly string[]>(
  bytes: Uint8Array,
  paths: Paths,
  source: string,
): Promise<{ -readonly [Place in keyof Paths]: Hdf5Array }> {
  library ??= import('h5wasm/node')
  const h5wasm = await library
  const { FS } = await h5wasm.ready
  const name = `/in-memory-${fileCount++}.h5`
  try {
    // in its own memory, of which there may be too little
    FS.writeFile(name, bytes)
    const file = new h5wasm.File(name, 'r')
    try {
      return paths.map((path) => readDataset(file, path, source)) as { -readonly [Place in keyof Paths]: Hdf5Array }
    } finally {
      quietly(() => file.close())
    }
  } catch (cause) {
    if (cause instanceof SiibraError) throw cause
    const what = `${describeBytes(bytes)} cannot be read as HDF5`
    throw new SiibraError('BAD_DATA', `${source}: ${what}`, { url: source }, { cause })
  } finally {
    quietly(() => FS.unlink(name))
  }
}

/** The library throws errors of its own kinds while it cleans up after a broken file; the first one counts. */
function quietly(action: () => unknown): void {
  try {
    action()
  } catch {
    // Nothing depends on it: each file has a name of its own.
  }
}

type Hdf5File = import('h5wasm/node').File

function readDataset(file: Hdf5File, path: string, source: string): Hdf5Array {
  const dataset = file.get(path)
  const value = dataset && 'value' in dataset ? dataset.value : undefined
  const shape = dataset && 'shape' in dataset ? dataset.shape : undefined
  if (!ArrayBuffer.isView(value) || !shape) {
    throw new SiibraError('BAD_DATA', `${source} has no numbers at ${path}`, { url: source })
  }
  // h5wasm gives a typed array, whose types the view of a buffer does not tell
  return { shape: [...shape], data: Float64Array.from(value as ArrayBufferView & ArrayLike<number>, Number) }
}
