import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** One finished run of a contestant, as its process reported it. */
export interface Run {
  /** Seconds of the measured part, by the contestant's own clock. */
  readonly seconds: number
  /** Peak resident memory of its process. */
  readonly peakMb: number
  readonly rows?: number
  /** Seconds by part, where the contestant tells them. */
  readonly parts?: Readonly<Record<string, number>>
}

/** The arguments of Node with which `npm run NAME` starts a command, for a benchmark that measures what users run. */
export function npmScript(name: string): string[] {
  const inProject = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
  const { scripts } = JSON.parse(readFileSync(inProject('package.json'), 'utf8')) as { scripts: Record<string, string> }
  const [node, ...args] = (scripts[name] ?? '').replace(/^exec /, '').split(' ')
  if (node !== 'node') throw new Error(`npm run ${name} starts no Node`)
  return args.map((arg) => (arg.startsWith('-') ? arg : inProject(arg)))
}

/** The value in the middle; the mean of the two in the middle for an even number. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/**
 * Runs a program and gives what its last line of stdout says, as JSON.
 *
 * *Errors:* a program that ends with another status than 0 fails the benchmark, with what it wrote to stderr.
 */
export async function runJson(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<unknown> {
  return (await runLogged(command, args, env)).result
}

/** Like {@link runJson}, with the lines of its log that are JSON. */
export async function runLogged(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<{ readonly result: unknown; readonly log: () => readonly Readonly<Record<string, unknown>>[] }> {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  child.stdout.on('data', (data) => {
    out += data
  })
  child.stderr.on('data', (data) => {
    err += data
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${err.slice(-2000)}`)
  const lines = (text: string) => text.trim().split('\n')
  return {
    result: JSON.parse(lines(out).at(-1) ?? ''),
    log: () => lines(err).flatMap((line) => (line.startsWith('{') ? JSON.parse(line) : [])),
  }
}

/** Seconds with one decimal below ten, so that columns stay narrow. */
export function inSeconds(value: number): string {
  return value.toFixed(value < 10 ? 2 : 1)
}
