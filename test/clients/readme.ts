/** Code of a README, run as a reader would run it: all blocks of a language, in their order, as one program. */
import { readFileSync } from 'node:fs'

export interface ReadmeProgram {
  code: string
  /** What the blocks of text behind them say that it prints. */
  output: string
}

export function programOf(file: string, language: string): ReadmeProgram {
  const blocks = [...readFileSync(file, 'utf8').matchAll(/^```(\w+)\n(.*?)^```$/gms)]
  const textOf = (wanted: string) =>
    blocks.flatMap(([, name, text]) => (name === wanted ? [text as string] : [])).join('')
  return { code: textOf(language), output: textOf('text') }
}
