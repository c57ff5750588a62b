import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { type ImportOptions, importAtlas } from '../../src/import/import-atlas.ts'
import { SiibraError } from '../../src/siibra/index.ts'
import type { VoxelType } from '../../src/siibra/volumes/image.ts'
import { encodeNifti } from '../../src/siibra/volumes/nifti/encode.ts'
import { createVoxels } from '../../src/siibra/volumes/typed-bytes.ts'

const FIXTURES = join(import.meta.dirname, '../fixtures/import')
const WORK = mkdtempSync(join(tmpdir(), 'siibra-bad-import-'))
afterAll(() => rmSync(WORK, { recursive: true, force: true }))

type Files = Record<string, string | Uint8Array>

interface BadInput {
  /** Written into the source; `undefined` removes what `from` brought. */
  files?: Record<string, string | Uint8Array | undefined>
  /** A fixture that is copied first. */
  from?: string
  /** Relative to the source; default: the folder. */
  source?: string
  flags?: Partial<ImportOptions>
  /** Without `yes`: guesses end the import. */
  asks?: boolean
  error: RegExp
}

const AFFINE = Float64Array.of(2, 0, 0, -8, 0, 2, 0, -8, 0, 0, 2, -8, 0, 0, 0, 1)

/** 8 x 8 x 8 voxels: label 1 in the left half, 2 in the right; `change` may spoil them. */
function volume(dtype: VoxelType = 'uint8', change: (data: { [at: number]: number }) => void = () => {}): Uint8Array {
  const data = createVoxels(dtype, 512)
  for (let at = 0; at < 512; at++) data[at] = at % 8 < 4 ? 1 : 2
  change(data as never)
  return encodeNifti({ data, dtype, shape: [8, 8, 8], voxelToWorldMm: AFFINE })
}

function patched(bytes: Uint8Array, patch: (view: DataView) => void): Uint8Array {
  const copy = Uint8Array.from(bytes)
  patch(new DataView(copy.buffer))
  return copy
}

const four = encodeNifti({
  data: new Float32Array(2048).fill(0.5),
  dtype: 'float32',
  shape: [8, 8, 8, 4],
  voxelToWorldMm: AFFINE,
})
const NAMES = 'index,name\n1,A\n2,B\n'
const good: Files = { 'atlas.nii': volume(), 'atlas.csv': NAMES }
const nrrd = (header: string, body = 'x'.repeat(512)) => `NRRD0004\n${header}\n\n${body}`
const NRRD =
  'type: uint8\ndimension: 3\nspace: left-posterior-superior\nsizes: 8 8 8\nspace directions: (1,0,0) (0,1,0) (0,0,1)\nencoding: raw\nspace origin: (0,0,0)'
const structures = (list: object[]) => JSON.stringify(list)
const metadata = (more: object) =>
  JSON.stringify({
    name: 'blocks',
    species: 'Mus musculus',
    symmetric: true,
    resolution: [2000, 2000, 2000],
    orientation: 'asr',
    shape: [12, 10, 16],
    ...more,
  })

