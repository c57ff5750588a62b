/** Maps that no one here made, compared with what nibabel and nilearn say about them (test/fixtures/mricron). */
import { existsSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ParcellationMap } from '../../src/siibra/index.ts'
import { decodeNifti } from '../../src/siibra/volumes/nifti/decode.ts'
import { startTestApp, type TestApp } from '../app.ts'
import { requireDebianPackage } from '../debian-package.ts'
import { documentedRequests, exampleSettings, loadExample } from './documented-requests.ts'

const folder = 'docs/examples/mricron'
const templates = '/usr/share/mricron/templates'

interface Component {
  voxels: number
  centroid_mm: number[]
}
interface ExpectedMap {
  file: string
  shape: number[]
  affine: number[][]
  regions: Record<string, { voxels: number; components: number; largest: Component[]; nilearn_largest: Component }>
  points: { mm: number[]; label: number }[]
}
const expected: { template: { sum: number }; maps: Record<string, ExpectedMap> } = JSON.parse(
  readFileSync('test/fixtures/mricron/expected.json', 'utf8'),
)

const missing = await requireDebianPackage('mricron-data', () => existsSync(`${templates}/ch2.nii.gz`))

describe.skipIf(missing !== undefined)(`the atlases of mricron-data${missing ? `, skipped: ${missing}` : ''}`, () => {
  let app: TestApp
  beforeAll(async () => {
    app = await startTestApp(exampleSettings(folder))
  })
  afterAll(() => app.close())

  it.each(documentedRequests(`${folder}/README.md`))('%s', async (path) => {
    const answer = await app.get(path)
    expect(answer.status, new TextDecoder().decode(answer.bytes.subarray(0, 500))).toBe(200)
  })

  it('answers with the template as it is', async () => {
    const { data } = decodeNifti(readFileSync(`${templates}/ch2.nii.gz`))
    let sum = 0
    for (const value of data) sum += value
    expect(sum).toBe(expected.template.sum)
  })

  describe.each(Object.entries(expected.maps))('%s', (parcellation, map) => {
    it('assigns 200 points as nibabel does', async () => {
      const nameOf = await namesByLabel(parcellation)
      for (const { mm, label } of map.points) {
        const query = new URLSearchParams({
          parcellation_id: parcellationId(parcellation),
          space_id: 'ch2',
          point: JSON.stringify(mm),
          assignment_type: 'labelled',
        })
        const answer = await app.get(`/v3_0/map/assign?${query}`)
        expect(answer.status, new TextDecoder().decode(answer.bytes.subarray(0, 500))).toBe(200)
        const { columns, data } = answer.json<{ columns: string[]; data: unknown[][] }>()
        const regions = data.map((row) => row[columns.indexOf('region')])
        expect(regions, `at ${mm.join(', ')}`).toEqual(label === 0 ? [] : [nameOf.get(label)])
      }
    })

    it('has the centroids of the largest components, as nibabel and nilearn have them', async () => {
      const nameOf = await namesByLabel(parcellation)
      let agreedByNilearn = 0
      for (const [label, { largest, nilearn_largest }] of Object.entries(map.regions)) {
        const query = new URLSearchParams({ parcellation_id: parcellationId(parcellation), space_id: 'ch2' })
        const answer = await app.get(`/v3_0/regions/${encodeURIComponent(nameOf.get(Number(label))!)}?${query}`)
        const { hasAnnotation } = answer.json<{
          hasAnnotation: { bestViewPoint: { coordinates: { value: number }[] } }
        }>()
        const centroid = hasAnnotation.bestViewPoint.coordinates.map(({ value }) => value)
        for (const [axis, value] of centroid.entries()) expect(value).toBeCloseTo(largest[0]!.centroid_mm[axis]!, 5)
        if (nilearn_largest.voxels === largest[0]!.voxels) {
          agreedByNilearn += 1
          for (const [axis, value] of centroid.entries())
            expect(value).toBeCloseTo(nilearn_largest.centroid_mm[axis]!, 5)
        }
      }
      expect(agreedByNilearn).toBeGreaterThan(0)
    })
  })
})

function parcellationId(name: string): string {
  return `siibra-api/examples/mricron/parcellation/${name}`
}

/** Names of the regions by the labels that the example's map gives them. */
async function namesByLabel(parcellation: string): Promise<Map<number, string>> {
  const core = await loadExample(folder)
  const map = core.maps.all.find(
    (candidate: ParcellationMap) => candidate.parcellation.id === parcellationId(parcellation),
  )!
  return new Map([...map.indices].map(([name, [index]]) => [index!.label!, name]))
}
