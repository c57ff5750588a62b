import { Command } from 'commander'
import { proxiesOf } from '../config.ts'
import { createProgress } from './progress.ts'
import type { Word } from './word.ts'

/** `siibra-api validate`: says what is wrong with a configuration. */
export const validate: Word = (context) =>
  new Command('validate')
    .description('says what is wrong with a configuration, with file and property; exits with 1 where there are errors')
    .argument('<configuration>', 'a folder, or a .zip or .tar.gz archive at a path or URL')
    .option('--json', 'prints a list of {level, file, property, message}')
    .option('--fetch', 'reads the volumes, too: affines, labels, sides')
    .addHelpText(
      'after',
      '\nExamples:\n  siibra-api validate my-atlas/ --fetch\n  siibra-api validate my-atlas.tar.gz --json | jq',
    )
    .action(async (configuration: string, { json, fetch }: { json?: boolean; fetch?: boolean }) => {
      const { stdout } = context
      const settings = context.config()
      const progress = createProgress(context)
      const [{ createRetrieval }, { validateConfiguration }] = await Promise.all([
        import('../siibra/index.ts'),
        import('../validate/validate.ts'),
      ])
      const { isOffline, mirror, remapProviders, cacheDir } = settings
      const retrieval = createRetrieval({
        offline: isOffline,
        remap: remapProviders,
        proxies: proxiesOf(settings),
        allowsPrivateRedirects: settings.allowsPrivateRedirects,
        cacheDir,
        ...(mirror === undefined ? {} : { mirror }),
      })
      try {
        const isOnline = !isOffline || mirror !== undefined
        const findings = await validateConfiguration({
          configuration,
          retrieval,
          isOnline,
          fetch,
          onVolume: (done, all) => progress.show({ fraction: done / all, text: `${done}/${all} volumes` }),
        })
        progress.end()
        const errors = findings.filter(({ level }) => level === 'error').length
        if (json) stdout.write(`${JSON.stringify(findings, null, 2)}\n`)
        else {
          for (const { level, file, property, message } of findings) {
            stdout.write(`${level}: ${[file, property].filter((part) => part !== '').join(': ')}: ${message}\n`)
          }
          stdout.write(`${errors} errors, ${findings.length - errors} warnings\n`)
        }
        process.exitCode = errors > 0 ? 1 : 0
      } finally {
        progress.end()
        await retrieval.close()
      }
    })
