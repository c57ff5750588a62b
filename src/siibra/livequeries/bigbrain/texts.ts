/** What the original says of these profiles: part of its contract. */
import type { DatasetReference } from '../../core/types.ts'

const PUBLICATION =
  "as described in the publication 'Wagstyl, K., et al (2020). BigBrain 3D atlas of " +
  'cortical layers: Cortical and laminar thickness gradients diverge in sensory and ' +
  'motor cortices. PLoS Biology, 18(4), e3000678. ' +
  'http://dx.doi.org/10.1371/journal.pbio.3000678'
const SOURCE =
  'The data is taken from the tutorial at ' +
  'https://github.com/kwagstyl/cortical_layers_tutorial. Each vertex is assigned to the regional map when queried.'

export const PROFILE_DESCRIPTION = `Cortical profiles of BigBrain staining intensities computed by Konrad Wagstyl, ${PUBLICATION}'.${SOURCE}`
export const LAYER_DESCRIPTION = `Layerwise averages and standard deviations of of BigBrain staining intensities computed by Konrad Wagstyl, ${PUBLICATION}'.${SOURCE}`

export const DATASET: DatasetReference = {
  kind: 'GenericDataset',
  name: 'HIBALL workshop on cortical layers',
  contributors: [
    'Konrad Wagstyl',
    'Stéphanie Larocque',
    'Guillem Cucurull',
    'Claude Lepage',
    'Joseph Paul Cohen',
    'Sebastian Bludau',
    'Nicola Palomero-Gallagher',
    'Lindsay B. Lewis',
    'Thomas Funck',
    'Hannah Spitzer',
    'Timo Dickscheid',
    'Paul C. Fletcher',
    'Adriana Romero',
    'Karl Zilles',
    'Katrin Amunts',
    'Yoshua Bengio',
    'Alan C. Evans',
  ],
  url: 'https://github.com/kwagstyl/cortical_layers_tutorial/',
  description: `Cortical profiles of BigBrain staining intensities computed by Konrad Wagstyl, ${PUBLICATION}.${SOURCE}`,
}
