import { expect, test } from 'vitest'
import { mutateDocument } from './mutations.ts'

test('a document is broken the same way by the same seed, whatever was broken before', () => {
  const whole = Buffer.from(JSON.stringify({ shape: [1, [2, { x: [] }]], attributes: { scales: [{}, []] } }))
  const all = () => Array.from({ length: 400 }, (_, seed) => mutateDocument(whole, seed).toString())
  expect(all()).toEqual(all())
})
