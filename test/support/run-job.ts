import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface EndedJob {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  readonly ms: number
}

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Runs a command as users do, in a process of its own; neither terminal nor colours, quiet unless told otherwise. */
export async function runJob(
  name: string,
  args: readonly string[],
  options: { readonly env?: Record<string, string>; readonly cwd?: string } = {},
): Promise<EndedJob> {
  const started = performance.now()
  const child = spawn(
    process.execPath,
    ['--import', `${root}lib/compile-cache.mjs`, `${root}jobs/${name}.ts`, ...args],
    {
      cwd: options.cwd ?? root,
      env: { ...process.env, LOG_LEVEL: 'warn', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stdout, stderr, ms: performance.now() - started }))
  })
}
