import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { LocalServerError } from './error.ts'

/** An end that nothing in the log explains. */
export class UnexplainedEnd extends LocalServerError {}

/** What a JVM that ended by itself died of, as a user can act on it. */
export async function explainExit(code: number | null, logFile: string): Promise<LocalServerError> {
  const lines = (await readFile(logFile, 'utf8').catch(() => '')).trim().split('\n')
  const text = lines.join('\n')
  const tail = lines.slice(-20).join('\n')
  const fields = { place: logFile, cause: new Error(tail) }
  const heap = /OutOfMemoryError: ([^\n]+)/.exec(text)?.[1]
  if (heap !== undefined) {
    return new LocalServerError(`Spark ran out of memory (${heap.trim()})`, {
      ...fields,
      remedy: 'raise SPARK_DRIVER_MEMORY',
    })
  }
  if (/\[INVALID_DRIVER_MEMORY\]/.test(text)) {
    return new LocalServerError('Spark was given less memory than it needs to start', {
      ...fields,
      remedy: 'raise SPARK_DRIVER_MEMORY to 512m or more',
    })
  }
  if (/Invalid (?:maximum|initial) heap size|Could not reserve enough space|Too small maximum heap/.test(text)) {
    return new LocalServerError('the JVM did not get the memory it was told to take', {
      ...fields,
      remedy: 'lower or correct SPARK_DRIVER_MEMORY',
    })
  }
  if (/No space left on device/.test(text)) {
    return new LocalServerError(`no space left for the temporary files of Spark in ${tmpdir()}`, {
      ...fields,
      remedy: 'free some space, or set TMPDIR to a folder with more',
    })
  }
  if (code === 137 || code === 9) {
    return new LocalServerError('Spark was killed from outside, as a machine without free memory does', {
      ...fields,
      remedy: 'lower SPARK_DRIVER_MEMORY or close other programs, and start again',
    })
  }
  const said = lines.findLast((line) => /ERROR|Exception|Error:/.test(line)) ?? lines.at(-1) ?? ''
  return new UnexplainedEnd(
    `Spark ended by itself (exit code ${code ?? 'unknown'})${said ? `: ${said.slice(0, 300)}` : ''}`,
    {
      ...fields,
      remedy: 'see the log named here',
    },
  )
}
