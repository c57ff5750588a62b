/** Fixtures made by the reference implementations; see test/fixtures/volumes/README.md. */
import { readFileSync } from 'node:fs'
import type { Store } from '../../../src/siibra/retrieval/stores/store.ts'
import type { VoxelArray, VoxelType } from '../../../src/siibra/volumes/image.ts'

const folder = new URL('../../fixtures/volumes/', import.meta.url)

export function readJsonFixture<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as T
}

export function fromBase64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'))
}

export function toVoxels(dtype: VoxelType, values: number[]): VoxelArray {
  const arrays = {
    uint8: Uint8Array,
    int8: Int8Array,
    uint16: Uint16Array,
    int16: Int16Array,
    uint32: Uint32Array,
    int32: Int32Array,
    float32: Float32Array,
    float64: Float64Array,
  }
  return arrays[dtype].from(values)
}

export type Files = Record<string, Uint8Array>

/** A store of these files that notes what it is asked for. */
export function createMemoryStore(files: Files): Required<Pick<Store, 'get' | 'getRange'>> & { asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    async get(key) {
      asked.push(key)
      return files[key]
    },
    async getRange(key, range) {
      asked.push(key)
      return 'offset' in range
        ? files[key]?.subarray(range.offset, range.offset + range.length)
        : files[key]?.subarray(-range.suffixLength)
    },
  }
}
