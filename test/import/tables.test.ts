/** Tables as they are met in the wild: which column is what, and what stands in it. */
import { expect, test } from 'vitest'
import { parseEmbeddedTable } from '../../src/import/tables/mricrogl.ts'
import { parseTable } from '../../src/import/tables/parse-table.ts'
import { findDelimiter } from '../../src/import/tables/split.ts'
import { readNrrd } from '../../src/import/volumes/nrrd.ts'

/** Label, name and side of each row, by the first reading. */
async function rowsOf(text: string, file = 'table.txt') {
  const table = await parseTable(new TextEncoder().encode(text), file)
  return table?.readings[0]?.rows.map(({ label, name, side }) => [label, name, side ?? ''].join('|'))
}

test('names are what differs from row to row, not the group that many rows share', async () => {
  const heads = '\ufeffid,label,hemisphere,structure\n'
  const rows = '1,bankssts,L,cortex\n2,bankssts,R,cortex\n3,thalamus,L,subcortex\n5,brainstem,B,subcortex\n'
  expect(await rowsOf(heads + rows)).toEqual(['1|bankssts|left', '2|bankssts|right', '3|thalamus|left', '5|brainstem|'])
  const lobes = 'Lobe,Region,Label,ROI\nfrontal,net1,gyrus a,1\nfrontal,net2,gyrus b,2\nlimbic,net1,gyrus c,3\n'
  expect(await rowsOf(lobes)).toEqual(['1|gyrus a|', '2|gyrus b|', '3|gyrus c|'])
})

test('a column of sides is one without a heading, too', async () => {
  const text = '1,Hippocampus,L\n2,Hippocampus,R\n3,Vermis,B\n'
  expect(await rowsOf(text)).toEqual(['1|Hippocampus|left', '2|Hippocampus|right', '3|Vermis|'])
  // names that look like sides are names where there are no others
  expect(await rowsOf('1,Left\n2,Right\n')).toEqual(['1|Left|', '2|Right|'])
})

test('where none of the columns can be the labels, it is told why the first cannot', async () => {
  const text = '1,gyrus a,3\n1,gyrus b,3\n2,gyrus c,4\n'
  await expect(rowsOf(text)).rejects.toThrow("table.txt:2: label 1 is 'gyrus b' here, but 'gyrus a' before (line 1)")
})

test("FSLeyes's lookup tables: value, colour from 0 to 1, name", async () => {
  const text = '1 0.4706 0.0706 0.5255 7Networks_LH_Vis_1\n2 1 0 0.5 area 44 12\n'
  const table = await parseTable(new TextEncoder().encode(text), 'a.lut')
  expect(table?.format).toBe('fsleyes-lut')
  expect(table?.readings[0]?.rows).toMatchObject([
    { label: 1, name: '7Networks_LH_Vis_1', rgb: '#781286' },
    { label: 2, name: 'area 44 12', rgb: '#ff0080' },
  ])
  await expect(
    rowsOf(`${text}${text.replace('1 0.47', '3 0.47').replace('2 1', '4 1')}x 0.1 0.2 0.3 y\n`),
  ).rejects.toThrow('table.txt:5')
})

test.each([
  [
    'a list of records',
    [
      { index: 1, label: 'a', color: '#ff0000' },
      { index: 2, label: 'b' },
    ],
  ],
  [
    'one as a property',
    {
      version: 2,
      labels: [
        { id: 1, name: 'a', color: [255, 0, 0] },
        { id: 2, name: 'b' },
      ],
    },
  ],
])('JSON: %s', async (_, json) => {
  const table = await parseTable(new TextEncoder().encode(JSON.stringify(json)), 'a.json')
  expect(table?.format).toBe('json')
  expect(table?.readings[0]?.rows).toMatchObject([
    { label: 1, name: 'a', rgb: '#ff0000' },
    { label: 2, name: 'b' },
  ])
})

const HEADER = ['NRRD0004', 'type: uint8', 'dimension: 3', 'space: RAS', 'sizes: 2 1 1', 'encoding: raw']
const PLACE = ['space directions: (1,0,0) (0, 1, 0) (0,0,1)', 'space origin: (1,2,3)']
const nrrd = (lines: readonly string[], body: string) =>
  readNrrd(new TextEncoder().encode(`${[...HEADER, ...lines].join('\n')}\n\n${body}`), {
    file: 'a.nrrd',
    read: async () => new Uint8Array(),
    readBeside: async () => undefined,
  })

