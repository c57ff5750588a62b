import { writeFileSync } from 'node:fs'
import {
  createRetrieval,
  fetchRegionMask,
  findMap,
  findRegions,
  getRegion,
  gzipNifti,
  loadConfiguration,
  maskImage,
  regionSpatialProps,
} from 'siibra-api/siibra'

const core = await loadConfiguration({
  configuration: 'docs/examples/own-atlas/configuration',
  retrieval: createRetrieval({ mirror: 'docs/examples/own-atlas/mirror', offline: true }),
})
console.log(core.atlases.all.map(({ name, species }) => `${name}: ${species}`))

const space = core.spaces.get('pebble')
const parcellation = core.parcellations.get('pebble v1')
console.log(findRegions(parcellation, 'rind').map(({ name }) => name))
console.log(findRegions(parcellation, '/^R.*left$/i').map(({ name }) => name))

const map = findMap(core, { parcellation, space: space.id, mapType: 'LABELLED' })
console.log(map.indices.get('rind left'))

const region = getRegion(parcellation, 'rind')
const [largest] = await regionSpatialProps(core, region, space)
console.log(
  largest.centroidMm.map((mm) => Math.round(mm)),
  'mm',
)

const mask = maskImage(await fetchRegionMask(core, region, space))
writeFileSync(process.argv[2] ?? 'rind.nii.gz', await gzipNifti(mask))
console.log(
  mask.shape,
  mask.data.reduce((sum, voxel) => sum + voxel, 0),
  'voxels',
)

const [dataset] = await core.datasets.describeAll(parcellation.datasets)
console.log(dataset.name, dataset.urls)
await core.retrieval.close()
