/** What happens during an import: what was taken, guessed, warned of and left out. It becomes IMPORT.md. */
import { badFlag } from './errors.ts'

/** Asks a person; only there on a terminal. */
export type Ask = (question: string, proposal: string) => Promise<string>

export interface Guess {
  flag: string
  what: string
  /** Who said yes: `--yes`, or a person. */
  by: 'yes' | 'asked'
}

export interface Journal {
  taken: string[]
  guesses: Guess[]
  /** To be told loudly. */
  warnings: string[]
  notes: string[]
  leftOut: { file: string; why: string }[]
  /**
   * Something that the source does not say. On a terminal it is asked; with `--yes` it is taken and noted; else the import ends with the
   * flag that would have said it.
   */
  guess(flag: string, question: string, proposal: string): Promise<string>
}

export function createJournal({ takesGuesses, ask }: { takesGuesses: boolean; ask?: Ask | undefined }): Journal {
  const journal: Journal = {
    taken: [],
    guesses: [],
    warnings: [],
    notes: [],
    leftOut: [],
    async guess(flag, question, proposal) {
      if (takesGuesses) {
        journal.guesses.push({ flag, what: `${question} ${proposal}`, by: 'yes' })
        return proposal
      }
      if (!ask) {
        throw badFlag(
          flag,
          `${question} It looks like ${proposal}. Say it with ${flag}, or take all guesses with --yes`,
        )
      }
      const answer = (await ask(`${question} (${flag})`, proposal)).trim()
      const value = answer === '' || /^y(es)?$/i.test(answer) ? proposal : answer
      if (/^no?$/i.test(answer)) throw badFlag(flag, `${question} Say it with ${flag}`)
      journal.guesses.push({ flag, what: `${question} ${value}`, by: 'asked' })
      return value
    },
  }
  return journal
}
