import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from '@jest/globals'
import { findJava } from '../../src/local/java.ts'
import { quoteArgument } from '../../src/local/jvm.ts'
import { localMaster } from '../../src/local/settings.ts'
import { sessionSettings, smallInputBytes, tune } from '../../src/local/tuning.ts'

const GiB = 1024 ** 3
const laptop = { cores: 8, memoryBytes: 16 * GiB }

describe('tune', () => {
  test.each([
    ['the real file', 4_300_000, 'small'],
    ['the limit itself', smallInputBytes, 'small'],
    ['one byte more', smallInputBytes + 1, 'large'],
    ['an input of unknown size, such as a URI', undefined, 'large'],
    ['nothing at all', 0, 'small'],
  ])('%s', (_name, bytes, profile) => {
    expect(tune(bytes, undefined, laptop).profile).toBe(profile)
  })

  test.each([
    ['half of a laptop, but no more than 4 GiB', 16 * GiB, undefined, '-Xmx4096m'],
    ['half of a small machine', 4 * GiB, undefined, '-Xmx2048m'],
    ['never below what Spark needs', 1 * GiB, undefined, '-Xmx1024m'],
    ['a setting wins', 16 * GiB, '6g', '-Xmx6g'],
    ['in capital letters', 16 * GiB, '512M', '-Xmx512m'],
    ['with a B as Spark allows it', 16 * GiB, '2gb', '-Xmx2g'],
  ])('heap: %s', (_name, memoryBytes, memory, expected) => {
    expect(tune(0, memory, { cores: 2, memoryBytes }).jvm[0]).toBe(expected)
  })

  test.each([
    ['4g', '-Xms1024m'],
    ['8g', '-Xms1024m'],
    ['1024m', '-Xms256m'],
  ])('a small job with a heap of %s starts with a part of it: %s', (memory, expected) => {
    expect(tune(0, memory, laptop).jvm).toContain(expected)
  })

  test.each(['4', 'g', '-1g', '4 g x', '4g -Dx=y', ''])('memory "%s" is refused', (memory) => {
    expect(() => tune(0, memory, laptop)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', place: 'SPARK_DRIVER_MEMORY' }),
    )
  })

  test('a server that stays for further runs compiles with C2, too', () => {
    const onlyC1 = (isKept: boolean) => tune(0, undefined, laptop, isKept).jvm.includes('-XX:TieredStopAtLevel=1')
    expect([onlyC1(false), onlyC1(true)]).toEqual([true, false])
  })

  test('a JVM for one large job takes the list of what C2 leaves out; one for many jobs does without', async () => {
    const java = await findJava(process.env)
    const { stdout } = await promisify(execFile)(java.path, [...tune(1e9, undefined, laptop).jvm, '-version'])
    expect(stdout).toBe('1 compiler directives added\n')
    expect(tune(undefined, undefined, laptop).jvm.join(' ')).not.toContain('CompilerDirectives')
  })

  test('small inputs are shuffled into two partitions, large ones into enough for every core', () => {
    const partitions = (bytes: number) => tune(bytes, undefined, laptop).spark['spark.sql.shuffle.partitions']
    expect(partitions(0)).toBe('2')
    expect(partitions(1e12)).toBe('32')
  })
})

test.each([
  ['the real file is interpreted', 4_300_000, { partitions: '2', mode: 'NO_CODEGEN' }],
  ['a larger one is compiled', 64 * 1024 ** 2, { partitions: '2', mode: undefined }],
  ['two partitions are enough for a million plays', 122_000_000, { partitions: '2', mode: undefined }],
  ['the server decides for a large one', 129 * 1024 ** 2, { partitions: undefined, mode: undefined }],
  ['and for one of unknown size', undefined, { partitions: undefined, mode: undefined }],
])('a session on any server: %s', (_name, bytes, { partitions, mode }) => {
  const settings = sessionSettings(bytes)
  expect(settings['spark.sql.shuffle.partitions']).toBe(partitions)
  expect(settings['spark.sql.codegen.factoryMode']).toBe(mode)
})

test.each([
  ['local[*]', 'local[*,4]'],
  ['local[3]', 'local[3,4]'],
  ['local', 'local[1,4]'],
])('%s gets the four attempts of a cluster', (master, expected) => {
  expect(localMaster(master)).toBe(expected)
})

test.each([
  ['a b', '"a b"'],
  ['say "x"', '"say \\"x\\""'],
  ['C:\\x', '"C:\\\\x"'],
])('quoteArgument(%s)', (argument, expected) => {
  expect(quoteArgument(argument)).toBe(expected)
})
