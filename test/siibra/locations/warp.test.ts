import { expect, test } from 'vitest'
import { spatialBackendSpaceId, warpPoints } from '../../../src/siibra/locations/warp.ts'
import { standInRetrieval } from '../retrieval/stand-in.ts'

const mni152 = 'minds/core/referencespace/v1.0.0/dafcffc5-4826-4bf1-8ff6-46b8a31ff8e2'
const bigBrain = 'minds/core/referencespace/v1.0.0/a1655b99-82f1-420f-a3c2-fe80fd4c8588'

function answering(answer: (body: { source_points: number[][] }) => unknown) {
  const bodies: { source_points: number[][] }[] = []
  const postJson = async (_url: string, body: unknown) => {
    bodies.push(body as { source_points: number[][] })
    return answer(body as { source_points: number[][] })
  }
  return { bodies, retrieval: standInRetrieval({ postJson }) }
}

test('points are sent by their thousands and come back in order', async () => {
  const { bodies, retrieval } = answering(({ source_points }) => ({
    target_points: source_points.map(([x]) => [x, 1, 2]),
  }))
  const points = Array.from({ length: 1001 }, (_, n) => [n, 0, 0] as [number, number, number])
  const warped = await warpPoints(points, mni152, bigBrain, retrieval)
  expect(bodies.map(({ source_points }) => source_points.length)).toEqual([1000, 1])
  expect(bodies[0]).toMatchObject({
    source_space: 'MNI 152 ICBM 2009c Nonlinear Asymmetric',
    target_space: 'Big Brain (Histology)',
  })
  expect(warped[1000]).toEqual([1000, 1, 2])
})

test('a thousand points are one request', async () => {
  const { bodies, retrieval } = answering(({ source_points }) => ({ target_points: source_points }))
  const points = Array.from({ length: 1000 }, (_, n) => [n, 0, 0] as [number, number, number])
  expect(await warpPoints(points, mni152, bigBrain, retrieval)).toEqual(points)
  expect(bodies).toHaveLength(1)
})

test('spaces by the names of the service', () => {
  expect(spatialBackendSpaceId('Big Brain (Histology)')).toBe(bigBrain)
  expect(spatialBackendSpaceId('Big Brain')).toBeUndefined()
})

test('within a space nothing is sent', async () => {
  const { bodies, retrieval } = answering(() => ({}))
  expect(await warpPoints([[1, 2, 3]], mni152, mni152, retrieval)).toEqual([[1, 2, 3]])
  expect(bodies).toEqual([])
})

test('a point that the transformation does not reach is undefined', async () => {
  const { retrieval } = answering(() => ({ target_points: [[null, null, null]] }))
  expect(await warpPoints([[1, 2, 3]], mni152, bigBrain, retrieval)).toEqual([undefined])
})

test('what is no point is undefined', async () => {
  const answers = [[1, 2], [1, 2, 3, 4], null, 'abc', [1, 2, 'x'], [4, 5, 6]]
  const { retrieval } = answering(() => ({ target_points: answers }))
  const points = answers.map(() => [0, 0, 0] as const)
  const none = undefined
  expect(await warpPoints(points, mni152, bigBrain, retrieval)).toEqual([none, none, none, none, none, [4, 5, 6]])
})

test('spaces without a transformation', async () => {
  const { retrieval } = answering(() => ({}))
  await expect(warpPoints([[1, 2, 3]], mni152, 'elsewhere', retrieval)).rejects.toMatchObject({
    code: 'INVALID_COMBINATION',
  })
})

test('an answer of another length is bad data', async () => {
  const { retrieval } = answering(() => ({ target_points: [] }))
  await expect(warpPoints([[1, 2, 3]], mni152, bigBrain, retrieval)).rejects.toMatchObject({ code: 'BAD_DATA' })
})
