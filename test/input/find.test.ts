import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { AppError } from '../../lib/errors.ts'
import { findInputs, holdsInput, isUri, type LeftOutFile } from '../../lib/input/index.ts'
import { scratch, write } from '../support/input-files.ts'

const folder = scratch()

async function refusal(patterns: readonly string[]): Promise<AppError> {
  const error = await findInputs(patterns).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(AppError)
  expect((error as AppError).kind).toBe('input')
  return error as AppError
}

describe('findInputs', () => {
  test('a file, whatever its name is', async () => {
    const path = write(folder, 'x', 'plays [2014] *.log2')
    expect(await findInputs([path])).toEqual([{ path, label: path, bytes: 1 }])
  })

  test('a path inside the working folder is shown relative to it, however it was given', async () => {
    const here = 'package.json'
    for (const given of [here, `./${here}`, join(process.cwd(), here), `lib/../${here}`]) {
      expect((await findInputs([given]))[0]?.label).toBe(here)
    }
  })

  test('a folder is searched to its depths, by name; hidden files, markers and other kinds are left out', async () => {
    const logs = join(folder, 'logs')
    mkdirSync(join(logs, 'KGB', '.cache'), { recursive: true })
    for (const name of ['b.csv', 'a.TXT', 'KGB/c.tsv.gz', 'KGB/.cache/d.csv', '_SUCCESS.csv', '.e.csv', 'notes.md']) {
      writeFileSync(join(logs, name), 'x')
    }
    const found = await findInputs([logs])
    expect(found.map((file) => relative(logs, file.path))).toEqual(['KGB/c.tsv.gz', 'a.TXT', 'b.csv'])
  })

  test('a glob; a file that is named twice, also by a link, is read once', async () => {
    const days = join(folder, 'days')
    mkdirSync(days)
    for (const day of ['2014-06-17.csv', '2014-06-16.csv', 'other.txt']) writeFileSync(join(days, day), 'x')
    symlinkSync(join(days, '2014-06-16.csv'), join(days, 'latest.csv'))
    const found = await findInputs([join(days, '2014-*.csv'), join(days, 'latest.csv'), days])
    expect(found.map((file) => relative(days, file.path))).toEqual(['2014-06-16.csv', '2014-06-17.csv', 'other.txt'])
  })

  test('what is missing is named, with where it was searched', async () => {
    const error = await refusal(['no/such/file.csv'])
    expect(error.message).toBe('file not found: no/such/file.csv')
    expect(error.remedy).toContain(process.cwd())
    expect((await refusal([join(folder, 'nothing-*.csv')])).message).toMatch(/^no file matches /)
    expect((await refusal([])).message).toBe('no input was named')
  })

  test('a folder without logs says what it looked for', async () => {
    const empty = join(folder, 'empty')
    mkdirSync(empty)
    writeFileSync(join(empty, 'README.md'), 'x')
    const error = await refusal([empty])
    expect(error.message).toMatch(/^no play log in the folder /)
    expect(error.remedy).toContain('.csv')
  })

  test('a pipe is refused at once instead of being waited for', async () => {
    const pipe = join(folder, 'pipe.csv')
    execFileSync('mkfifo', [pipe])
    expect((await refusal([pipe])).message).toMatch(/is a pipe, not a file$/)
    expect((await refusal(['/dev/null'])).message).toBe('/dev/null is a device, not a file')
  })

  test('a name from a hostile archive cannot speak to the terminal', async () => {
    const error = await refusal(['\u001bcgone.csv'])
    expect(error.message).toBe('file not found: \\x1bcgone.csv')
  })

  test('a file that may not be read is refused', async () => {
    const path = write(folder, 'x', 'secret.csv')
    chmodSync(path, 0)
    chmodSync(folder, 0o755)
    if (process.getuid?.() !== 0) {
      expect((await refusal([path])).message).toMatch(/may not be read$/)
      return
    }
    // The superuser may read everything, so another user asks; one who need not be able to read the project itself.
    const script = `import { findInputs } from ${JSON.stringify(new URL('../../lib/input/index.ts', import.meta.url).href)}
      process.setgid(65534)
      process.setuid(65534)
      await findInputs([${JSON.stringify(path)}]).catch((error) => console.log(error.kind, error.message))`
    const child = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', script], {
      encoding: 'utf8',
      cwd: '/',
    })
    expect(child.stdout).toMatch(/^input .* may not be read\n$/)
  })
})

