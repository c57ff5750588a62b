import { join } from 'node:path'
import { Command } from 'commander'
import { proxiesOf } from '../config.ts'
import type { MirrorProgress } from '../mirror/mirror.ts'
import { createProgress } from './progress.ts'
import type { Word } from './word.ts'

interface Flags {
  out: string
  dryRun?: boolean
  maxSize: string
  json?: boolean
}

const MB = 1024 ** 2

/** `siibra-api mirror`: fetches what an atlas needs, to be served with the network cut. */
export const mirror: Word = (context) =>
  new Command('mirror')
    .description(
      'fetches what an atlas, a parcellation or everything needs into a folder; goes on where it was interrupted',
    )
    .argument('<what>', '"everything", or the name or id of an atlas or a parcellation')
    .requiredOption('--out <folder>', 'the folder of the mirror')
    .option('--max-size <MiB>', 'leaves larger files out', '2048')
    .option('--dry-run', 'says how large it is; writes nothing')
    .option('--json', 'prints {label, files, bytes, missing}')
    .addHelpText(
      'after',
      '\nExamples:\n  siibra-api mirror "Julich 3" --out mirror/ --dry-run\n  siibra-api mirror everything --out mirror/\n\nIt is served by SIIBRA_API_MIRROR=<folder> SIIBRA_API_OFFLINE=1 siibra-api',
    )
    .action(async (what: string, { out, dryRun = false, maxSize, json }: Flags) => {
      const { stdout } = context
      const settings = context.config()
      const [{ chooseConfiguration }, { makeMirror }, { SiibraError }] = await Promise.all([
        import('../atlas/choose-configuration.ts'),
        import('../mirror/mirror.ts'),
        import('../siibra/index.ts'),
      ])
      const maxFileBytes = Number(maxSize) * MB
      if (!(maxFileBytes > 0))
        throw new SiibraError('INVALID_PARAMETER', `--max-size: '${maxSize}' is no number of MiB`)
      const { configuration } = await chooseConfiguration(settings, false)
      const { isOffline, mirror: source, remapProviders } = settings
      const progress = createProgress(context)
      const onProgress = ({ done, all, files, bytes }: MirrorProgress) =>
        progress.show({
          fraction: all === 0 ? 0 : done / all,
          text: `${done}/${all}, ${files} files, ${(bytes / MB).toFixed(1)} MiB`,
        })
      const { label, files, bytes, missing, further } = await makeMirror({
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
      }).finally(progress.end)
      if (json) {
        const report = {
          label,
          files: files.length,
          bytes,
          missing: missing.map(([address, why]) => ({ address, why })),
        }
        stdout.write(`${JSON.stringify(report)}\n`)
        return
      }
      const kept = files.filter(({ wasThere }) => wasThere).length
      stdout.write(
        `${label}: ${files.length} files, ${(bytes / MB).toFixed(1)} MiB${dryRun ? ' at least (a dry run: nothing was written)' : ` in ${out}, ${kept} of them from before`}\n`,
      )
      for (const [address, why] of missing.slice(0, 20)) stdout.write(`not to be had: ${address}: ${why}\n`)
      if (missing.length > 20) stdout.write(`... and ${missing.length - 20} more\n`)
      if (missing.length > 0 && !dryRun) stdout.write(`${missing.length} could not be had: ${out}/missing.txt\n`)
      const named = ['official', ...further.map((folder) => join(out, folder))].join(',')
      const configurations = further.length === 0 ? '' : `SIIBRA_USE_CONFIGURATION=${named} `
      if (!dryRun)
        stdout.write(`To serve it: ${configurations}SIIBRA_API_MIRROR=${out} SIIBRA_API_OFFLINE=1 siibra-api\n`)
    })
