/** What is true of parsers for any input: points, boxes, ranges, ids, pages and sizes, CSV, URLs. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCsv } from '../../src/data-handlers/bodies/csv-body.ts'
import { parseRange } from '../../src/server/http/answer.ts'
import { type ParameterSpec, parseParams, parseQuery } from '../../src/server/http/parameters/params.ts'
import { repairUrl } from '../../src/server/http/raw-requests.ts'
import { splitRows } from '../../src/siibra/features/data/csv-rows.ts'
import { SiibraError } from '../../src/siibra/index.ts'
import { parseBox } from '../../src/siibra/listing/list-features.ts'
import { parsePoint } from '../../src/siibra/locations/point.ts'
import { resolveRange } from '../../src/siibra/retrieval/stores/byte-range.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.json(),
  fc
    .array(
      fc.constantFrom('-', '+', '.', 'e', '1', '0', '9', ',', ' ', 'mm', '[', ']', '(', ')', 'NaN', '1e400', '\t'),
      {
        maxLength: 24,
      },
    )
    .map((parts) => parts.join('')),
)
const finite = fc.double({ noNaN: true, noDefaultInfinity: true })
const triple = fc.tuple(finite, finite, finite)
/** As it comes back: -0 is 0 in text. */
const plain = (value: number) => value + 0

/** What it gives, or that it is refused in our words, with the parameter. */
function tryTo<T>(parse: () => T): T | 'refused' {
  try {
    return parse()
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(SiibraError)
    expect(thrown).toMatchObject({ code: 'INVALID_PARAMETER', details: { parameter: expect.any(String) } })
    return 'refused'
  }
}

describe('points and boxes', () => {
  test('any text is three finite numbers, or refused', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const point = tryTo(() => parsePoint(text))
        expect(point === 'refused' || (point.length === 3 && point.every(Number.isFinite))).toBe(true)
      }),
    )
  })

  test('numbers come back as they were written, in every notation', () => {
    const notations: ((...xyz: number[]) => string)[] = [
      (x, y, z) => `${x}mm,${y}mm,${z}mm`,
      (x, y, z) => `${x}, ${y},${z}`,
      (x, y, z) => `(${x} ${y} ${z})`,
      (...xyz) => JSON.stringify(xyz),
    ]
    fc.assert(
      fc.property(triple, fc.constantFrom(...notations), (xyz, write) => {
        expect(parsePoint(write(...xyz)).map(plain)).toEqual(xyz.map(plain))
      }),
    )
  })

  test('a box has its least corner first, whichever two are given; any other text is refused', () => {
    const space = { id: 'space' } as Parameters<typeof parseBox>[1]
    fc.assert(
      fc.property(triple, triple, (a, b) => {
        const { minMm, maxMm } = parseBox(JSON.stringify([a, b]), space)
        for (const axis of [0, 1, 2] as const) {
          expect([minMm[axis], maxMm[axis]].map(plain)).toEqual(
            [Math.min(a[axis], b[axis]), Math.max(a[axis], b[axis])].map(plain),
          )
        }
      }),
    )
    fc.assert(fc.property(anyText, (text) => void tryTo(() => parseBox(text, space))))
  })
})

describe('ranges', () => {
  const size = fc.nat(10_000)

  test('a header is a range within the file, unsatisfiable, or the whole', () => {
    const header = fc.oneof(
      anyText,
      fc
        .tuple(fc.option(fc.bigInt({ min: 0n, max: 10n ** 20n })), fc.option(fc.nat(20_000)))
        .map(([a, b]) => `bytes=${a ?? ''}-${b ?? ''}`),
    )
    fc.assert(
      fc.property(header, size, (range, bytes) => {
        const found = parseRange({ isHead: false, range } as Parameters<typeof parseRange>[0], '"x"', bytes)
        if (found === undefined || found === 'unsatisfiable') return
        expect(found.start).toBeGreaterThanOrEqual(0)
        expect(found.end).toBeGreaterThanOrEqual(found.start)
        expect(found.end).toBeLessThan(bytes)
      }),
    )
  })

  test('a range of an object lies within it', () => {
    const range = fc.oneof(
      fc.record({ suffixLength: fc.integer() }),
      fc.record({ offset: fc.integer(), length: fc.integer() }),
    )
    fc.assert(
      fc.property(range, size, (asked, bytes) => {
        const { offset, length } = resolveRange(asked, bytes)
        expect(offset).toBeGreaterThanOrEqual(0)
        expect(length).toBeGreaterThanOrEqual(0)
        expect(offset + length).toBeLessThanOrEqual(bytes)
      }),
    )
  })
})