const CASES: Record<string, BadInput> = {
  'a source that is not there': { source: 'nowhere', files: good, error: /nowhere is not there/ },
  'an empty folder': { files: {}, error: /is empty/ },
  'a folder that is there already': { files: good, flags: { out: FIXTURES }, error: /--out: .* is there already/ },
  'a folder without a volume': { files: { 'atlas.csv': NAMES }, error: /no volume/ },
  'a volume without a table': { files: { 'atlas.nii': volume() }, error: /atlas\.nii: there is no table.*\n.*--table/ },
  'a table that is not there': {
    files: good,
    flags: { table: '/nowhere.csv' },
    error: /--table: \/nowhere\.csv is not there/,
  },
  'a table that is none': {
    files: { ...good, 'note.md': 'hello' },
    flags: { table: 'note.md' },
    error: /note\.md: it is no table/,
  },
  'an empty table': { files: { 'atlas.nii': volume(), 'atlas.csv': '' }, error: /atlas\.csv: it is empty/ },
  'an empty volume': { files: { 'atlas.nii': '', 'atlas.csv': NAMES }, error: /atlas\.nii: it is empty/ },
  'a volume cut short': {
    files: { 'atlas.nii': volume().subarray(0, 500), 'atlas.csv': NAMES },
    error: /atlas\.nii: .*512.*bytes/,
  },
  'a gzip stream cut short': {
    files: { 'atlas.nii.gz': gzipSync(volume()).subarray(0, 60), 'atlas.csv': NAMES },
    error: /atlas\.nii\.gz: /,
  },
  'a web page called .nii.gz': {
    files: { 'atlas.nii.gz': '<html>404</html>', 'atlas.csv': NAMES },
    error: /atlas\.nii\.gz: /,
  },
  'neither qform nor sform': {
    files: { ...good, 'atlas.nii': patched(volume(), (view) => view.setInt16(254, 0, true)) },
    error: /atlas\.nii: .*neither qform nor sform.*\n.*--affine/,
  },
  'a singular affine': {
    files: { ...good, 'atlas.nii': patched(volume(), (view) => view.setFloat32(280, 0, true)) },
    error: /atlas\.nii: .*affine/,
  },
  'an affine of nine numbers': { files: good, flags: { affine: '1 0 0 0 1 0 0 0 1' }, error: /--affine: .*12 or 16/ },
  'an affine from a file without one': {
    files: { ...good, 'other.nii': patched(volume(), (view) => view.setInt16(254, 0, true)) },
    flags: { affine: 'other.nii' },
    error: /--affine: .*no affine/,
  },
  'values half-way between labels': {
    files: {
      ...good,
      'atlas.nii': volume('float32', (data) => {
        data[100] = 1.5
      }),
    },
    error: /atlas\.nii: voxel \(4, 4, 1\) is 1\.5.*\n.*nearest/,
  },
  'labels beyond float32': {
    files: {
      'atlas.nii': volume('float32', (data) => {
        data[7] = 576_073_728
      }),
      'atlas.csv': `${NAMES}576073732,C\n`,
    },
    error: /atlas\.nii: the label 576073728 .*floats/,
  },
  'nothing but background': {
    files: {
      ...good,
      'atlas.nii': volume('uint8', (data) => {
        for (let at = 0; at < 512; at++) data[at] = 0
      }),
    },
    error: /atlas\.nii: .*background/,
  },
  'colours in place of labels': {
    files: { ...good, 'atlas.nii': patched(volume(), (view) => view.setInt16(70, 128, true)) },
    error: /atlas\.nii: .*RGB/,
  },
  'five axes': {
    files: {
      ...good,
      'atlas.nii': patched(volume(), (view) => {
        view.setInt16(40, 5, true)
        view.setInt16(46, 2, true)
        view.setInt16(48, 2, true)
        view.setInt16(50, 2, true)
      }),
    },
    error: /atlas\.nii: /,
  },
  'a table of another atlas': {
    files: { ...good, 'atlas.csv': 'index,name\n2001,A\n2002,B\n' },
    error: /atlas\.csv: .*none of the labels.*1, 2.*2001, 2002/,
  },
  'one label with two names': {
    files: { ...good, 'atlas.csv': `${NAMES}2,C\n` },
    error: /atlas\.csv:4: label 2 is 'C' here, but 'B' before \(line 3\)/,
  },
  'a label that is no number': {
    files: { ...good, 'atlas.csv': 'index,name\n1,A\n2,B\n3,C\n4,D\n5,E\nsix,F\n' },
    error: /atlas\.csv:7: 'six' is no label/,
  },
  'a negative label': {
    files: { ...good, 'atlas.csv': 'index,name\n1,A\n-2,B\n' },
    error: /atlas\.csv:3: the label -2/,
  },
  'a label without a name': {
    files: { ...good, 'atlas.csv': 'index,name\n1,A\n2,\n' },
    error: /atlas\.csv:3: there is no name/,
  },
  'only the background in a table': {
    files: { ...good, 'atlas.csv': 'index,name\n0,Background\n' },
    error: /atlas\.csv: it names no region/,
  },
  'a broken line in a colour table': {
    files: {
      'atlas.nii': volume(),
      'lut.ctbl':
        '# Color table file\n1 A 1 2 3 255\n2 B blue\n3 C 1 2 3 255\n4 D 1 2 3 255\n5 E 1 2 3 255\n6 F 1 2 3 255\n',
    },
    error: /lut\.ctbl:3: '2 B blue'/,
  },
  'a colour beyond 255': {
    files: { 'atlas.nii': volume(), 'lut.txt': '1 A 300 2 3 0\n2 B 1 2 3 0\n' },
    error: /lut\.txt:1: the colour 300 2 3/,
  },
  'a broken line of ITK-SNAP': {
    files: { 'atlas.nii': volume(), 'a.label': '1 1 2 3 1 1 1 "A"\n2 1 2 3 1 1 1 B\n' },
    error: /a\.label:2: /,
  },
  'broken JSON': { files: { 'atlas.nii': volume(), 'atlas.json': '{"1": "A", ' }, error: /atlas\.json: it is no JSON/ },
  'broken XML': {
    files: {
      'atlas.nii': volume(),
      'a.xml': '<atlas><header><type>Label</type></header><data><label index="1">A</data></atlas>',
    },
    error: /a\.xml:\d+: it is no XML/,
  },
  'an FSL atlas of an unknown type': {
    files: {
      'atlas.nii': volume(),
      'a.xml': '<atlas><header><type>Foo</type></header><data><label index="1">A</label></data></atlas>',
    },
    error: /a\.xml: the type of the atlas is 'Foo'.*\n.*Probabilistic/,
  },
  'an FSL atlas without its images': {
    files: {
      'a.xml':
        '<atlas><header><type>Label</type><images><imagefile>/x/y</imagefile></images></header><data><label index="1">A</label></data></atlas>',
    },
    error: /a\.xml: none of its images is there: \/x\/y/,
  },
  'an FSL label without an index': {
    files: {
      'atlas.nii': volume(),
      'a.xml':
        '<atlas><header><type>Label</type></header><data><label index="1">A</label><label>B</label></data></atlas>',
    },
    error: /a\.xml: label 2 has no index/,
  },
  'a format that is not known': { files: good, flags: { format: 'excel' }, error: /--format: 'excel'.*fsl-xml/ },
  'a format that the table has not': {
    files: good,
    flags: { table: 'atlas.csv', format: 'fsl-xml' },
    error: /--format: .*reads as csv/,
  },
  'a hierarchy that is none': { files: good, flags: { hierarchy: 'atlas.csv' }, error: /--hierarchy: .*no hierarchy/ },
  'a hierarchy of another atlas': {
    files: { ...good, 'h.json': structures([{ id: 7, name: 'Q', structure_id_path: [7] }]) },
    flags: { table: 'atlas.csv', hierarchy: 'h.json' },
    error: /--hierarchy: .*none of the regions/,
  },
  'a template without a place': {
    files: { ...good, 't.nii': patched(volume(), (view) => view.setInt16(254, 0, true)) },
    flags: { template: 't.nii' },
    error: /--template: .*no place/,
  },
  'a template that is not there': { files: good, flags: { template: '/none.nii' }, error: /--template: / },
  'an unsure species without --yes': { files: good, asks: true, error: /--species: .*--yes/ },
  'two volumes for one table without --yes': {
    files: { 'a.nii': volume(), 'b.nii': volume(), 'names.csv': NAMES },
    asks: true,
    error: /<source>: a\.nii and b\.nii fit names\.csv alike.*--yes/s,
  },
  'probabilities that are none': {
    files: {
      'p.nii': encodeNifti({
        data: new Float32Array(2048).fill(-3),
        dtype: 'float32',
        shape: [8, 8, 8, 4],
        voxelToWorldMm: AFFINE,
      }),
      'p.csv': 'index,name\n1,A\n2,B\n3,C\n4,D\n',
    },
    error: /p\.nii: its values go from -3/,
  },
  'a table with more rows than volumes': {
    files: { 'p.nii': four, 'p.csv': 'index,name\n1,A\n2,B\n3,C\n4,D\n5,E\n' },
    error: /p\.csv: .*p\.nii has 4 volumes/,
  },
  'a BIDS table with more rows than volumes': {
    files: { 'atlas-P_probseg.nii': four, 'atlas-P_probseg.tsv': 'index\tname\n1\tA\n2\tB\n3\tC\n4\tD\n5\tE\n' },
    error: /probseg\.tsv: it has 5 rows/,
  },
  'NRRD without a space': {
    files: {
      'a.nrrd': nrrd(
        NRRD.replace('space: left-posterior-superior\n', '')
          .replace(/space directions.*\n/, '')
          .replace(/\nspace origin.*/, ''),
      ),
      'a.csv': 'index,name\n120,A\n',
    },
    error: /a\.nrrd: .*no space.*\n.*--affine/,
  },
  'NRRD in an unknown space': {
    files: { 'a.nrrd': nrrd(NRRD.replace('left-posterior-superior', 'scanner-xyz')), 'a.csv': 'index,name\n120,A\n' },
    error: /a\.nrrd: .*'scanner-xyz'/,
  },
  'NRRD whose data are elsewhere': {
    files: { 'a.nhdr': `NRRD0004\n${NRRD}\ndata file: b.raw\n`, 'a.csv': 'index,name\n120,A\n' },
    error: /a\.nhdr: .*b\.raw.*not beside it/,
  },
  'NIfTI header whose voxels are not there': {
    files: { 'a.hdr': `${'\0'.repeat(344)}ni1\0`, 'a.csv': 'index,name\n1,A\n' },
    error: /a\.hdr: its voxels are in another file, and a\.img is not beside it/,
  },
  'NRRD in bzip2': {
    files: { 'a.nrrd': nrrd(NRRD.replace('raw', 'bzip2')), 'a.csv': 'index,name\n120,A\n' },
    error: /a\.nrrd: the encoding 'bzip2'/,
  },
  'NRRD cut short': {
    files: { 'a.nrrd': nrrd(NRRD, 'xx'), 'a.csv': 'index,name\n120,A\n' },
    error: /a\.nrrd: .*512 bytes.*2/,
  },
  'BrainGlobe without structures': {
    from: 'brainglobe-symmetric',
    files: { 'structures.json': undefined },
    error: /metadata\.json: .*no structures\.json/,
  },
  'BrainGlobe in an orientation that is none': {
    from: 'brainglobe-symmetric',
    files: { 'metadata.json': metadata({ orientation: 'asx' }) },
    error: /metadata\.json: the orientation 'asx'/,
  },
  'BrainGlobe with one axis twice': {
    from: 'brainglobe-symmetric',
    files: { 'metadata.json': metadata({ orientation: 'apr' }) },
    error: /metadata\.json: the orientation 'apr'/,
  },
  'BrainGlobe without a resolution': {
    from: 'brainglobe-symmetric',
    files: { 'metadata.json': metadata({ resolution: [0, 1, 1] }) },
    error: /metadata\.json: the resolution/,
  },
  'BrainGlobe of another size': {
    from: 'brainglobe-symmetric',
    files: { 'metadata.json': metadata({ shape: [1, 2, 3] }) },
    error: /annotation\.tiff: it has 12 x 10 x 16 voxels, but metadata\.json says 1 x 2 x 3/,
  },
  'a path that ends with another id': {
    from: 'brainglobe-symmetric',
    files: { 'structures.json': structures([{ id: 1, name: 'A', structure_id_path: [997, 2] }]) },
    error: /structures\.json: the path of 'A' ends with 2/,
  },
  'a parent that is missing': {
    from: 'brainglobe-symmetric',
    files: { 'structures.json': structures([{ id: 1, name: 'A', structure_id_path: [997, 1] }]) },
    error: /structures\.json: 'A' is a part of 997/,
  },
  'parents in a circle': {
    from: 'brainglobe-symmetric',
    files: {
      'structures.json': structures([
        { id: 1, name: 'A', structure_id_path: [3, 1] },
        { id: 3, name: 'B', structure_id_path: [1, 3] },
      ]),
    },
    error: /structures\.json: '.' is a part of itself/,
  },
  'an id twice': {
    from: 'brainglobe-symmetric',
    files: {
      'structures.json': structures([
        { id: 1, name: 'A', structure_id_path: [1] },
        { id: 1, name: 'B', structure_id_path: [1] },
      ]),
    },
    error: /structures\.json: two structures have the id 1/,
  },
  'a TIFF cut short': {
    from: 'brainglobe-symmetric',
    files: {
      'annotation.tiff': readFileSync(join(FIXTURES, 'brainglobe-symmetric/source/annotation.tiff')).subarray(0, 3000),
    },
    error: /annotation\.tiff: /,
  },
  'version 3 without its chunks': {
    from: 'brainglobe-v3',
    files: { 'brainglobe-atlasapi/annotation-sets/b-annotation/3_0/annotations_compressed.ome.zarr/s0/c': undefined },
    error: /s0: none of its \d+ chunks is there/,
  },
  'version 3 with a chunk missing': {
    from: 'brainglobe-v3',
    files: {
      'brainglobe-atlasapi/annotation-sets/b-annotation/3_0/annotations_compressed.ome.zarr/s0/c/0/0': undefined,
    },
    error: /s0: \d+ of \d+ chunks are missing/,
  },
  'version 3 without its terminology': {
    from: 'brainglobe-v3',
    files: { 'brainglobe-atlasapi/terminologies': undefined },
    error: /manifest\.json: the terminology is not at terminologies/,
  },
  'version 3 with a broken chunk': {
    from: 'brainglobe-v3',
    files: {
      'brainglobe-atlasapi/annotation-sets/b-annotation/3_0/annotations_compressed.ome.zarr/s0/c/0/0/0': 'nonsense',
    },
    error: /s0: a chunk cannot be read/,
  },
  'labels of a surface that is not there': {
    from: 'annot',
    files: { 'bert/surf': undefined, other: undefined },
    error: /aparc\.annot: it labels \d+ vertices.*\n.*surf\/lh\.white/,
  },
  'an annotation without a side': {
    from: 'annot',
    files: {
      'bert/label/rh.aparc.annot': undefined,
      'bert/label/lh.aparc.annot': undefined,
      'aparc.annot': readFileSync(join(FIXTURES, 'annot/source/bert/label/lh.aparc.annot')),
    },
    error: /aparc\.annot: .*hemisphere/,
  },
  'an annotation cut short': {
    from: 'annot',
    files: {
      'bert/label/lh.aparc.annot': readFileSync(join(FIXTURES, 'annot/source/bert/label/lh.aparc.annot')).subarray(
        0,
        100,
      ),
    },
    error: /lh\.aparc\.annot: /,
  },
  'two colours alike in an annotation': {
    from: 'annot',
    files: { 'bert/label/lh.aparc.annot': withSameColours() },
    error: /lh\.aparc\.annot: 'bankssts' and 'cuneus' have the same colour/,
  },
  CIFTI: { files: { 'a.dlabel.nii': cifti() }, error: /a\.dlabel\.nii: it is CIFTI/ },
}

