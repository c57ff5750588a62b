import { answerForClients } from '../../platform/disclosure.ts'
import { postSummary } from '../routes/post-settings.ts'
import type { RouteRecord } from '../routes/route.ts'
import type { ServiceInfo, ServiceState } from '../service.ts'

const REPOSITORY = 'https://github.com/FZJ-INM1-BDA/siibra-api'

/** What this service is: metadata for registries of services, and what exactly is running. */
export function aboutDocument(info: ServiceInfo, state: ServiceState, routes: readonly RouteRecord[], prefix: string) {
  const { core, demoReason } = state
  return answerForClients({
    '@context': 'https://schema.org',
    '@type': 'WebAPI',
    type: 'WebApplication',
    name: 'siibra-api',
    description: 'HTTP access to brain atlases, compatible with the v3_0 routes of siibra-api',
    version: info.packageVersion,
    author: [{ '@type': 'Organization', name: 'The siibra-api contributors' }],
    license: 'https://spdx.org/licenses/Apache-2.0',
    codeRepository: REPOSITORY,
    documentation: `${prefix}/v3_0/docs`,
    inputFormat: ['json'],
    outputFormat: ['json', 'nifti', 'zip'],
    api: { version: info.apiVersion, routes: ['v3_0', 'v1_0'], role: info.role, gitHash: info.gitHash },
    post: postSummary(routes),
    core: { name: 'siibra-core (TypeScript)', version: info.packageVersion, reference: 'siibra-python 0.4a107' },
    configuration:
      core === null
        ? null
        : {
            source: core.source,
            commit: core.commit,
            isDemo: core.isDemo,
            ...(demoReason === null ? {} : { demoReason }),
            atlases: core.atlases,
            spaces: core.spaces,
            parcellations: core.parcellations,
            maps: core.maps,
            problems: core.problems,
          },
  })
}
