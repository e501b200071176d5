import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A process that works on a store, as another user would run it. */
export interface Child {
  readonly pid: number
  readonly lines: readonly string[]
  /** Waits for a line with this beginning; undefined if the process ended without it. */
  line(beginning: string): Promise<string | undefined>
  say(text: string): void
  kill(): void
  /** All of its lines, when it has ended. */
  ended(): Promise<readonly string[]>
}

const script = fileURLToPath(new URL('child.ts', import.meta.url))

export function startChild(
  url: string,
  action: 'open' | 'load' | 'lock' | 'stage' | 'lease',
  options: object = {},
): Child {
  const child: ChildProcess = spawn(process.execPath, ['--no-warnings', script, url, action, JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  const waiting: { beginning: string; resolve: (line: string | undefined) => void }[] = []
  createInterface({ input: child.stdout! }).on('line', (line) => {
    lines.push(line)
    for (const each of waiting) if (line.startsWith(each.beginning)) each.resolve(line)
  })
  const ended = new Promise<readonly string[]>((resolve) => {
    child.once('close', () => {
      for (const each of waiting) each.resolve(undefined)
      resolve(lines)
    })
  })
  return {
    pid: child.pid!,
    lines,
    line(beginning) {
      const there = lines.find((line) => line.startsWith(beginning))
      if (there !== undefined) return Promise.resolve(there)
      if (child.exitCode !== null || child.signalCode !== null)
        return ended.then(() => lines.find((l) => l.startsWith(beginning)))
      return new Promise((resolve) => waiting.push({ beginning, resolve }))
    },
    say: (text) => child.stdin!.write(`${text}\n`),
    kill: () => child.kill('SIGKILL'),
    ended: () => ended,
  }
}