describe('parameters of requests', () => {
  const schemas: ParameterSpec['schema'][] = [
    { type: 'integer', minimum: 1 },
    { type: 'integer', minimum: 1, maximum: 100 },
    { type: 'number', minimum: 0, maximum: 100 },
    { type: 'number' },
    { type: 'boolean' },
    { type: 'string' },
    { type: 'string', maxLength: 20 },
    { type: 'array', items: { type: 'integer' }, maxItems: 3 },
  ] as ParameterSpec['schema'][]
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 500, size: 'max' })

  test('any text is a value of the type, within its bounds, or a problem that names the parameter', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...schemas),
        fc.array(fc.oneof(anyText, digits), { minLength: 1 }),
        (schema, texts) => {
          const spec: ParameterSpec = { name: 'x', in: 'query', isRequired: true, schema }
          const parsed = parseParams([spec], () => texts)
          if (!parsed.ok) {
            expect(parsed.status).toBe(422)
            for (const { loc, msg, type } of parsed.problems)
              expect([loc, msg !== '', type !== '']).toEqual([['query', 'x'], true, true])
            return
          }
          for (const value of [parsed.params.x].flat() as unknown[]) {
            const expected = schema.type === 'array' ? 'number' : schema.type === 'integer' ? 'number' : schema.type
            expect(typeof value).toBe(expected)
            if (typeof value !== 'number') continue
            expect(Number.isFinite(value)).toBe(true)
            if (schema.type !== 'number') expect(Number.isSafeInteger(value)).toBe(true)
            expect(value).toBeGreaterThanOrEqual(schema.minimum ?? -Infinity)
            expect(value).toBeLessThanOrEqual(schema.maximum ?? Infinity)
          }
        },
      ),
      { numRuns: 1000 },
    )
  })

  test('a query keeps every value of every name, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.string())), (pairs) => {
        const query = parseQuery(new URLSearchParams(pairs).toString())
        for (const [name] of pairs)
          expect(query.get(name)).toEqual(pairs.filter(([other]) => other === name).map(([, value]) => value))
      }),
    )
    fc.assert(fc.property(anyText, (text) => void parseQuery(text)))
  })

  test('a URL can be decoded when it is repaired, and one that could before is as it was', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('%', 'a', 'F', '2', '0', 'e', '/', '?', '%C3%A9', '%C3') }),
        (text) => {
          const repaired = repairUrl(`/${text}`)
          expect(() => decodeURIComponent(repaired)).not.toThrow()
          expect(repairUrl(repaired)).toBe(repaired)
        },
      ),
    )
  })
})

describe('CSV', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '1', ' ', ',', '"', '\n', 'é', ';', '.'), maxLength: 8 })
  const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 })
  const write = (table: string[][]) =>
    table.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(',')).join('\n')

  test('what was written comes back, from tables of data and from what is sent', () => {
    fc.assert(
      fc.property(rows, (table) => {
        expect(splitRows(write(table), ',')).toEqual(table)
        expect([...readCsv(write(table))].map(({ cells }) => cells)).toEqual(table)
      }),
    )
  })

  test('any text is rows, or refused', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, cell, fc.string({ unit: fc.constantFrom(...'",\n\ra') })), (text) => {
        for (const parse of [() => splitRows(text, ','), () => splitRows(text, '\\s+'), () => [...readCsv(text)]]) {
          try {
            parse()
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(SiibraError)
          }
        }
      }),
    )
  })
})
