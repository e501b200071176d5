import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AppError, exitCodes } from '../errors.ts'
import { writeOutput } from '../output.ts'
import { redact } from '../secrets.ts'
import { printable } from '../terminal.ts'
import { version } from '../version.ts'
import { asTyped } from './typed-commands.ts'

/** Prints an error in at most four lines (what, where, what to do) and gives its exit code. */
export function report(error: AppError): number {
  const lines = [`error: ${clean(error.message)}`]
  if (error.place) lines.push(`  at: ${clean(error.place)}`)
  if (error.remedy) lines.push(`  do: ${clean(error.remedy)}`)
  process.stderr.write(`${lines.join('\n')}\n`)
  return error.exitCode
}

function clean(text: string): string {
  const line = printable(redact(asTyped(text)).replace(/\s*\n\s*/g, ' '))
  return line.length > 1000 ? `${line.slice(0, 999)}…` : line
}

/** Writes a report of a bug of ours, says where it is, and gives its exit code. */
export async function reportBug(name: string, error: unknown): Promise<number> {
  const text = redact(
    [
      `radio-plays ${version()}, Node ${process.version}, ${process.platform} ${process.arch}`,
      `command: ${name} ${process.argv.slice(2).join(' ')}`,
      `time: ${new Date().toISOString()}`,
      '',
      stackOf(error),
      '',
    ].join('\n'),
  )
  const file = `bug-${new Date().toISOString().replace(/[:.]/g, '-')}.txt`
  const path = await firstWritten([join('data', file), join(tmpdir(), file)], text)
  const first = clean(error instanceof Error ? error.message : String(error))
  const what = path === undefined ? `this:\n${printableLines(text)}` : `the file ${path}`
  process.stderr.write(`error: this is a bug in radio-plays: ${first}\n  do: please report it with ${what}\n`)
  return exitCodes.bug
}

/** The first of the places that takes the text; undefined if none does. A report may show data: it is for its owner alone. */
async function firstWritten(places: readonly string[], text: string): Promise<string | undefined> {
  for (const place of places) {
    try {
      await writeOutput(place, text, { isPrivate: true })
      return place
    } catch {
      // The next place may be better.
    }
  }
  return undefined
}

const printableLines = (text: string) => text.trimEnd().split('\n').map(printable).join('\n')

/** The error with its stack and every cause below it. */
export function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const own = error.stack ?? `${error.name}: ${error.message}`
  return error.cause === undefined ? own : `${own}\ncaused by: ${stackOf(error.cause)}`
}
