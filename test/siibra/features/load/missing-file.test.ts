import { expect, test } from 'vitest'
import { unlessMissing } from '../../../../src/siibra/features/load/missing-file.ts'
import { SiibraError } from '../../../../src/siibra/index.ts'

test('what is missing is undefined, what fails otherwise stays an error', async () => {
  expect(await unlessMissing(Promise.resolve(5))).toBe(5)
  for (const missing of [
    new SiibraError('UPSTREAM_UNAVAILABLE', 'gone', { status: 404 }),
    new SiibraError('NOT_AVAILABLE', 'nothing names it', {}),
  ])
    expect(await unlessMissing(Promise.reject(missing))).toBeUndefined()
  for (const error of [
    new SiibraError('UPSTREAM_UNAVAILABLE', 'away', { status: 503 }),
    Object.assign(new Error('not ours'), { code: 'NOT_AVAILABLE', details: { status: 404 } }),
  ])
    await expect(unlessMissing(Promise.reject(error))).rejects.toBe(error)
})
