import { expect, test } from 'vitest'
import { findRelatedRegions, getRegion } from '../../../src/siibra/index.ts'
import { loadExample } from './fixtures.ts'

const BUCKET = 'https://data-proxy.ebrains.eu/api/v1/buckets/reference-atlas-data/ebrainsquery/v3'
const KG = 'https://kg.ebrains.eu/api/instances/'
const version = (n: number) => `00000000-0000-4000-8000-0000000000${n}`
const ENTITY = '22222222-0000-4000-8000-000000000001'
const OTHER = '22222222-0000-4000-8000-000000000002'

const entityType = ['https://openminds.ebrains.eu/sands/ParcellationEntity']
const REMOTE = {
  [`${BUCKET}/ParcellationEntityVersion/${version(11)}.json`]: { isVersionOf: [{ id: KG + ENTITY }] },
  [`${BUCKET}/ParcellationEntity/${ENTITY}.json`]: {
    hasVersion: [{ id: KG + version(11) }, { id: KG + version(21) }, { id: KG + version(99) }],
    inRelationTo: [
      {
        qualitativeOverlap: [{ name: 'is homologous to' }],
        inRelationTo: [{ id: KG + OTHER, type: entityType }],
      },
      { qualitativeOverlap: [{ name: 'is unlike' }], inRelationTo: [{ id: KG + OTHER, type: entityType }] },
    ],
  },
  [`${BUCKET}/ParcellationEntity/${OTHER}.json`]: { hasVersion: [{ id: KG + version(22) }, { id: KG + version(12) }] },
}

test('other versions and homologous regions, in the order of parcellations and trees', async () => {
  const core = await loadExample({ remote: REMOTE })
  const region = getRegion(core.parcellations.get('areas 1.0'), 'Area aB1 (OutR, 17) left')
  const relations = await findRelatedRegions(core, region)
  expect(
    relations.map(({ qualification, related }) => [qualification, related.parcellation.shortname, related.name]),
  ).toEqual([
    ['OTHER_VERSION', 'Areas 2.0', 'Area aB1 (OutR, 17) left'],
    ['OTHER_VERSION', 'Areas 2.0', 'Area aB1 (OutR, 17) right'],
    ['HOMOLOGOUS', 'Areas 1.0', 'Area aB2 (OutR, 18) left'],
    ['HOMOLOGOUS', 'Areas 1.0', 'Area aB2 (OutR, 18) right'],
    ['HOMOLOGOUS', 'Areas 2.0', 'Area aB2 (OutR, 18) left'],
    ['HOMOLOGOUS', 'Areas 2.0', 'Area aB2 (OutR, 18) right'],
  ])
  expect(new Set(relations.map((relation) => relation.region))).toEqual(new Set([region]))
})

test('what the knowledge graph does not have is passed over', async () => {
  const core = await loadExample()
  const areas = core.parcellations.get('areas 1.0')
  expect(await findRelatedRegions(core, getRegion(areas, 'Area aB1 (OutR, 17) left'))).toEqual([])
  expect(await findRelatedRegions(core, getRegion(areas, 'ridge'))).toEqual([])
  expect(await findRelatedRegions(core, areas)).toEqual([])
})
