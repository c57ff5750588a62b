/** HDF5 files, read by h5wasm (the HDF5 library, compiled to WebAssembly). */
import { SiibraError } from '../../errors.ts'

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
export async function readHdf5(bytes: Uint8Array, paths: readonly string[], source: string): Promise<Hdf5Array[]> {
  library ??= import('h5wasm/node')
  const h5wasm = await library
  const { FS } = await h5wasm.ready
  const name = `/in-memory-${fileCount++}.h5`
  FS.writeFile(name, bytes)
  try {
    const file = openFile(() => new h5wasm.File(name, 'r'), source)
    try {
      return paths.map((path) => readDataset(file, path, source))
    } finally {
      file.close()
    }
  } finally {
    FS.unlink(name)
  }
}

type Hdf5File = import('h5wasm/node').File

function openFile(open: () => Hdf5File, source: string): Hdf5File {
  try {
    return open()
  } catch (cause) {
    throw new SiibraError('BAD_DATA', `${source} is no HDF5 file`, { url: source }, { cause })
  }
}

function readDataset(file: Hdf5File, path: string, source: string): Hdf5Array {
  const dataset = file.get(path)
  const value = dataset && 'value' in dataset ? dataset.value : undefined
  const shape = dataset && 'shape' in dataset ? dataset.shape : undefined
  if (!ArrayBuffer.isView(value) || !shape) {
    throw new SiibraError('BAD_DATA', `${source} has no numbers at ${path}`, { url: source })
  }
  return { shape: [...shape], data: Float64Array.from(value as unknown as ArrayLike<number>, Number) }
}
