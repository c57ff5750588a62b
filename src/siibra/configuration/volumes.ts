import type { Volume } from '../core/types.ts'
import { isVolumeFormat } from '../core/volume.ts'
import { buildDatasets } from './concepts.ts'
import { isObject, type Specification, type SpecificationReader } from './specification.ts'

/**
 * One volume of a space, map or feature. Providers of formats that are not known are left out, as in siibra.
 * `defaults.name` stands where the specification has no name; the space is that of the map or space it belongs to.
 */
export function buildVolume(
  reader: SpecificationReader,
  value: unknown,
  property: string,
  defaults: { spaceId: string | null; name?: string },
): Volume {
  const spec = isObject(value) ? value : reader.fail(property, 'is not an object')
  return {
    name: reader.optionalText(spec, 'name') ?? defaults.name ?? null,
    variant: reader.optionalText(spec, 'variant'),
    spaceId: defaults.spaceId,
    providers: buildProviders(reader, spec, property),
    datasets: buildDatasets(reader, spec),
    z: null,
  }
}

function buildProviders(reader: SpecificationReader, spec: Specification, property: string): Volume['providers'] {
  const providers: Volume['providers'] = {}
  for (const [format, url] of Object.entries(reader.object(spec, 'providers'))) {
    if (!isVolumeFormat(format)) continue
    const isUrl =
      typeof url === 'string' || (isObject(url) && Object.values(url).every((one) => typeof one === 'string'))
    if (!isUrl) reader.fail(`${property}.providers.${format}`, 'is neither a URL nor URLs by fragment')
    if (format === 'neuroglancer/precompmesh/surface' && !/^\S+ \d+$/.test(String(url))) {
      reader.fail(`${property}.providers.${format}`, 'is not of the form "URL LABEL"')
    }
    const address = (one: string) => reader.address(one, `${property}.providers.${format}`)
    providers[format] =
      typeof url === 'string'
        ? address(url)
        : Object.fromEntries(Object.entries(url as Record<string, string>).map(([part, one]) => [part, address(one)]))
  }
  return providers
}
