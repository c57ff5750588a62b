/** Answers of the Allen API, made by hand. */
import { answeringRetrieval } from '../small-atlas.ts'

export const DONORS = ['H0351.1015', 'H0351.1012', 'H0351.1016', 'H0351.2001', 'H0351.1009', 'H0351.2002']
export const DONOR_IDS = [15496, 14380, 15697, 9861, 12876, 10021]

export const donorFacts = DONOR_IDS.map((id, i) => ({
  id,
  race_only: `race ${i}`,
  sex: 'F',
  age: { days: 365 * (30 + i) + 364 },
}))
/** x moves by 1, y is doubled, z is turned round. */
export const alignment = {
  tvr_00: 1,
  tvr_01: 0,
  tvr_02: 0,
  tvr_09: 1,
  tvr_03: 0,
  tvr_04: 2,
  tvr_05: 0,
  tvr_10: 0,
  tvr_06: 0,
  tvr_07: 0,
  tvr_08: -1,
  tvr_11: 0,
}
const MRI = [
  [0, 0.5, -1],
  [0.005, 0.0025, 0.0075],
]
/** Two probes in two samples of the donor. */
export const expressions = (donor: number) => ({
  probes: [
    { id: 7, 'gene-symbol': 'MAOA', expression_level: ['1.5', ''], 'z-score': [0.5, null] },
    { id: 8, 'gene-symbol': 'MAOA', expression_level: [donor, 3], 'z-score': ['-0.5', '2'] },
  ],
  samples: MRI.map((mri) => ({ donor: { id: DONOR_IDS[donor], name: DONORS[donor] }, sample: { mri } })),
})
const PROBES =
  '<Response success="true" total_rows="2"><probes><probe><id>7</id></probe><probe><id>8</id></probe></probes></Response>'

const answers: Record<string, (key: string) => unknown> = {
  'gene_names.json': () => ({ MAOA: 'monoamine oxidase A', TAC1: 'tachykinin', C1orf1: 'an open frame' }),
  'query.xml': (url) =>
    url.includes('MAOA') ? PROBES : '<Response success="true" total_rows="0"><probes/></Response>',
  'model::Donor': () => ({ success: true, msg: donorFacts }),
  'Specimen/query.json': () => ({ success: true, msg: [{ alignment3d: alignment }] }),
  human_microarray_expression: (url) => ({
    success: true,
    msg: expressions(DONOR_IDS.findIndex((id) => url.includes(`$eq${id}`))),
  }),
}

/** A retrieval that knows these answers, changed by `change`, and what it was asked for. */
export function answering(change: typeof answers = {}) {
  const asked: string[] = []
  const answer = (url: string) => {
    asked.push(url)
    const found = Object.entries({ ...answers, ...change }).find(([part]) => url.includes(part))
    if (!found) return undefined
    const given = found[1](url)
    return new TextEncoder().encode(typeof given === 'string' ? given : JSON.stringify(given))
  }
  return { asked, answer, retrieval: answeringRetrieval(answer) }
}
