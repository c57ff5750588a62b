/**
 * The API of the Allen Human Brain Atlas (https://brain-map.org/api/index.html), as far as gene expressions need it.
 * It answers 200 whatever happens: with a web page when it is away, with `success="false"` when a query failed. Both are
 * UPSTREAM_UNAVAILABLE here; what is neither an outage nor what was asked for is BAD_DATA that names the odd member.
 */
import { XMLParser } from 'fast-xml-parser'
import { SiibraError } from '../errors.ts'
import type { Retrieval } from '../retrieval/retrieval.ts'
import { required, upstreamUnavailable } from '../retrieval/upstream-errors.ts'
import { verified } from '../retrieval/verified.ts'
import { describeBytes } from '../retrieval/what-came.ts'

export const ALLEN_API = 'http://api.brain-map.org/api/v2/data'

const probesUrl = (genes: readonly string[]) =>
  `${ALLEN_API}/query.xml?criteria=model::Probe,rma::criteria,[probe_type$eq'DNA'],products[abbreviation$eq'HumanMA'],` +
  `gene[acronym$in${genes.map((gene) => `'${gene}'`).join(',')}],rma::options[only$eq'probes.id']`
const specimenUrl = (name: string) => `${ALLEN_API}/Specimen/query.json?criteria=[name$eq'${name}']&include=alignment3d`
const expressionUrl = (probes: readonly number[], donor: string) =>
  `${ALLEN_API}/query.json?criteria=service::human_microarray_expression[probes$in${probes.join(',')}][donors$eq${donor}]`
/** Sic: the names of the properties are those that the original asks for. */
const DONORS_URL =
  `${ALLEN_API}/query.json?criteria=model::Donor,rma::criteria,products[id$eq2],rma::include,age,` +
  'rma::options[only$eq%27donors.id,dono  rs.name,donors.race_only,donors.sex%27]'

/** More pages of 50 are no answer to a question about some genes. */
const MOST_PAGES = 200

export interface Donor {
  race: string
  gender: string
  age: number
}

/** Of one donor: what each probe measured in each sample; null where it measured nothing. */
export interface Expressions {
  probes: { id: number; gene: string; levels: (number | null)[]; zScores: (number | null)[] }[]
  samples: { donorId: number; donorName: string; mri: [x: number, y: number, z: number] }[]
}

/** Ids of all probes that measure the genes, read page by page. */
export async function findProbes(
  retrieval: Retrieval,
  genes: readonly string[],
  signal?: AbortSignal,
): Promise<number[]> {
  const url = probesUrl(genes)
  const ids: number[] = []
  for (let page = 0; page < MOST_PAGES; page++) {
    // the first page is asked for as the original does; the options of a query end with its brackets
    const pageUrl = page === 0 ? url : `${url}[start_row$eq${ids.length}][num_rows$eq50]`
    const { probes, totalRows } = await ask(retrieval, pageUrl, parseProbes, signal)
    ids.push(...probes)
    if (ids.length >= totalRows) return ids
    if (probes.length === 0)
      throw odd(pageUrl, `page ${page + 1} is empty, with ${ids.length} of ${totalRows} rows read`)
  }
  throw odd(url, `more than ${MOST_PAGES} pages`)
}

/** The donors of the atlas by their ids. */
export function loadDonorFacts(retrieval: Retrieval, signal?: AbortSignal): Promise<Map<number, Donor>> {
  return ask(retrieval, DONORS_URL, parseDonors, signal)
}

/** Rows of the affine from the MRI of the donor of that specimen to MNI. */
export function loadAlignment(retrieval: Retrieval, specimen: string, signal?: AbortSignal): Promise<number[][]> {
  return ask(retrieval, specimenUrl(specimen), parseAlignment, signal)
}

/** What the probes measured in the samples of a donor. */
export function loadExpressions(
  retrieval: Retrieval,
  probes: readonly number[],
  donor: string,
  signal?: AbortSignal,
): Promise<Expressions> {
  return ask(retrieval, expressionUrl(probes, donor), parseExpressions, signal)
}

type Parse<T> = (bytes: Uint8Array, url: string) => T

/** An outage is dropped from the caches like anything else that cannot be decoded, and told as what it is. */
async function ask<T>(retrieval: Retrieval, url: string, parse: Parse<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await verified(retrieval, async (reads) => {
      const bytes = required(await reads.bytes(url, { signal }), url)
      if (/^(a web page|nothing)/.test(describeBytes(bytes)))
        throw outage(url, `it answers with ${describeBytes(bytes)}`)
      return parse(bytes, url)
    })
  } catch (thrown) {
    if (!(thrown instanceof SiibraError && thrown.details.isOutage)) throw thrown
    throw upstreamUnavailable(url, String(thrown.details.reason), { cause: thrown })
  }
}

function outage(url: string, reason: string): SiibraError {
  return new SiibraError('BAD_DATA', `${url}: ${reason}`, { url, reason, isOutage: true })
}

function odd(url: string, what: string, bytes?: Uint8Array): SiibraError {
  const came = bytes ? ` in ${describeBytes(bytes)}` : ''
  return new SiibraError('BAD_DATA', `The Allen API gives an odd answer: ${what}${came}`, { url })
}

