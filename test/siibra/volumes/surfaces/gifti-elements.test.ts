import { describe, expect, it } from 'vitest'
import { decodeGiftiLabels, decodeGiftiMesh, parseGifti } from '../../../../src/siibra/volumes/surfaces/gifti.ts'

const source = 'https://a.org/a.gii'

/** An array of int32 as text. */
const array = (intent: string, shape: readonly number[], text: string, type = 'INT32') => {
  const sizes = shape.map((size, axis) => `Dim${axis}="${size}"`).join(' ')
  return `<DataArray Intent="NIFTI_INTENT_${intent}" DataType="NIFTI_TYPE_${type}" Dimensionality="${shape.length}" ${sizes}
    Encoding="ASCII"><Data>${text}</Data></DataArray>`
}
const file = (...elements: string[]) => Buffer.from(`<GIFTI Version="1.0">${elements.join('\n')}</GIFTI>`)

describe('elements of a GIFTI file', () => {
  it.each(['<GIFTI/>', '<GIFTI Version="1.0"></GIFTI>', '<GIFTI><MetaData/><LabelTable/></GIFTI>'])(
    'may all be left out: %s',
    (xml) => {
      expect(parseGifti(Buffer.from(xml))).toEqual({ arrays: [], labels: new Map() })
    },
  )

  it('names of labels are texts, though they look like numbers', () => {
    const table = '<LabelTable><Label Key="1">007</Label><Label Index="2"> 1e3 </Label><Label Key="3"/></LabelTable>'
    expect([...parseGifti(file(table)).labels]).toEqual([
      [1, { name: '007' }],
      [2, { name: '1e3' }],
      [3, { name: '' }],
    ])
  })

  it('colours are there where all four numbers are', () => {
    const label = (colour: string) =>
      parseGifti(file(`<LabelTable><Label Key="1" ${colour}>a</Label></LabelTable>`)).labels.get(1)
    expect(label('Red="0" Green="0.5" Blue="1" Alpha="0.25"')).toEqual({ name: 'a', rgba: [0, 0.5, 1, 0.25] })
    expect(label('Red="0" Green="0.5" Blue="1"')).toEqual({ name: 'a' })
    expect(label('Red="0" Green="x" Blue="1" Alpha="1"')).toEqual({ name: 'a' })
  })

  it.each([
    ['<DataArray/>', 'unknown DataType undefined'],
    ['<DataArray DataType="NIFTI_TYPE_INT32"></DataArray>', 'Dimensionality is undefined'],
  ])('an array without anything is refused: %s', (element, message) => {
    expect(() => parseGifti(file(element), { source })).toThrow(`${source}: ${message}`)
  })

  it('an array of nothing that names its intent not has none', () => {
    const nothing = array('SHAPE', [0], '').replace(/Intent="\w+"/, '')
    expect(parseGifti(file(nothing)).arrays).toMatchObject([{ intent: 'NIFTI_INTENT_NONE', shape: [0] }])
  })
})

describe('which arrays of a GIFTI file are meant', () => {
  const points = array('POINTSET', [3, 3], '0 0 0 1 0 0 0 1 0', 'FLOAT32')
  const triangles = array('TRIANGLE', [1, 3], '0 1 2')
  const mesh = { vertices: Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0), faces: Uint32Array.of(0, 1, 2) }

  it('of a mesh: by intents, else the first two', () => {
    expect(decodeGiftiMesh(file(points, triangles))).toEqual(mesh)
    expect(decodeGiftiMesh(file(array('LABEL', [1], '5'), triangles, points))).toEqual(mesh)
    const unnamed = [points, triangles].map((one) => one.replace(/POINTSET|TRIANGLE/, 'NONE'))
    expect(decodeGiftiMesh(file(...unnamed))).toEqual(mesh)
  })

  it('vertices of another type are float32', () => {
    const { vertices } = decodeGiftiMesh(file(array('POINTSET', [3, 3], '0 0 0 1 0 0 0 1 0'), triangles))
    expect(vertices).toEqual(mesh.vertices)
  })

  it.each([
    [[], 'coordinates of shape nothing'],
    [[points], 'triangles of shape nothing'],
    [[array('POINTSET', [2, 2], '0 0 1 1'), triangles], 'coordinates of shape 2 x 2'],
    [[points, array('TRIANGLE', [3], '0 1 2')], 'triangles of shape 3'],
    [[points, array('TRIANGLE', [1, 3, 1], '0 1 2')], 'triangles of shape 1 x 3 x 1'],
  ])('of no mesh: case %#', (elements, message) => {
    expect(() => decodeGiftiMesh(file(...elements), { source })).toThrow(`${source}: no mesh: ${message}, not n x 3`)
  })

  it('of triangles whose vertices are there', () => {
    const far = array('TRIANGLE', [2, 3], '0 1 2 0 1 3')
    const message = `${source}: triangle 1 has vertex 3, but there are 3 vertices`
    expect(() => decodeGiftiMesh(file(points, far), { source })).toThrow(message)
  })

  it('of labels: the one of that intent, else the only one', () => {
    const labels = Int32Array.of(4, 5)
    expect(decodeGiftiLabels(file(array('SHAPE', [2], '1 2'), array('LABEL', [2], '4 5')))).toEqual({ labels })
    expect(decodeGiftiLabels(file(array('SHAPE', [2], '4 5')))).toEqual({ labels })
    expect(() => decodeGiftiLabels(file(), { source })).toThrow(`${source}: 0 arrays of labels, not one`)
    const two = file(array('LABEL', [1], '1'), array('LABEL', [1], '2'))
    expect(() => decodeGiftiLabels(two, { source })).toThrow(`${source}: 2 arrays of labels, not one`)
  })

  it('of labels that are none, from the first vertex on', () => {
    const text = array('LABEL', [2], '0.5 1', 'FLOAT32')
    expect(() => decodeGiftiLabels(file(text), { source })).toThrow(`${source}: the label of vertex 0 is 0.5`)
  })
})
