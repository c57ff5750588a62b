/** Images that are sent, beside what nilearn and siibra's formulas make of them. */
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApp, type TestApp } from '../../app.ts'
import { refusesBadImages } from './bad-images.ts'
import {
  expectClose,
  failureOf,
  formOf,
  IN_SPACE,
  imageFile,
  PARCELLATION,
  reference,
  rowsOf,
  SPACE,
} from './image-fixtures.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.close())

const post = (path: string, body: Buffer, type = 'application/octet-stream') =>
  app.send('POST', `/v3_0/map/${path}`, body, { 'content-type': type })

describe('POST /map/values', () => {
  const values = (query: string, body: Buffer, type?: string) => post(`values?${IN_SPACE}&${query}`, body, type)

  it.each(reference.values)("gives NiftiLabelsMasker's values: $image, $strategy to $target", async (made) => {
    const { image, strategy, target, regions } = made
    const rows = rowsOf(await values(`strategy=${strategy}&resampling_target=${target}`, imageFile(image)))
    expect(Object.keys(rows[0]!)).toEqual(Object.keys(regions))
    for (const [name, expected] of Object.entries(regions))
      for (const [volume, value] of expected.entries()) {
        const found = rows[volume]![name]
        if (value === null) expect(found, name).toBe(null)
        else expectClose([found as number], [value], 2e-6)
      }
  })

  it.each(reference.signals)(
    "gives NiftiMapsMasker's signals: $image to $target",
    async ({ image, target, regions }) => {
      const rows = rowsOf(await values(`assignment_type=statistical&resampling_target=${target}`, imageFile(image)))
      for (const [name, expected] of Object.entries(regions))
        expectClose(
          rows.map((row) => row[name] as number),
          expected as number[],
          1e-5,
        )
    },
  )

  it('takes plain files, forms, and answers as CSV', async () => {
    const file = imageFile('stat')
    const rows = rowsOf(await values('', file))
    expect(rowsOf(await values('', gunzipSync(file), 'application/x-nifti'))).toEqual(rows)
    expect(rowsOf(await values('', formOf(file), 'multipart/form-data; boundary=between'))).toEqual(rows)
    // one that is kept in a file until it is read
    const large = Buffer.concat([gunzipSync(file), Buffer.alloc(400 * 1024)])
    expect(rowsOf(await values('', large))).toEqual(rows)
    expect(rowsOf(await values('', formOf(large), 'multipart/form-data; boundary="between"'))).toEqual(rows)
    const csv = await values('format=csv', file)
    expect(Buffer.from(csv.bytes).toString().split('\n')[0]).toBe(`,${Object.keys(rows[0]!).join(',')}`)
  })
})

describe('POST /map/clusters', () => {
  it.each(reference.clusters)('is get_clusters_table of $image at $stat_threshold, with regions', async (made) => {
    const { image, stat_threshold, cluster_extent, two_sided, rows } = made
    const query = `stat_threshold=${stat_threshold}&cluster_extent=${cluster_extent}&two_sided=${two_sided}`
    const found = rowsOf(
      await post(`clusters?${query}&space_id=${SPACE}&parcellation_ids=${PARCELLATION}`, imageFile(image)),
    )
    expect(found.map((row) => [row.cluster_id, row.cluster_size_mm3])).toEqual(rows.map((row) => [row[0], row[5]]))
    for (const [at, [, x, y, z, value, , region, shares]] of rows.entries()) {
      const { x_mm, y_mm, z_mm, peak_value, ...row } = found[at]!
      expectClose([x_mm, y_mm, z_mm, peak_value] as number[], [x, y, z, value])
      const [name, listed] = [Object.keys(row)[2]!, Object.keys(row)[3]!]
      expect(listed).toBe(`${name}: shares`)
      expect(row[name]).toBe(region)
      if (shares === null) expect(row[listed]).toBe(null)
      else {
        const list = row[listed] as { region: string; share: number }[]
        expect(new Set(list.map(({ region }) => region))).toEqual(new Set(Object.keys(shares)))
        for (const { region, share } of list) expect(share).toBeCloseTo(shares[region]!, 9)
      }
    }
  })

  it('needs no parcellation', async () => {
    const found = rowsOf(await post('clusters?stat_threshold=2&two_sided=True', imageFile('stat')))
    expect(Object.keys(found[0]!)).toEqual(['cluster_id', 'x_mm', 'y_mm', 'z_mm', 'peak_value', 'cluster_size_mm3'])
  })

  it('asks for the space where there are several', async () => {
    const answer = await post(`clusters?stat_threshold=2&parcellation_ids=${PARCELLATION}`, imageFile('stat'))
    expect(answer.status).toBe(422)
    expect(failureOf(answer).parameter).toBe('space_id')
  })
})

describe('POST /map/assign_image', () => {
  it.each(reference.assign)(
    "has siibra's scores: $image in $map above $threshold, $connectivity, $split",
    async (made) => {
      const { image, map, threshold, connectivity, split, rows } = made
      const type = map === 'sides' ? 'labelled' : 'statistical'
      const query = `assignment_type=${type}&threshold=${threshold}&connectivity=${connectivity}&split_components=${split}`
      const found = rowsOf(await post(`assign_image?${IN_SPACE}&${query}`, imageFile(image)))
      const keyOf = (row: Record<string, unknown>) => `${row.input_structure} ${row.region}`
      expect(found.map(keyOf).sort()).toEqual(rows.map(({ component, region }) => `${component} ${region}`).sort())
      for (const { component, region, centroid, value, scores, facts } of rows) {
        const row = found.find((one) => keyOf(one) === `${component} ${region}`)!
        expectClose(row.centroid as number[], centroid)
        expectClose([row.map_value as number], [value])
        for (const [at, name] of SCORES.entries()) expect(row[name], name).toBeCloseTo(scores[at]!, 6)
        for (const [at, name] of FACTS.entries()) expect(row[name], name).toBeCloseTo(facts[at]!, 3)
      }
    },
  )

  it('has the columns that are documented, and leaves out small components and weak rows', async () => {
    const query = `assign_image?${IN_SPACE}&assignment_type=labelled&threshold=2.5`
    const rows = rowsOf(await post(query, imageFile('stat')))
    expect(Object.keys(rows[0]!).join()).toBe(
      'input_structure,centroid,region,region_id,map_value,correlation,intersection_over_union,map_containedness,input_containedness,map_weighted_mean,input_weighted_mean,component_voxels,component_volume_mm3,peak_x_mm,peak_y_mm,peak_z_mm,peak_value',
    )
    const large = rowsOf(await post(`${query}&min_voxels=20`, imageFile('stat')))
    expect(large).toEqual(rows.filter(({ component_voxels }) => (component_voxels as number) >= 20))
    const strong = rowsOf(await post(`${query}&min_correlation=0.1`, imageFile('stat')))
    expect(strong).toEqual(rows.filter(({ correlation }) => (correlation as number) >= 0.1))
    expect(strong.length).toBeLessThan(rows.length)
  })
})

const SCORES = [
  'correlation',
  'intersection_over_union',
  'map_containedness',
  'input_containedness',
  'map_weighted_mean',
  'input_weighted_mean',
]
const FACTS = ['component_voxels', 'component_volume_mm3', 'peak_x_mm', 'peak_y_mm', 'peak_z_mm', 'peak_value']

describe('images that cannot be used', () => refusesBadImages(startTestApp))
