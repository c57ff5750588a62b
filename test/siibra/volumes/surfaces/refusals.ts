import { expect } from 'vitest'
import { SiibraError } from '../../../../src/siibra/errors.ts'

export const source = 'https://a.org/surface'

/** Everything that a decoder may do with broken bytes: read them, or refuse them by name. */
export function expectRefusal(decode: () => unknown, codes = ['BAD_DATA', 'UNSUPPORTED']): boolean {
  try {
    decode()
  } catch (error) {
    expect(error).toBeInstanceOf(SiibraError)
    expect(codes).toContain((error as SiibraError).code)
    expect((error as SiibraError).details.url).toBe(source)
    return true
  }
  return false
}
