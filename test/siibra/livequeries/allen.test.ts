/** What is read out of answers of the Allen API. */
import { describe, expect, test } from 'vitest'
import { loadGenes, queryGeneExpressions } from '../../../src/siibra/livequeries/allen.ts'
import {
  findProbes,
  loadAlignment,
  loadDonorFacts,
  loadExpressions,
} from '../../../src/siibra/livequeries/allen-api.ts'
import { labelFile, labelledMap, loadSmallAtlas, parcellation, space } from '../small-atlas.ts'
import { alignment, answering, DONOR_IDS, DONORS, donorFacts, expressions } from './allen-answers.ts'

describe('measurements of genes', () => {
  test('are those of each donor, sample and probe, at their place in MNI to hundredths', async () => {
    const { retrieval } = answering()
    const measured = (await loadGenes(retrieval, ['MAOA'])).get('MAOA') ?? []
    expect(measured).toHaveLength(DONORS.length * 2 * 2)
    expect(measured[0]).toEqual({
      race: 'race 0',
      gender: 'F',
      age: 30,
      gene: 'MAOA',
      level: 1.5,
      zScore: 0.5,
      sample: 0,
      probeId: 7,
      donorName: DONORS[0],
      mniMm: [1, 1, 1],
    })
    expect(measured.slice(0, 4).map(({ level, zScore, sample, probeId }) => [level, zScore, sample, probeId])).toEqual([
      [1.5, 0.5, 0, 7],
      [0, -0.5, 0, 8],
      [null, null, 1, 7],
      [3, 2, 1, 8],
    ])
    expect(measured.filter((_, i) => i % 4 === 0).map(({ donorName, age }) => [donorName, age])).toEqual(
      DONORS.map((name, i) => [name, 30 + i]),
    )
  })

  test.each([
    [0.005, 0],
    [0.015, 0.02],
    [0.125, 0.12],
    [0.135, 0.14],
    [-0.125, -0.12],
    [0.126, 0.13],
    [0.124, 0.12],
    [2.5, 2.5],
  ])('coordinates of %d mm are rounded to %d, halves to even', async (mm, rounded) => {
    const { retrieval } = answering({
      human_microarray_expression: (url) => {
        const msg = expressions(DONOR_IDS.findIndex((id) => url.includes(`$eq${id}`)))
        return {
          success: true,
          msg: { ...msg, samples: msg.samples.map((one) => ({ ...one, sample: { mri: [0, mm / 2, 0] } })) },
        }
      },
    })
    expect((await loadGenes(retrieval, ['MAOA'])).get('MAOA')?.[0]?.mniMm[1]).toBe(rounded)
  })

  test('are asked for once for each gene, whatever its case; a gene without probes has none', async () => {
    const { retrieval, asked } = answering()
    const genes = await loadGenes(retrieval, ['maoa', 'MAOA', 'C1ORF1'])
    expect([...genes.keys()]).toEqual(['MAOA', 'C1orf1'])
    expect(genes.get('C1orf1')).toEqual([])
    expect(asked.filter((url) => url.includes('query.xml'))).toHaveLength(2)
    await expect(loadGenes(retrieval, ['MAOX'])).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test.each([
    ['donor', { 'model::Donor': () => ({ success: true, msg: donorFacts.slice(1) }) }],
    [
      'specimen',
      {
        human_microarray_expression: () => {
          const { probes, samples } = expressions(0)
          return {
            success: true,
            msg: { probes, samples: samples.map((one) => ({ ...one, donor: { id: DONOR_IDS[0], name: '?' } })) },
          }
        },
      },
    ],
  ])('are bad data of a %s that nobody knows', async (_, change) => {
    await expect(loadGenes(answering(change).retrieval, ['MAOA'])).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringContaining('knows no donor'),
    })
  })
})

