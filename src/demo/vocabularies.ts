import { requireArea } from './anatomy.ts'
import { HUMAN } from './ids.ts'
import { type DemoPart, jsonBytes } from './part.ts'

const FOLDER = 'raw.githubusercontent.com/FZJ-INM1-BDA/siibra-python/v0.4EOL/siibra/vocabularies'

/** Genes for which the demo has expression data, with the names under which they are generally known. */
export const DEMO_GENES = { MAOA: 'monoamine oxidase A', TAC1: 'tachykinin, precursor 1', DRD1: 'dopamine receptor D1' }

const OTHER_GENES = {
  DRD2: 'dopamine receptor D2',
  GABRA1: 'gamma-aminobutyric acid (GABA) A receptor, alpha 1',
  GAD1: 'glutamate decarboxylase 1',
  HTR1A: '5-hydroxytryptamine receptor 1A',
  SNAP25: 'synaptosomal-associated protein, 25kDa',
}

const RECEPTORS = {
  AMPA: receptor('AMPA', 'alpha-amino-3-hydroxy-5-methyl-4-isoxazolepropionic acid receptor', 'Glu', 'glutamate'),
  GABAA: receptor('GABA_A', 'gamma-aminobutyric acid receptor type A', 'GABA', 'gamma-aminobutyric acid'),
  M1: receptor('M_1', 'muscarinic acetylcholine receptor type 1', 'ACh', 'acetylcholine'),
  '5-HT1A': receptor('5-HT_{1A}', '5-hydroxytryptamine receptor type 1A', '5-HT', 'serotonin'),
  D1: receptor('D_1', 'dopamine receptor type 1', 'DA', 'dopamine'),
}

/** Small vocabularies in the place of siibra's: genes, receptors, other names of regions. */
export const vocabularies: DemoPart = {
  files: {},
  objects: {
    [`${FOLDER}/gene_names.json`]: () => jsonBytes({ ...DEMO_GENES, ...OTHER_GENES }),
    [`${FOLDER}/receptor_symbols.json`]: () => jsonBytes(RECEPTORS),
    [`${FOLDER}/region_aliases.json`]: () =>
      jsonBytes({
        [HUMAN]: {
          'ship front': { [HUMAN]: { [requireArea(0).name]: 'contains', [requireArea(1).name]: 'contains' } },
        },
      }),
  },
}

function receptor(latex: string, name: string, label: string, transmitter: string) {
  const markdown = latex.replace(/_\{?([^}]+)\}?/, '<sub>$1</sub>')
  return {
    receptor: { latex: `$${latex}$`, markdown, name },
    neurotransmitter: { label, latex: `$${label}$`, markdown: label, name: transmitter },
  }
}
