/** Trees of regions, and the maps that draw them. */
import type { AtlasCore, Parcellation, ParcellationMap } from '../siibra/index.ts'
import { type Findings, some } from './findings.ts'

/** Files of objects by their ids. */
export type FilesById = ReadonlyMap<string, string>

export function checkRegions(core: AtlasCore, files: FilesById, findings: Findings): void {
  for (const parcellation of core.parcellations.all) {
    const file = files.get(parcellation.id) ?? parcellation.id
    checkNames(parcellation, file, findings)
    const maps = core.maps.all.filter((map) => map.parcellation === parcellation)
    if (maps.length === 0) {
      findings.warn(file, '', 'no map draws this parcellation')
      continue
    }
    const drawn = new Set(maps.flatMap((map) => [...map.indices.keys()]))
    const isDrawn = (name: string) => drawn.has(name)
    const leaves = parcellation.regions.filter(({ children, name }) => children.length === 0 && !isDrawn(name))
    if (leaves.length > 0) findings.warn(file, 'regions', `no map draws ${some(leaves.map(({ name }) => `'${name}'`))}`)
  }
  for (const map of core.maps.all) checkMap(map, files.get(map.id) ?? map.id, findings)
}

function checkNames({ regions }: Parcellation, file: string, findings: Findings): void {
  const byName = new Map<string, number>()
  const byId = new Map<string, string>()
  for (const { name, id } of regions) {
    byName.set(name, (byName.get(name) ?? 0) + 1)
    const other = byId.get(id)
    if (other !== undefined && other !== name) {
      findings.warn(
        file,
        'regions',
        `'${other}' and '${name}' differ in signs only and have one id: give one of them an "@id"`,
      )
    }
    byId.set(id, name)
  }
  const twice = [...byName].flatMap(([name, count]) => (count > 1 ? [name] : []))
  if (twice.length > 0)
    findings.warn(file, 'regions', `names that stand for several regions: ${some(twice.map((name) => `'${name}'`))}`)
}

function checkMap(map: ParcellationMap, file: string, findings: Findings): void {
  const names = new Set(map.parcellation.regions.map(({ name }) => name))
  const unknown = [...map.indices.keys()].filter((name) => !names.has(name))
  if (unknown.length > 0) {
    findings.error(
      file,
      'indices',
      `names that are no region of '${map.parcellation.name}': ${some(unknown.map((name) => `'${name}'`))}`,
    )
  }
  if (map.indices.size === 0) findings.error(file, 'indices', 'the map draws nothing')
  const places = new Map<string, string>()
  for (const [name, indices] of map.indices) {
    for (const { volume, label, fragment } of indices) {
      const place = `${volume} ${label} ${fragment}`
      const other = places.get(place)
      if (other !== undefined && other !== name) {
        findings.error(
          file,
          `indices.${name}`,
          label === null ? `is drawn by the same volume as '${other}'` : `has the label ${label}, as '${other}' has`,
        )
      }
      if (label === 0) findings.error(file, `indices.${name}`, 'has the label 0, which is background')
      places.set(place, name)
    }
  }
}