function parseProbes(bytes: Uint8Array, url: string): { probes: number[]; totalRows: number } {
  let response: Record<string, unknown> | undefined
  try {
    const parser = new XMLParser({ isArray: (name) => name === 'probe', ignoreAttributes: false })
    response = parser.parse(new TextDecoder().decode(bytes), true).Response
  } catch {
    throw odd(url, 'no XML', bytes)
  }
  if (typeof response !== 'object') throw odd(url, 'no element Response', bytes)
  if (response['@_success'] === 'false') throw outage(url, 'it says that the query failed')
  const { probe = [] } = (response.probes || {}) as { probe?: { id?: unknown }[] }
  const probes = probe.map(({ id }, i) => {
    const number = id === '' || id === undefined ? Number.NaN : Number(id)
    if (!Number.isSafeInteger(number)) throw odd(url, `probe ${i} has no id`, bytes)
    return number
  })
  const told = Number(response['@_total_rows'] ?? probes.length)
  return { probes, totalRows: Number.isFinite(told) ? told : probes.length }
}

/** What a JSON answer holds, and a way to complain about its members. */
function parseMessage(bytes: Uint8Array, url: string) {
  let answer: unknown
  try {
    answer = JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    throw odd(url, 'no JSON', bytes)
  }
  const { success, msg } = (isObject(answer) ? answer : {}) as { success?: unknown; msg?: unknown }
  if (String(success) === 'false') throw outage(url, 'it says that the query failed')
  const require: Require = (isRight, member) => {
    if (!isRight) throw odd(url, `${member} is missing, or not what it should be,`, bytes)
  }
  return { msg, require }
}

type Require = (isRight: boolean, member: string) => asserts isRight

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isNumbers = (value: unknown): value is number[] => Array.isArray(value) && value.every(Number.isFinite)

function parseDonors(bytes: Uint8Array, url: string): Map<number, Donor> {
  const answer = parseMessage(bytes, url)
  const { msg } = answer
  const require: Require = answer.require
  require(Array.isArray(msg) && msg.length > 0, 'msg')
  return new Map(
    msg.map((donor: unknown, i): [number, Donor] => {
      require(isObject(donor), `msg[${i}]`)
      const { id, race_only: race, sex, age } = donor
      require(Number.isSafeInteger(id), `msg[${i}].id`)
      require(isObject(age) && Number.isFinite(age.days), `msg[${i}].age.days`)
      return [Number(id), { race: textOf(race), gender: textOf(sex), age: Math.trunc(Number(age.days) / 365) }]
    }),
  )
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

const ALIGNMENT = [
  ['tvr_00', 'tvr_01', 'tvr_02', 'tvr_09'],
  ['tvr_03', 'tvr_04', 'tvr_05', 'tvr_10'],
  ['tvr_06', 'tvr_07', 'tvr_08', 'tvr_11'],
] as const

function parseAlignment(bytes: Uint8Array, url: string): number[][] {
  const answer = parseMessage(bytes, url)
  const { msg } = answer
  const require: Require = answer.require
  const specimen: unknown = Array.isArray(msg) ? msg[0] : undefined
  require(isObject(specimen) && isObject(specimen.alignment3d), 'msg[0].alignment3d')
  const { alignment3d } = specimen
  return ALIGNMENT.map((row) => {
    const numbers = row.map((name) => (alignment3d as Record<string, unknown>)[name])
    require(isNumbers(numbers), `msg[0].alignment3d.${row.join(', ')}`)
    return numbers
  })
}

function parseExpressions(bytes: Uint8Array, url: string): Expressions {
  const answer = parseMessage(bytes, url)
  const { msg } = answer
  const require: Require = answer.require
  require(isObject(msg) && Array.isArray(msg.samples), 'msg.samples')
  require(Array.isArray(msg.probes), 'msg.probes')
  const samples = msg.samples.map((one: unknown, i) => {
    require(isObject(one) && isObject(one.donor) && isObject(one.sample), `msg.samples[${i}]`)
    const { donor, sample } = one
    const mri = sample.mri
    require(isNumbers(mri) && mri.length >= 3, `msg.samples[${i}].sample.mri`)
    return { donorId: Number(donor.id), donorName: String(donor.name), mri: mri as [number, number, number] }
  })
  const probes = msg.probes.map((probe: unknown, i) => {
    require(isObject(probe) && Number.isSafeInteger(probe.id), `msg.probes[${i}].id`)
    const numbers = (member: string) => {
      const values = probe[member]
      require(Array.isArray(values) && values.length === samples.length, `msg.probes[${i}].${member}`)
      return values.map((value: unknown, k) => {
        if (value === null || value === '') return null
        const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN
        require(Number.isFinite(number), `msg.probes[${i}].${member}[${k}]`)
        return number
      })
    }
    const gene = textOf(probe['gene-symbol'])
    return { id: Number(probe.id), gene, levels: numbers('expression_level'), zScores: numbers('z-score') }
  })
  return { probes, samples }
}
