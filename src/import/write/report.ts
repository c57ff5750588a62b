/** IMPORT.md: what was taken from where, what was guessed, what was left out. */
import type { Journal } from '../journal.ts'
import type { PlannedAtlas, PlannedRegion } from '../types.ts'

export function writeReport(atlas: PlannedAtlas, source: string, command: string, journal: Journal): string {
  const count = (regions: readonly PlannedRegion[]): number =>
    regions.reduce((sum, { children }) => sum + 1 + count(children), 0)
  const section = (title: string, lines: readonly string[], none: string) =>
    [`## ${title}`, '', ...(lines.length > 0 ? lines.map((line) => `- ${line}`) : [none]), ''].join('\n')
  const contents = atlas.parcellations.map(
    ({ name, regions, maps }) =>
      `${name}: ${count(regions)} regions, ${maps.map(({ kind, indices }) => `a ${kind} map of ${indices.length} of them`).join(', ')}`,
  )
  return [
    `# ${atlas.name}`,
    '',
    `Imported from \`${source}\` by \`${command}\`. This file is a report; the service does not read it.`,
    'All other files may be edited: `siibra-api validate` checks them, SIGHUP makes a running service read them again.',
    '',
    ...(journal.warnings.length > 0
      ? [
          section(
            'Look at this first',
            journal.warnings.map((one) => `**${one}**`),
            '',
          ),
        ]
      : []),
    section(
      'What there is',
      [
        `Species: ${atlas.species}`,
        `Space: ${atlas.space.name}${atlas.space.volumes.length === 0 ? ' (without a template)' : ''}`,
        ...contents,
        ...atlas.features.map(({ name, spec }) => `Feature: ${name} (${String(spec['@type'])})`),
      ],
      '',
    ),
    section('What was taken from where', journal.taken, 'Nothing.'),
    section(
      'What was guessed',
      journal.guesses.map(
        ({ flag, what, by }) => `${what} (${by === 'yes' ? '--yes took it' : 'answered'}; \`${flag}\` says otherwise)`,
      ),
      'Nothing.',
    ),
    section(
      'What was left out',
      journal.leftOut.map(({ file, why }) => `${file}: ${why}`),
      'Nothing.',
    ),
    section('Notes', journal.notes, 'None.'),
  ].join('\n')
}
