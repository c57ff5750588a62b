import { Command } from 'commander'
import { proxiesOf } from '../config.ts'
import type { MirrorProgress } from '../mirror/mirror.ts'
import type { Word } from './word.ts'

interface Flags {
  out: string
  dryRun?: boolean
  maxSize: string
}

const MB = 1024 ** 2
/** How often the bar is drawn. */
const DRAW_EVERY_MS = 100

/** `siibra-api mirror`: fetches what an atlas needs, to be served with the network cut. */
export const mirror: Word = ({ config, stdout, stderr }) =>
  new Command('mirror')
    .description(
      'fetches what an atlas, a parcellation or everything needs into a folder; goes on where it was interrupted',
    )
    .argument('<what>', '"everything", or the name or id of an atlas or a parcellation')
    .requiredOption('--out <folder>', 'the folder of the mirror')
    .option('--max-size <MiB>', 'leaves larger files out', '2048')
    .option('--dry-run', 'says how large it is; writes nothing')
    .addHelpText('after', '\nIt is served by SIIBRA_API_MIRROR=<folder> SIIBRA_API_OFFLINE=1 siibra-api')
    .action(async (what: string, { out, dryRun = false, maxSize }: Flags) => {
      const settings = config()
      const [{ chooseConfiguration }, { makeMirror }, { SiibraError }] = await Promise.all([
        import('../atlas/choose-configuration.ts'),
        import('../mirror/mirror.ts'),
        import('../siibra/index.ts'),
      ])
      const maxFileBytes = Number(maxSize) * MB
      if (!(maxFileBytes > 0))
        throw new SiibraError('INVALID_PARAMETER', `--max-size: '${maxSize}' is no number of MiB`)
      const { configuration } = await chooseConfiguration(settings, false)
      if (typeof configuration !== 'string') {
        throw new SiibraError(
          'INVALID_PARAMETER',
          'SIIBRA_USE_CONFIGURATION: one configuration at a time can be mirrored',
        )
      }
      const { isOffline, mirror: source, remapProviders } = settings
      const isTerminal = process.stderr.isTTY === true
      let drawnMs = 0
      const onProgress = (progress: MirrorProgress) => {
        if (!isTerminal || performance.now() - drawnMs < DRAW_EVERY_MS) return
        drawnMs = performance.now()
        stderr.write(`\r${bar(progress)}`)
      }
      const { label, files, bytes, missing } = await makeMirror({
        what,
        out,
        configuration,
        snapshotFolder: settings.localSnapshotDir,
        maxFileBytes: Math.min(maxFileBytes, 2 ** 31 - 1),
        isDryRun: dryRun,
        onProgress,
        retrieval: {
          offline: isOffline,
          remap: remapProviders,
          proxies: proxiesOf(settings),
          allowsPrivateRedirects: settings.allowsPrivateRedirects,
          ...(source === undefined ? {} : { mirror: source }),
        },
      })
      if (isTerminal) stderr.write('\n')
      const kept = files.filter(({ wasThere }) => wasThere).length
      stdout.write(
        `${label}: ${files.length} files, ${(bytes / MB).toFixed(1)} MiB${dryRun ? ' at least (a dry run: nothing was written)' : ` in ${out}, ${kept} of them from before`}\n`,
      )
      for (const [address, why] of missing.slice(0, 20)) stdout.write(`not to be had: ${address}: ${why}\n`)
      if (missing.length > 20) stdout.write(`... and ${missing.length - 20} more\n`)
      if (missing.length > 0 && !dryRun) stdout.write(`${missing.length} could not be had: ${out}/missing.txt\n`)
      if (!dryRun) stdout.write(`To serve it: SIIBRA_API_MIRROR=${out} SIIBRA_API_OFFLINE=1 siibra-api\n`)
    })

function bar({ done, all, bytes, files }: MirrorProgress): string {
  const width = 30
  const filled = all === 0 ? 0 : Math.round((width * done) / all)
  return `[${'#'.repeat(filled)}${' '.repeat(width - filled)}] ${done}/${all}, ${files} files, ${(bytes / MB).toFixed(1)} MiB `
}
