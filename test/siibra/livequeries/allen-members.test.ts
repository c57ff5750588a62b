import { describe, expect, test } from 'vitest'
import { createRetrieval } from '../../../src/siibra/index.ts'
import {
  findProbes,
  loadAlignment,
  loadDonorFacts,
  loadExpressions,
} from '../../../src/siibra/livequeries/allen-api.ts'

/** An Allen API that gives these answers, one after the other, and the last one for ever; and how often it was asked. */
function answering(...answers: string[]) {
  const api = { asked: 0 }
  const get = async () => new TextEncoder().encode(answers[Math.min(api.asked++, answers.length - 1)])
  return { api, retrieval: createRetrieval({ mirror: { get }, offline: true }) }
}
const json = (msg: unknown) => answering(JSON.stringify({ success: true, msg })).retrieval
const oddly = (what: string) => ({
  code: 'BAD_DATA',
  message: expect.stringContaining(`The Allen API gives an odd answer: ${what}`),
})
const missing = (member: string) => oddly(`${member} is missing, or not what it should be,`)

describe('probes', () => {
  const page = (total: number, ...ids: (number | string)[]) =>
    `<Response success="true" total_rows="${total}"><probes>${ids.map((id) => `<probe><id>${id}</id></probe>`).join('')}</probes></Response>`

  test.each([
    ['no XML', '<Response success="true"><probes>', 'no XML'],
    ['an id of nothing', page(1, ''), 'probe 0 has no id'],
    ['an id of words', page(2, 7, 'seven'), 'probe 1 has no id'],
  ])('%s is odd', async (_, answer, what) => {
    await expect(findProbes(answering(answer).retrieval, ['MAOA'])).rejects.toMatchObject(oddly(what))
  })

  test('a page of none ends where there should be more', async () => {
    const { retrieval } = answering(page(3, 7), page(3))
    const what = 'page 2 is empty, with 1 of 3 rows read'
    await expect(findProbes(retrieval, ['MAOA'])).rejects.toMatchObject(oddly(what))
  })

  test('two hundred pages are the most', async () => {
    const { api, retrieval } = answering(page(1000, 7))
    await expect(findProbes(retrieval, ['MAOA'])).rejects.toMatchObject(oddly('more than 200 pages'))
    expect(api.asked).toBe(200)
  })
})

describe('donors', () => {
  test('have an age in years, and texts where they are told', async () => {
    const age = { days: 20_000 }
    const donors = [
      { id: 1, race_only: 'some', sex: 'F', age },
      { id: 2, race_only: 5, age: { days: 364 } },
    ]
    expect([...(await loadDonorFacts(json(donors)))]).toEqual([
      [1, { race: 'some', gender: 'F', age: 54 }],
      [2, { race: '', gender: '', age: 0 }],
    ])
  })

  test.each([
    [[], 'msg'],
    [{}, 'msg'],
    [[null], 'msg[0]'],
    [[{ id: 'one', age: { days: 1 } }], 'msg[0].id'],
    [[{ id: 1, age: null }], 'msg[0].age.days'],
    [[{ id: 1, age: { days: 'many' } }], 'msg[0].age.days'],
  ])('%j is odd in %s', async (msg, member) => {
    await expect(loadDonorFacts(json(msg))).rejects.toMatchObject(missing(member))
  })
})

test.each([[null], [[]], [[null]], [[{}]], [[{ alignment3d: 5 }]]])('an alignment of %j is none', async (msg) => {
  await expect(loadAlignment(json(msg), 'H0351.1015')).rejects.toMatchObject(missing('msg[0].alignment3d'))
})

describe('expressions', () => {
  const samples = [{ donor: { id: 1, name: 'one' }, sample: { mri: [1, 2, 3] } }]
  const probe = { id: 7, 'gene-symbol': 'MAOA', expression_level: ['1.5'], 'z-score': [-2] }

  test('are numbers, as numbers or as texts, or nothing', async () => {
    const probes = [probe, { id: 8, expression_level: [null], 'z-score': [''] }]
    expect(await loadExpressions(json({ samples, probes }), [7, 8], '1')).toEqual({
      samples: [{ donorId: 1, donorName: 'one', mri: [1, 2, 3] }],
      probes: [
        { id: 7, gene: 'MAOA', levels: [1.5], zScores: [-2] },
        { id: 8, gene: '', levels: [null], zScores: [null] },
      ],
    })
  })

  test.each([
    [null, 'msg.samples'],
    [{ samples: 5, probes: [] }, 'msg.samples'],
    [{ samples, probes: 5 }, 'msg.probes'],
    [{ samples: [null], probes: [] }, 'msg.samples[0]'],
    [{ samples: [{ donor: null, sample: { mri: [1, 2, 3] } }], probes: [] }, 'msg.samples[0]'],
    [{ samples: [{ donor: { id: 1 }, sample: null }], probes: [] }, 'msg.samples[0]'],
    [{ samples: [{ donor: { id: 1 }, sample: { mri: [1, 2] } }], probes: [] }, 'msg.samples[0].sample.mri'],
    [{ samples, probes: [null] }, 'msg.probes[0].id'],
    [{ samples, probes: [{ ...probe, id: 'seven' }] }, 'msg.probes[0].id'],
    [{ samples, probes: [{ ...probe, 'z-score': 5 }] }, 'msg.probes[0].z-score'],
    [{ samples, probes: [{ ...probe, 'z-score': [1, 2] }] }, 'msg.probes[0].z-score'],
    [{ samples, probes: [{ ...probe, expression_level: [true] }] }, 'msg.probes[0].expression_level[0]'],
    [{ samples, probes: [{ ...probe, expression_level: ['high'] }] }, 'msg.probes[0].expression_level[0]'],
  ])('%j is odd in %s', async (msg, member) => {
    await expect(loadExpressions(json(msg), [7], '1')).rejects.toMatchObject(missing(member))
  })
})
