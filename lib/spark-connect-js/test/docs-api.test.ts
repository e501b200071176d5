import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'

test('npm run docs:api makes a reference without a warning', async () => {
  const out = mkdtempSync(join(tmpdir(), 'docs-api-'))
  try {
    await promisify(execFile)('npm', ['run', '--silent', 'docs:api', '--', '--out', out], {
      cwd: join(import.meta.dirname, '..'),
      timeout: 240_000,
    })
    expect(readFileSync(join(out, 'classes', 'index.SparkSession.html'), 'utf8')).toContain('createDataFrame')
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    if (!/E(?:NOTFOUND|CONNREFUSED|CONNRESET|AI_AGAIN|TIMEDOUT)|network/.test(`${stdout}${stderr}`)) {
      throw new Error(`${stdout}${stderr}${error}`)
    }
    console.log('skipped: npm does not reach its registry')
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
}, 300_000)
