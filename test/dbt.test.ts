import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { relationNames } from '../lib/store/index.ts'
import { scratch } from './support/input-files.ts'

/*
 * The dbt project of examples/dbt. dbt itself parses it where there is one: DBT_COMMAND, `dbt` on the PATH, or, with
 * DBT_FROM_PYPI=1, one that is installed into a folder of this test (two minutes).
 */

const project = fileURLToPath(new URL('../examples/dbt', import.meta.url))
const folder = scratch()
const yaml = (path: string) => parse(readFileSync(join(project, path), 'utf8'))

test('its sources are tables of the product, and its models read what there is', () => {
  const [source] = yaml('models/sources.yml').sources
  const tables: string[] = source.tables.map(({ name }: { name: string }) => name)
  expect(tables.filter((name) => !(relationNames as readonly string[]).includes(name))).toEqual([])
  const models = globSync('models/*.sql', { cwd: project }).map((path) => path.slice('models/'.length, -'.sql'.length))
  expect(models.sort()).toEqual(yaml('models/models.yml').models.map(({ name }: { name: string }) => name))
  expect(models).toHaveLength(2)
  for (const name of models) {
    const sql = readFileSync(join(project, `models/${name}.sql`), 'utf8')
    const read = [...sql.matchAll(/(?:source\('radio_plays', |ref\()'(\w+)'\)/g)].map(([, each]) => each!)
    expect(read.length).toBeGreaterThan(0)
    expect(read.filter((each) => ![...tables, ...models].includes(each))).toEqual([])
  }
})

/** The dbt to take, or why there is none. */
function findDbt(): { readonly dbt: string } | { readonly reason: string } {
  const given = process.env.DBT_COMMAND ?? 'dbt'
  if (spawnSync(given, ['--version']).status === 0) return { dbt: given }
  if (process.env.DBT_FROM_PYPI !== '1') return { reason: `no ${given}; DBT_FROM_PYPI=1 installs one` }
  try {
    const venv = join(folder, 'venv')
    execFileSync('python3', ['-m', 'venv', venv], { stdio: 'pipe' })
    const packages = ['dbt-core>=1.10,<1.11', 'dbt-postgres', 'dbt-duckdb']
    execFileSync(join(venv, 'bin/pip'), ['install', '--quiet', ...packages], { stdio: 'pipe' })
    return { dbt: join(venv, 'bin/dbt') }
  } catch (error) {
    return { reason: `dbt cannot be installed: ${String((error as Error).message).split('\n')[0]}` }
  }
}

const found = findDbt()
if ('reason' in found) process.stderr.write(`skipped with dbt: ${found.reason}\n`)
const withDbt = 'dbt' in found ? test : test.skip

withDbt.each(['postgres', 'lake'])(
  'dbt parses it for the target %s',
  (target) => {
    const copy = join(folder, target)
    cpSync(project, copy, { recursive: true })
    const env = { ...process.env, DBT_SEND_ANONYMOUS_USAGE_STATS: '0' }
    const args = ['--no-use-colors', 'parse', '--profiles-dir', '.', '--target', target, '--warn-error']
    const { status, stdout } = spawnSync('dbt' in found ? found.dbt : '', args, { cwd: copy, env, encoding: 'utf8' })
    expect({ status, stdout }).toMatchObject({ status: 0 })
  },
  120_000,
)
