import type { EbrainsDatasetModel, EbrainsDsPerson } from '../models/datasets.ts'
import type { DatasetDescription, DatasetPerson } from '../siibra/index.ts'

export function serializeDataset(dataset: DatasetDescription): EbrainsDatasetModel {
  return {
    '@id': dataset.id,
    '@type': null,
    name: dataset.name,
    urls: dataset.urls.map((url) => ({ '@type': null, url })),
    description: dataset.description,
    contributors: dataset.contributors.map(serializePerson),
    ebrains_page: dataset.ebrainsPage,
    custodians: dataset.custodians.map(serializePerson),
  }
}

function serializePerson({ id, shortName, identifier, name }: DatasetPerson): EbrainsDsPerson {
  return { '@id': id, '@type': null, 'schema.org/shortName': shortName, identifier, shortName, name }
}
