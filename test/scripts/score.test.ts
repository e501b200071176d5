import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from '@jest/globals'
import { testSparkAddress } from '../support/spark.ts'

const folder = mkdtempSync(join(tmpdir(), 'radio-plays-score-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function script(name: string, args: readonly string[], env: Record<string, string> = {}) {
  const path = fileURLToPath(new URL(`../../scripts/${name}.ts`, import.meta.url))
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, [path, ...args], { env: { ...process.env, ...env } }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr })
    })
  })
}

test('precision, recall and F1 of both levels beside the alternatives, the worst splits and merges; 1 below a floor', async () => {
  const [log, truth] = [join(folder, 'names.csv'), join(folder, 'truth.csv')]
  const made = await script('generate', [
    '--catalogue',
    '--names',
    '150',
    '--seed',
    '5',
    '--out',
    log,
    '--truth',
    truth,
  ])
  expect(made.code).toBe(0)
  const floors = ['--min-artists', '0.97', '--min-songs', '1.01']
  const scored = await script('score', [log, '--truth', truth, '--distinct', ...floors], {
    SPARK_REMOTE: await testSparkAddress(),
    LOG_FORMAT: 'text',
  })
  const lines = scored.stdout.split('\n')
  expect(
    lines
      .find((line) => line.includes('F1'))!
      .trim()
      .split(/ {2,}/),
  ).toEqual(['artists F1', 'P', 'R', 'songs F1', 'P', 'R', 'names right', 'songs right'])
  const figures = (method: string) =>
    lines
      .find((line) => line.startsWith(method))!
      .slice(method.length)
      .trim()
      .split(/\s+/)
      .map(Number)
  for (const method of ['resolved', 'raw strings', 'lower case', 'fingerprint']) {
    const [f1, precision, recall] = figures(method) as [number, number, number]
    expect(f1).toBeCloseTo((2 * precision * recall) / (precision + recall), 3)
  }
  expect(figures('resolved')).toHaveLength(8)
  expect(figures('resolved')[0]).toBeGreaterThan(figures('fingerprint')[0]! + 0.05)
  const worst = ['Worst splits of artists', 'Worst merges of artists', 'Worst splits of songs', 'Worst merges of songs']
  expect(lines.filter((line) => line.startsWith('Worst'))).toEqual(worst)
  expect(scored.stderr).toMatch(
    /error: the F1 of songs is [01]\.\d{4}, below 1\.01\n {2}do: see the worst splits and merges/,
  )
  expect(scored.code).toBe(1)
}, 240_000)
