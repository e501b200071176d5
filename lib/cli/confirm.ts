import { createInterface } from 'node:readline/promises'

/**
 * Asks a person a question that is answered with yes or no; Enter alone is no. Undefined where nobody can answer: the input or
 * the messages of this process are not a terminal.
 */
export function questionsTo(
  { stdin, stderr }: { readonly stdin: NodeJS.ReadStream; readonly stderr: NodeJS.WriteStream },
  signal: AbortSignal,
): ((question: string) => Promise<boolean>) | undefined {
  if (stdin.isTTY !== true || stderr.isTTY !== true) return undefined
  return async (question) => {
    const lines = createInterface({ input: stdin, output: stderr })
    try {
      return /^\s*y(es)?\s*$/i.test(await lines.question(`${question} [y/N] `, { signal }))
    } finally {
      lines.close()
    }
  }
}
