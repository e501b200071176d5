// Messages of plug-ins, functions written in Java, commands of other systems, resources, HTML.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { create } from '@bufbuild/protobuf'
import { anyPack, DurationSchema } from '@bufbuild/protobuf/wkt'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { newFrame } from '../src/dataframe/frame.ts'
import { ExecutePlanResponseSchema } from '../src/gen/spark/connect/base_pb.ts'
import { call_function, col, countDistinct, functions, type SparkSession } from '../src/index.ts'
import { Pipelines } from '../src/pipelines/index.ts'
import { localRelation } from '../src/plan/relation.ts'
import { Extensions } from '../src/session/extensions.ts'
import { FunctionRegistration } from '../src/session/udf.ts'
import { FakeExecutor } from './support/fake-executor.ts'
import { testSpark } from './support/spark.ts'

const message = anyPack(DurationSchema, create(DurationSchema, { seconds: 5n }))
const asJson = { '@type': 'type.googleapis.com/google.protobuf.Duration' }

describe('messages of plug-ins', () => {
  test('a relation, an expression and a command of a plug-in are sent as they are', async () => {
    const executor = new FakeExecutor()
    const extensions = new Extensions(executor)
    const value = { case: 'extension', value: { typeUrl: message.typeUrl, value: message.value } } as const
    executor.answers = [create(ExecutePlanResponseSchema, { responseType: value })]
    expect(await extensions.execute(message)).toEqual([{ typeUrl: message.typeUrl, value: message.value }])
    await new Pipelines(executor).execute(message)
    expect(executor.plans.map(({ opType }) => (opType.value as any).commandType)).toMatchObject([
      value,
      { case: 'pipelineCommand', value: { commandType: value } },
    ])
    const { relation } = extensions.frame(message) as any
    expect(relation.relType).toMatchObject(value)
    expect((extensions.column(message) as any).expression.exprType).toMatchObject(value)
    const bytes = extensions.relationBytes(newFrame(executor, (planId) => localRelation(planId, 'id int')))
    expect(Buffer.from(bytes).includes('id int')).toBe(true)
    expect(asJson['@type']).toBe(message.typeUrl)
  })
  test.each([
    null,
    {},
    { typeUrl: 'x', value: new Uint8Array() },
    { typeUrl: 'a/b', value: 'text' },
  ])('%p is refused', (wrong) => {
    const extensions = new Extensions(new FakeExecutor())
    expect(() => extensions.frame(wrong as never)).toThrow(/extensions\.frame\(\) takes \{ typeUrl: .*anyPack/)
  })
  test('names of Java classes are checked', async () => {
    const udf = new FunctionRegistration(new FakeExecutor())
    await expect(udf.registerJavaFunction('f', '')).rejects.toThrow(/takes the name of a Java class/)
  })
})

test('old names are the same functions', () => {
  expect(String(countDistinct('a'))).toBe(String(functions.count_distinct('a')))
  expect(functions.toDegrees).toBe(functions.degrees)
})

/** A jar with a function of one text; null where no Java compiler is at hand. */
function functionsJar(folder: string): string | null {
  const files = {
    'org/apache/spark/sql/api/java/UDF1.java':
      'package org.apache.spark.sql.api.java; public interface UDF1<A, R> extends java.io.Serializable { R call(A a) throws Exception; }',
    'example/Doubled.java':
      'package example; public class Doubled implements org.apache.spark.sql.api.java.UDF1<String, String> { public String call(String s) { return s + s; } }',
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  try {
    execFileSync('javac', ['--release', '17', ...Object.keys(files)], { cwd: folder, stdio: 'pipe' })
    execFileSync('jar', ['cf', 'functions.jar', 'example/Doubled.class'], { cwd: folder, stdio: 'pipe' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return null
  }
  return join(folder, 'functions.jar')
}

describe('on a server', () => {
  let spark: SparkSession
  const folder = mkdtempSync(join(tmpdir(), 'functions-'))
  beforeAll(async () => {
    spark = await testSpark()
  })
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true })
    await spark?.stop()
  })

  test('a function written in Java', async () => {
    const jar = functionsJar(folder)
    if (jar === null) {
      console.log('skipped: there is no Java compiler (javac) to make a function with')
      return
    }
    await spark.addArtifacts([jar])
    await spark.udf.registerJavaFunction('doubled', 'example.Doubled', 'string')
    const frame = await spark.createDataFrame([{ name: 'ab' }])
    expect(await frame.select({ twice: call_function('doubled', 'name') } as never).collect()).toEqual([
      { twice: 'abab' },
    ])
  }, 60_000)
  test('a class that is not there', async () => {
    await expect(spark.udf.registerJavaFunction('f', 'no.such.Function')).rejects.toThrow(/no\.such\.Function/)
    await expect(spark.udf.registerJavaUDAF('f', 'no.such.Aggregate')).rejects.toThrow(/no\.such\.Aggregate/)
  })
  test('a plug-in that is not there', async () => {
    const { extensions } = spark
    await expect(extensions.frame(message).collect()).rejects.toThrow(/extension/i)
    await expect(extensions.execute(message)).rejects.toThrow(/extension/i)
    await expect(spark.range(1).select(extensions.column(message)).collect()).rejects.toThrow(/extension/i)
    await expect(spark.pipelines.execute(message)).rejects.toThrow()
  })
  test('a runner of commands that is not there', async () => {
    await expect(spark.executeCommand('no.such.Runner', 'ls')).rejects.toMatchObject({
      errorClass: expect.stringMatching(/DATA_SOURCE_NOT_FOUND/),
    })
  })
  test('resources, HTML, uuid', async () => {
    expect(await spark.resources()).toEqual(new Map())
    const html = await spark.range(2).select(col('id').as('a<b')).htmlString()
    expect(html).toMatch(/<table.*a&lt;b.*<td>1<\/td>/s)
    const [row] = await spark
      .range(1)
      .select(() => ({ u: functions.uuid() }))
      .collect()
    expect(row?.u).toMatch(/^[0-9a-f-]{36}$/)
  })
})
