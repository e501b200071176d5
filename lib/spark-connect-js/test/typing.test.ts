import { execFile } from 'node:child_process'
import { copyFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, expect, test } from '@jest/globals'
import { compiler } from './support/compiler.ts'

const folder = fileURLToPath(new URL('types/', import.meta.url))
const wrongCalls = `${folder}wrong/calls.ts`

const compile = async (project: string): Promise<string> => {
  try {
    const args = ['--noEmit', '--pretty', 'false', '--extendedDiagnostics', '-p', project]
    return (await promisify(execFile)(compiler, args, { maxBuffer: 1 << 26 })).stdout
  } catch (error) {
    return (error as { stdout: string }).stdout
  }
}

// Wrong calls are a text beside, so that the project's own type check does not see them.
afterAll(() => rmSync(wrongCalls, { force: true }))

test('the package and its type tests stay within a budget of instantiations', async () => {
  const output = await compile(folder)
  expect(output).not.toMatch(/error TS/)
  // 345,000 when this was written, a third of it for 60 joins and 60 withColumn in a row; editors feel a million.
  expect(Number(/Instantiations:\s+(\d+)/.exec(output)?.[1])).toBeLessThan(400_000)
}, 180_000)

test('wrong calls are explained where they are wrong', async () => {
  copyFileSync(`${wrongCalls}.txt`, wrongCalls)
  const output = await compile(`${folder}wrong`)
  const errors = output.split('\n').filter((line) => /calls\.ts\(/.test(line))
  expect(errors.map((line) => Number(/calls\.ts\((\d+)/.exec(line)?.[1]))).toEqual([
    ...[7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 19, 19, 20],
  ])
  expect(output).toMatch(/Property 'artits' does not exist .* Did you mean 'artist'\?/)
  expect(output).toMatch(/column 'artist' is on both sides; rename it or add it to the join keys/)
  expect(output).toMatch(/Column<bigint>.*not assignable/)
  expect(output).toMatch(/'"artits"' is not assignable to .*"artist"|Argument of type '"artits"'/)
  expect(output).toMatch(/'string' is not assignable to parameter of type 'ArithmeticOperand<bigint>'/)
  expect(output).toMatch(/Property 'played' is missing in type '\{ callsign: string; artist: string; \}'/)
  expect(output).toMatch(/\(15,.*\n.*\n.*'"artits"' is not assignable to .*NameOf/)
  expect(output).toMatch(/'Column<string>' is not assignable to parameter of type 'AmountArg'/)
  expect(output).toMatch(/\(19,.*\n.*\n.*column 'callsign' is on both sides/)
  expect(output).toMatch(/'DataFrame<\{ city: string \| null; \}>' is not assignable/)
  expect(output).toMatch(/'\{ title: string; \}' is missing the following properties .*: artist, callsign, played/)
}, 180_000)

test('untyped frames take any name under the strictest settings', async () => {
  // The package is compiled from its source here, which does not follow those settings; users compile against its declarations.
  expect((await compile(`${folder}strict`)).split('\n').filter((line) => /untyped\.ts\(/.test(line))).toEqual([])
}, 180_000)
