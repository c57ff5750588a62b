import { expect, test } from 'vitest'
import {
  acknowledgeAbort,
  createClaims,
  hasSeenAbort,
  isWaiting,
  offer,
  take,
  withdraw,
} from '../../../src/dispatch/threads/claims.ts'

test('a task that was offered is taken by the thread or by the pool, once', () => {
  const claims = createClaims()
  expect([isWaiting(claims, 7), take(claims, 7), withdraw(claims, 7)]).toEqual([false, false, false])
  offer(claims, 7)
  expect([isWaiting(claims, 7), take(claims, 7), isWaiting(claims, 7)]).toEqual([true, true, false])
  expect([take(claims, 7), withdraw(claims, 7)]).toEqual([false, false])
  offer(claims, 8)
  expect([withdraw(claims, 8), isWaiting(claims, 8), take(claims, 8), withdraw(claims, 8)]).toEqual([
    true,
    false,
    false,
    false,
  ])
})

test('that it is to stop is seen of a task that is under way, and of no other', () => {
  const claims = createClaims()
  offer(claims, 3)
  expect([take(claims, 3), hasSeenAbort(claims, 3)]).toEqual([true, false])
  acknowledgeAbort(claims, 3)
  expect([hasSeenAbort(claims, 3), hasSeenAbort(claims, 2), isWaiting(claims, 3)]).toEqual([true, false, false])
})

test('ids begin anew in the same places after 1024 tasks', () => {
  const claims = createClaims()
  for (const id of [1023, 1024, 2050]) offer(claims, id)
  expect([0, 1, 2, 1023].filter((id) => isWaiting(claims, id))).toEqual([0, 2, 1023])
  expect([take(claims, 2048), withdraw(claims, 2047), take(claims, 1026)]).toEqual([true, true, true])
  acknowledgeAbort(claims, 4096)
  expect([hasSeenAbort(claims, 0), hasSeenAbort(claims, 1024), hasSeenAbort(claims, 1025)]).toEqual([true, true, false])
})
