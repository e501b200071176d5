import { type ActionOptions, actionOf, defaultLimitMs, patientMs } from './actions.ts'
import { rendered } from './render.ts'
import type { Sandbox, SandboxOptions } from './sandbox.ts'
import { type ServeOptions, serveExplorer } from './server.ts'

/** The sandbox for one answer, or for pages that many may ask at once. */
export function sandboxOptions(serving: boolean, limitMs?: number): SandboxOptions {
  return { workers: serving ? 2 : 1, limitMs: limitMs ?? (serving ? defaultLimitMs : patientMs) }
}

/** Runs the action that the words name. *Errors:* AppError `usage` for words that name none, and what the action throws. */
export async function answerOnce(
  sandbox: Sandbox,
  args: readonly string[],
  options: ActionOptions & { readonly csv?: boolean; readonly json?: boolean },
): Promise<{ readonly text: string; readonly more: boolean }> {
  const [action, words] = actionOf(args)
  const result = await action.run((question, asked, ms) => sandbox.ask(question, asked, ms), words, options)
  return { text: rendered(result, options.json ? 'json' : options.csv ? 'csv' : 'text'), more: result.more }
}

/** Serves the pages until the signal; `onReady` is called with their address. *Errors:* those of `serveExplorer`. */
export async function serveUntil(
  signal: AbortSignal,
  sandbox: Sandbox,
  options: ServeOptions & { readonly onReady: (url: string) => void },
): Promise<void> {
  const server = await serveExplorer(sandbox, options)
  options.onReady(server.url)
  options.log.info('open it in a browser; Ctrl-C ends it')
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
  await server.close()
}