test('NRRD: what another header takes of the voxels is passed over', async () => {
  const voxels = async (...more: string[]) => [...(await nrrd([...PLACE, ...more], 'x\ny\nAB')).image.data]
  expect(await voxels('byte skip: -1')).toEqual([65, 66])
  expect(await voxels('line skip: 2')).toEqual([65, 66])
  expect(await voxels('line skip: 1', 'byte skip: 2')).toEqual([65, 66])
  expect(await voxels()).toEqual([120, 10])
})

test.each([
  ['space origin: ((1),(2),(3))'],
  ['space origin: 1,2,3'],
  ['space origin: (1,2)'],
  ['space directions: (1,0,0) (0,1,0) (0,0,x)'],
])('NRRD: a place that is not written as one is refused (%s)', async (line) => {
  const name = line.slice(0, line.indexOf(':'))
  await expect(nrrd([...PLACE.filter((one) => !one.startsWith(name)), line], 'AB')).rejects.toThrow(name)
})

test('a line as long as a file costs its length, however many quotation marks it has', () => {
  const json = JSON.stringify({ msg: Array.from({ length: 40_000 }, (_, id) => ({ id, name: 'root' })) })
  const before = process.cpuUsage()
  expect(findDelimiter(json)).toBe(',')
  expect(process.cpuUsage(before).user / 1e6).toBeLessThan(10)
})

test('a quotation mark within a cell is a character; quoted blanks are kept', async () => {
  expect(await rowsOf('1,"a ""b"" c"\n2,d "e" f\n3,"g" \n')).toEqual(['1|a "b" c|', '2|d "e" f|', '3|g|'])
})

test.each([
  ['a title above the heading', 'My atlas v2,,\nValue,Structure,Abbreviation\n1,a,A\n2,b,B\n3,c,C\n'],
  ['a title of one cell', 'My atlas v2\nValue;Structure\n1;a\n2;b\n3;c\n'],
  ["Excel's word for its delimiter", 'sep=;\nindex;name\n1;a\n2;b\n3;c\n'],
  ['a cell of two lines', 'index,name,notes\n1,a,"one\nsee, two"\n2,b,"one\nsee, two"\n3,c,"one\nsee, two"\n'],
])('%s', async (_, text) => {
  expect(await rowsOf(text, 'a.csv')).toEqual(['1|a|', '2|b|', '3|c|'])
})

test('the label of each half in a column of its own is a row for each half', async () => {
  const rows = ['1|a|left', '2|a|right', '3|b|left']
  expect(await rowsOf('Name;L;R\na;1;2\nb;3;\n')).toEqual(rows)
  expect(await rowsOf('left_id,region,right_id\n1,a,2\n3,b,\n')).toEqual(rows)
  // beside labels such columns are something else
  expect(await rowsOf('id,name,left,right\n1,a,10,20\n2,b,30,40\n')).toEqual(['1|a|', '2|b|'])
})

test('parents may be named: rows of that name, else groups of their own', async () => {
  const table = async (text: string) => await parseTable(new TextEncoder().encode(text), 'a.csv')
  const named = await table('index,name,parent\n100,Cortex,\n1,a,Cortex\n2,b,Cortex\n')
  expect(named?.readings[0]?.rows).toMatchObject([
    { label: 100, parent: undefined },
    { label: 1, parent: '100' },
    { label: 2, parent: '100' },
  ])
  const grouped = await table('index,name,parent\n1,a,Frontal lobe\n2,b,n/a\n')
  expect(grouped?.isTree).toBe(true)
  expect(grouped?.readings[0]?.rows).toMatchObject([
    { label: null, name: 'Frontal lobe', key: 'group Frontal lobe' },
    { label: 1, parent: 'group Frontal lobe' },
    { label: 2, parent: undefined },
  ])
  // a number that nobody has is a mistake
  await expect(table('index,name,parent\n1,a,7\n2,b,\n')).rejects.toThrow("'a' is a part of 7")
})

test('abbreviations as CAT12 heads them', async () => {
  const table = await parseTable(
    new TextEncoder().encode('ROIid;ROIabbr;ROIname\n1;lA;Left a\n2;rA;Right a\n'),
    'a.csv',
  )
  expect(table?.readings[0]?.rows).toMatchObject([
    { name: 'Left a', acronym: 'lA' },
    { name: 'Right a', acronym: 'rA' },
  ])
})

test("MRIcroGL's embedded names end at the next tab", () => {
  const bytes = new Uint8Array(512)
  bytes.set(new TextEncoder().encode('0\tair\r\n\n1\ta b \t7\n2\tc\n'), 352)
  expect(parseEmbeddedTable(bytes, 512, 'a.nii')?.readings[0]?.rows).toMatchObject([
    { label: 1, name: 'a b' },
    { label: 2, name: 'c' },
  ])
})