/** The annotation of the fixture, with the second and third colour alike. */
function withSameColours(): Uint8Array {
  const bytes = Uint8Array.from(readFileSync(join(FIXTURES, 'annot/source/bert/label/lh.aparc.annot')))
  const view = new DataView(bytes.buffer)
  for (let at = 0; at + 12 < bytes.length; at++) {
    if (view.getInt32(at) !== 10 || view.getInt32(at + 4) !== 200 || view.getInt32(at + 8) !== 30) continue
    view.setInt32(at, 220)
    view.setInt32(at + 4, 20)
    view.setInt32(at + 8, 100)
  }
  return bytes
}

function cifti(): Uint8Array {
  const bytes = new Uint8Array(600)
  const view = new DataView(bytes.buffer)
  view.setInt32(0, 540, true)
  bytes.set([0x6e, 0x2b, 0x32, 0], 4)
  view.setInt32(504, 3007, true)
  return bytes
}

test('there are cases of more than sixty kinds, each with an error of its own', () => {
  expect(Object.keys(CASES).length).toBeGreaterThan(60)
  expect(new Set(Object.values(CASES).map(({ error }) => error.source)).size).toBeGreaterThan(60)
})

test.each(Object.entries(CASES))(
  '%s',
  async (_, { files = {}, from, source = '.', flags = {}, asks = false, error }) => {
    const folder = mkdtempSync(join(WORK, 'case-'))
    const given = join(folder, 'source')
    mkdirSync(given)
    if (from !== undefined) cpSync(join(FIXTURES, from, 'source'), given, { recursive: true })
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(given, path)), { recursive: true })
      if (content === undefined) rmSync(join(given, path), { recursive: true, force: true })
      else writeFileSync(join(given, path), content)
    }
    const paths = Object.fromEntries(
      Object.entries(flags).map(([flag, value]) => [
        flag,
        existsSync(join(given, String(value))) && flag !== 'format' ? join(given, String(value)) : value,
      ]),
    )
    const importing = importAtlas({ source: join(given, source), out: join(folder, 'out'), yes: !asks, ...paths })
    const thrown = await importing.then(
      () => undefined,
      (one: unknown) => one,
    )
    expect(thrown).toBeInstanceOf(SiibraError)
    expect((thrown as SiibraError).message).toMatch(error)
    // nothing half-written
    expect(readdirSync(folder)).toEqual(['source'])
  },
)

test('the volume of the cases is good by itself', async () => {
  const folder = mkdtempSync(join(WORK, 'good-'))
  const given = join(folder, 'source')
  mkdirSync(given)
  for (const [path, content] of Object.entries(good)) writeFileSync(join(given, path), content)
  const { atlas } = await importAtlas({ source: given, out: join(folder, 'out'), yes: true })
  expect(atlas.parcellations[0]!.regions.map(({ name }) => name)).toEqual(['A', 'B'])
  expect(gunzipSync(readFileSync(join(folder, 'out/volumes/atlas-labels.nii.gz')))).toEqual(Buffer.from(volume()))
})