describe('answers of the API', () => {
  test('are read page by page, 50 rows at a time', async () => {
    const pages = [50, 50, 1]
    const { retrieval, asked } = answering({
      'query.xml': () => {
        const page = asked.length - 1
        const rows = Array.from({ length: pages[page] ?? 0 }, (_, i) => `<probe><id>${100 * page + i}</id></probe>`)
        return `<Response success="true" total_rows="101"><probes>${rows.join('')}</probes></Response>`
      },
    })
    const ids = await findProbes(retrieval, ['MAOA', 'TAC1'])
    expect(ids).toHaveLength(101)
    expect(ids.at(-1)).toBe(200)
    expect(asked[0]).toContain("gene[acronym$in'MAOA','TAC1']")
    expect(asked[0]).not.toContain('start_row')
    expect(asked.slice(1).map((url) => /\[start_row.*$/.exec(url)?.[0])).toEqual([
      '[start_row$eq50][num_rows$eq50]',
      '[start_row$eq100][num_rows$eq50]',
    ])
  })

  test.each([
    ['page 2 is empty, with 1 of 2 rows read', (page: number) => (page === 0 ? '<probe><id>1</id></probe>' : '')],
    ['more than 200 pages', () => '<probe><id>1</id></probe>'],
  ])('are refused where %s', async (told, rowsOf) => {
    let page = 0
    const { retrieval, asked } = answering({
      'query.xml': () => {
        const total = told.startsWith('more') ? 999 : 2
        return `<Response success="true" total_rows="${total}"><probes>${rowsOf(page++)}</probes></Response>`
      },
    })
    await expect(findProbes(retrieval, ['MAOA'])).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringContaining(told),
    })
    if (told.startsWith('more')) expect(asked).toHaveLength(200)
  })

  test.each([
    [
      'no number',
      '<Response success="true" total_rows="many"><probes><probe><id>4</id></probe></probes></Response>',
      [4],
    ],
    ['none', '<Response success="true"><probes><probe><id>4</id></probe></probes></Response>', [4]],
    ['no probes', '<Response success="true" total_rows="0"></Response>', []],
  ])('may tell of their rows %s', async (_, xml, ids) => {
    expect(await findProbes(answering({ 'query.xml': () => xml }).retrieval, ['MAOA'])).toEqual(ids)
  })

  test.each([
    ['no XML', '<Response success="true" total_rows="1"><probes><probe><id>4</id></probe></probes>'],
    ['no element Response', '<answer/>'],
  ])('are refused with %s', async (told, xml) => {
    await expect(findProbes(answering({ 'query.xml': () => xml }).retrieval, ['MAOA'])).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringContaining(told),
    })
  })

  test.each(['<id></id>', '', '<id>x</id>', '<id>1.5</id>'])('are refused with a probe of %j', async (id) => {
    const xml = `<Response success="true" total_rows="1"><probes><probe>${id}<name>a</name></probe></probes></Response>`
    await expect(findProbes(answering({ 'query.xml': () => xml }).retrieval, ['MAOA'])).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringContaining('probe 0 has no id'),
    })
  })

  test('have donors with their age in whole years, and without text where there is none', async () => {
    const donors = await loadDonorFacts(
      answering({
        'model::Donor': () => ({ success: true, msg: [{ id: 1, race_only: null, sex: 'M', age: { days: 729 } }] }),
      }).retrieval,
    )
    expect([...donors]).toEqual([[1, { race: '', gender: 'M', age: 1 }]])
  })

  test.each([
    ['msg[0]', [null]],
    ['msg[0]', [[1]]],
    ['msg[0].id', [{ age: { days: 1 } }]],
    ['msg[0].id', [{ id: '1', age: { days: 1 } }]],
    ['msg[0].age.days', [{ id: 1 }]],
    ['msg[0].age.days', [{ id: 1, age: null }]],
    ['msg[0].age.days', [{ id: 1, age: { days: '40' } }]],
    ['msg', []],
    ['msg', 'ok'],
  ])('have no donors without a right %s: %j', async (member, msg) => {
    const { retrieval } = answering({ 'model::Donor': () => ({ success: true, msg }) })
    await expect(loadDonorFacts(retrieval)).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringContaining(`${member} is missing`),
    })
  })

  test('have the rows of an alignment, its translation last', async () => {
    expect(await loadAlignment(answering().retrieval, 'H0351.1015')).toEqual([
      [1, 0, 0, 1],
      [0, 2, 0, 0],
      [0, 0, -1, 0],
    ])
    const wrong = [[{ alignment3d: { ...alignment, tvr_11: '0' } }], [{ alignment3d: null }], [null], {}]
    for (const msg of wrong) {
      const { retrieval } = answering({ 'Specimen/query.json': () => ({ success: true, msg }) })
      await expect(loadAlignment(retrieval, 'H0351.1015')).rejects.toMatchObject({ code: 'BAD_DATA' })
    }
  })

  const right = expressions(0)
  const [sample] = right.samples
  const [probe] = right.probes
  test.each([
    ['msg.samples', { ...right, samples: null }],
    ['msg.samples', []],
    ['msg.probes', { ...right, probes: null }],
    ['msg.samples[0]', { ...right, samples: [null, sample] }],
    ['msg.samples[0]', { ...right, samples: [{ sample: sample?.sample }, sample] }],
    ['msg.samples[1]', { ...right, samples: [sample, { donor: sample?.donor }] }],
    ['msg.samples[0].sample.mri', { ...right, samples: [{ ...sample, sample: { mri: [1, 2] } }, sample] }],
    ['msg.samples[0].sample.mri', { ...right, samples: [{ ...sample, sample: { mri: [1, 2, '3'] } }, sample] }],
    ['msg.probes[0].id', { ...right, probes: [{ ...probe, id: null }] }],
    ['msg.probes[0].id', { ...right, probes: [null] }],
    ['msg.probes[0].expression_level', { ...right, probes: [{ ...probe, expression_level: [1] }] }],
    ['msg.probes[0].expression_level', { ...right, probes: [{ ...probe, expression_level: '12' }] }],
    ['msg.probes[0].z-score', { ...right, probes: [{ ...probe, 'z-score': [1, 2, 3] }] }],
    ['msg.probes[0].z-score[1]', { ...right, probes: [{ ...probe, 'z-score': [1, true] }] }],
    ['msg.probes[0].z-score[0]', { ...right, probes: [{ ...probe, 'z-score': ['x', 1] }] }],
  ])('are refused without a right %s', async (member, msg) => {
    const { retrieval } = answering({ human_microarray_expression: () => ({ success: true, msg }) })
    await expect(loadExpressions(retrieval, [7], '15496')).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringContaining(`odd answer: ${member} is missing`),
    })
  })

  test('may have further numbers behind x, y and z, and no symbol of the gene', async () => {
    const msg = {
      probes: [{ id: 7, expression_level: [1], 'z-score': [2] }],
      samples: [{ donor: { id: 1, name: 'd' }, sample: { mri: [1, 2, 3, 4] } }],
    }
    const { retrieval, asked } = answering({ human_microarray_expression: () => ({ success: true, msg }) })
    const found = await loadExpressions(retrieval, [7, 8], '15496')
    expect(found.probes).toEqual([{ id: 7, gene: '', levels: [1], zScores: [2] }])
    expect(found.samples[0]).toMatchObject({ donorId: 1, donorName: 'd' })
    expect(asked[0]).toContain('[probes$in7,8][donors$eq15496]')
  })
})