test.each([
  ['s3a://bucket/plays/', true],
  ['hdfs://host/plays.csv', true],
  ['file:///data/plays.csv', true],
  ['plays.csv', false],
  ['C:\\plays.csv', false],
  ['/data/a:b.csv', false],
])('isUri(%s) is %s', (pattern, expected) => {
  expect(isUri(pattern)).toBe(expected)
})

test('what a fetch that was cut leaves is no input, and neither is an empty folder', async () => {
  const place = join(folder, 'input')
  expect(await holdsInput(place)).toBe(false)
  mkdirSync(join(place, 'sub'), { recursive: true })
  expect(await holdsInput(place)).toBe(false)
  for (const name of ['log.csv.part', 'log.csv.part.json', 'log.csv.sha256', '.gitkeep']) {
    writeFileSync(join(place, name), 'x')
  }
  expect(await holdsInput(place)).toBe(false)
  // Not a log, but somebody's: to take the sample instead would hide it.
  writeFileSync(join(place, 'sub', 'plays.xlsx'), 'x')
  expect(await holdsInput(place)).toBe(true)
})

test('everything in a folder that is not read is told, with the reason', async () => {
  const place = join(folder, 'mixed')
  mkdirSync(join(place, '.hidden'), { recursive: true })
  for (const name of ['a.csv', 'b.xls', 'c.pdf', '_old.csv', '.hidden/d.csv', '.DS_Store', 'a.csv.sha256']) {
    writeFileSync(join(place, name), 'x')
  }
  // What Excel puts beside a workbook that is open is nobody's log.
  writeFileSync(join(place, '~$plays.xlsx'), 'Me')
  symlinkSync('/no/such/file', join(place, 'gone.csv'))
  execFileSync('mkfifo', [join(place, 'pipe.csv')])
  writeFileSync(Buffer.concat([Buffer.from(`${place}/`), Buffer.from([0xe9]), Buffer.from('.csv')]), 'x')
  const leftOut: Record<string, string> = {}
  const tell = (file: LeftOutFile) => {
    leftOut[relative(place, file.label)] = file.why
  }
  expect((await findInputs([place], tell)).map((file) => relative(place, file.path))).toEqual(['a.csv'])
  expect(leftOut).toEqual({
    '.hidden/d.csv': 'has a name (or a folder) that begins with . or _',
    '_old.csv': 'has a name (or a folder) that begins with . or _',
    'b.xls': 'is not named as a log',
    'c.pdf': 'is not named as a log',
    'gone.csv': 'is a broken link',
    'pipe.csv': 'is not a regular file',
    '\ufffd.csv': 'has a name that is not UTF-8; rename it',
  })
  const ofGlob: string[] = []
  expect(await findInputs([join(place, '[ag]*.csv')], (file) => ofGlob.push(file.why))).toHaveLength(1)
  expect(ofGlob).toEqual(['is a broken link'])
  await expect(findInputs([join(place, '*.xlsx')])).rejects.toThrow('no file matches')
  expect((await refusal([join(place, 'gone.csv')])).message).toMatch(/gone\.csv is a broken link$/)
})

test('where nothing can be read, the error says what there is', async () => {
  const place = join(folder, 'unread')
  mkdirSync(place)
  symlinkSync('/no/such/file', join(place, 'gone.csv'))
  writeFileSync(Buffer.concat([Buffer.from(`${place}/k`), Buffer.from([0xe4]), Buffer.from('se.csv')]), 'x')
  for (const name of ['b.xls', 'c.pdf']) writeFileSync(join(place, name), 'x')
  const inFolder = await refusal([place])
  expect(inFolder.place).toMatch(
    /unread: .*b\.xls is not named as a log; .*c\.pdf .*gone\.csv is a broken link.*; and 1 more$/,
  )
  const ofGlob = await refusal([join(place, '[gk]*.csv')])
  expect(ofGlob.message).toMatch(/^no file that can be read matches /)
  expect(ofGlob.place).toMatch(/gone\.csv is a broken link; .* has a name that is not UTF-8; rename it$/)
  expect((await refusal([join(place, 'k\ufffdse.csv')])).message).toMatch(/has a name that is not UTF-8$/)
})
