import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { SparkSession } from '../src/session/session.ts'
import { testSparkAddress } from './support/spark.ts'
import { accepts, describeValue, parseDeclared } from './type-sweep/accepts.ts'
import { type Call, sweepCalls } from './type-sweep/calls.ts'
import { declaredTypes } from './type-sweep/declared.ts'
import { sampleOf } from './type-sweep/sample.ts'
import { type Served, servedTypes } from './type-sweep/served.ts'

/** Calls of one function in one context; `TYPE_SWEEP=1000` tries all 12,800, in some minutes. */
const maxCalls = Number(process.env.TYPE_SWEEP ?? 4)

let spark: SparkSession

beforeAll(async () => {
  spark = await SparkSession.connect(await testSparkAddress())
}, 120_000)
afterAll(async () => {
  await spark?.stop()
})

/** What is wrong with the declared type of a call, if anything is. */
const faultOf = (declared: string, served: Served): string | undefined => {
  if ('refused' in served) return undefined
  const types = parseDeclared(declared)
  const sample = sampleOf(served.type)
  if (sample !== null && !accepts(types, sample)) return `the server gives ${served.type}`
  const value = served.values.find((candidate) => !accepts(types, candidate))
  return value === undefined ? undefined : `a row holds ${describeValue(value)}`
}

test('the compiler and the server agree on the type of every function, operator and aggregate', async () => {
  const calls = sweepCalls(maxCalls)
  const declared = await declaredTypes(calls)
  const compiled = calls.filter((_, i) => declared[i] !== undefined)
  const types = declared.filter((type) => type !== undefined)
  const served = await servedTypes(spark, compiled)
  const faults = compiled.flatMap((call: Call, i) => {
    const fault = faultOf(types[i]!, served[i]!)
    return fault ? [`${call.context} ${call.text}: declared ${types[i]}, but ${fault}`] : []
  })
  const compared = served.filter((answer) => !('refused' in answer)).length
  const untyped = compiled
    .filter((_, i) => !('refused' in served[i]!) && /\bany\b/.test(types[i]!))
    .map(({ subject }) => subject)
  console.log(`types: ${calls.length} calls tried, ${compiled.length} compile, ${compared} run, ${faults.length} wrong`)
  expect(faults).toEqual([])
  expect(compared).toBeGreaterThan(1_400)
  expect([...new Set(untyped)].sort()).toEqual([])
}, 600_000)
