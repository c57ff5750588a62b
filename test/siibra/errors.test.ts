import { expect, test } from 'vitest'
import { toPlainError } from '../../src/siibra/errors.ts'

test.each(['ENOSPC', 'EDQUOT', 'EFBIG'])('a full disk is no fault of the task: %s', (code) => {
  const error = Object.assign(new Error(`${code}: no room, write`), { code })
  expect(toPlainError(error)).toMatchObject({ code: 'UNAVAILABLE', details: { retryAfterS: 5 } })
})

test('what nobody expected is internal', () => {
  expect(toPlainError(Object.assign(new Error('EPERM: not permitted'), { code: 'EPERM' })).code).toBe('INTERNAL')
})