const MNI = 'minds/core/referencespace/v1.0.0/dafcffc5-4826-4bf1-8ff6-46b8a31ff8e2'

describe('gene expressions of a region', () => {
  const load = async (species?: string) => {
    const { answer } = answering()
    const files = {
      'spaces/one.json': space(MNI, 'MNI152', species),
      'parcellations/one.json': parcellation('p-1', [{ name: 'A' }, { name: 'B' }, { name: 'undrawn' }], species),
      'maps/one.json': labelledMap('p-1', MNI, { A: 1, B: 2 }),
    }
    // the first sample lies at 1, 1, 1, the second at 1.01, 0.01 (rounded), -0.01
    const labels = Array.from({ length: 27 }, (_, at) => (at === 13 ? 1 : at === 1 ? 2 : 0))
    const core = await loadSmallAtlas(files, { 'example.org/labels.nii': labelFile([3, 3, 3], labels) }, answer)
    const query = (name: string, genes?: string[]) => {
      const region = core.parcellations.get('p-1').regions.find((one) => one.name === name)
      if (!region) throw new Error(name)
      return queryGeneExpressions(core, region, { genes })
    }
    return query
  }

  test('are those of the samples in its voxels, as a table', async () => {
    const query = await load()
    const [a] = await query('A', ['MAOA'])
    if (a?.kind !== 'table' || a.anchor.location?.kind !== 'pointcloud') throw new Error('no table')
    expect(a.table.index).toHaveLength(12)
    expect(a.table.columns.map(({ name, values }) => [name, values[1]])).toEqual([
      ['level', 0],
      ['zscore', -0.5],
      ['gene', 'MAOA'],
      ['race', 'race 0'],
      ['gender', 'F'],
      ['age', 30],
      ['mni_xyz', [1, 1, 1]],
      ['sample', 0],
      ['probe_id', 8],
      ['donor_name', DONORS[0]],
    ])
    expect(a.anchor.location.pointsMm).toEqual(Array(12).fill([1, 1, 1]))
    const [b] = await query('B', ['MAOA'])
    expect(b?.kind === 'table' && b.table.columns.find(({ name }) => name === 'sample')?.values).toEqual(
      Array(12).fill(1),
    )
  })

  test('are an empty table without genes, and none where no map draws the region, or of another species', async () => {
    const query = await load()
    const [empty] = await query('A')
    expect(empty?.kind === 'table' && empty.table.index).toEqual([])
    expect(await query('undrawn', ['MAOA'])).toEqual([])
    await expect(query('A', ['nonsense'])).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await (await load('Rattus norvegicus'))('A', ['MAOA'])).toEqual([])
  })
})
