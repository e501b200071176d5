import { existsSync, readFileSync, rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import {
  type DataFrame,
  type DenseMatrix,
  DenseVector,
  Model,
  PipelineModel,
  SparkSession,
  types,
  type Vector,
} from '../../src/index.ts'
import type { LocalServer } from '../../src/local/index.ts'
import { startMlServer } from '../support/ml-server.ts'

const home = process.env.SPARK_CONNECT_JS_HOME ?? join(import.meta.dirname, '..', '..', '..', '..', '.spark')

let server: LocalServer
let spark: SparkSession
let folder: string
let names: DataFrame<{ text: string; label: number }>

beforeAll(async () => {
  server = await startMlServer(home)
  spark = await SparkSession.connect(server.url)
  folder = await mkdtemp(join(tmpdir(), 'ml-'))
  // PySpark's function names as texts; is a name that of a sketch or an approximation?
  const list = readFileSync(join(import.meta.dirname, '..', 'support', 'pyspark-functions-4.2.txt'), 'utf8')
  const rows = list.split(/\s+/).filter(Boolean)
  names = await spark.createDataFrame(
    rows.map((name) => ({
      text: name.replaceAll('_', ' '),
      label: /sketch|hll|kll|theta|bitmap|approx/.test(name) ? 1 : 0,
    })),
    types.struct({ text: types.string.notNull(), label: types.double.notNull() }),
  )
}, 600_000)

afterAll(async () => {
  await spark?.stop()
  await server?.stop({ keep: false })
  if (folder) rmSync(folder, { recursive: true, force: true })
})

const stages = () =>
  [
    spark.ml.transformer('feature.Tokenizer', { inputCol: 'text', outputCol: 'words' }),
    spark.ml.transformer('feature.HashingTF', { inputCol: 'words', outputCol: 'features', numFeatures: 64 }),
    spark.ml.estimator('classification.LogisticRegression', { maxIter: 10, regParam: 0.01 }),
  ] as const

test('a pipeline of three stages gives what PySpark 4.2 gives', async () => {
  const fitted = await spark.ml.pipeline(stages()).fit(names)
  const model = fitted.stages[2] as Model
  // Printed by the same pipeline in PySpark 4.2.0 against the same server.
  expect(await model.get('intercept')).toBeCloseTo(-6.397829930530764, 9)
  const coefficients = ((await model.get('coefficients')) as Vector).toArray()
  expect(coefficients).toHaveLength(64)
  for (const [i, value] of [2.1659334597914848, -0.4470448486561529, -0.5755659076655573, 4.299697545983517].entries())
    expect(coefficients[i]).toBeCloseTo(value, 9)
  expect(await model.get('summary.accuracy')).toBeCloseTo(0.9851576994434137, 9)
  const predictions = fitted.transform(names)
  const area = await spark.ml.evaluator('evaluation.BinaryClassificationEvaluator').evaluate(predictions)
  expect(area).toBeCloseTo(0.998890860692103, 9)
  expect(await predictions.where('prediction = 1').count()).toBe(50n)
})

test('a model answers values, matrices, frames, and takes vectors', async () => {
  const fitted = await spark.ml.pipeline(stages()).fit(names)
  const model = fitted.stages[2] as Model
  expect(await model.get('numFeatures')).toBe(64)
  expect(((await model.get('coefficientMatrix')) as DenseMatrix).toRows()[0]).toHaveLength(64)
  expect(await model.get('predict', new DenseVector(new Array(64).fill(0)))).toBe(0)
  const curve = await model.frame('summary.roc').collect()
  expect(curve[0]).toEqual({ FPR: 0, TPR: 0 })
  expect(await model.sizeInBytes()).toBeGreaterThan(0n)
})

test('a fitted pipeline is saved in Spark’s format and read again', async () => {
  const fitted = await spark.ml.pipeline(stages()).fit(names)
  const path = join(folder, 'fitted')
  await fitted.save(path)
  expect(existsSync(join(path, 'metadata'))).toBe(true)
  await expect(fitted.save(path)).rejects.toMatchObject({ errorClass: 'PATH_ALREADY_EXISTS' })
  await fitted.save(path, { overwrite: true })
  const read = (await spark.ml.loadTransformer(path)) as PipelineModel
  expect(read).toBeInstanceOf(PipelineModel)
  expect(read.uid).toBe(fitted.uid)
  expect(read.stages.map((stage) => stage.uid)).toEqual(fitted.stages.map((stage) => stage.uid))
  expect(read.stages[2]).toBeInstanceOf(Model)
  const rows = (model: PipelineModel) => model.transform(names).select('text', 'prediction').collect()
  expect(await rows(read)).toEqual(await rows(fitted))
})

test('a pipeline that is not fitted is saved and read again', async () => {
  const pipeline = spark.ml.pipeline(stages())
  const path = join(folder, 'pipeline')
  await pipeline.save(path)
  const read = await spark.ml.loadEstimator(path)
  expect(read.uid).toBe(pipeline.uid)
  const area = async (estimator: typeof read) => {
    const evaluator = spark.ml.evaluator('evaluation.BinaryClassificationEvaluator')
    return await evaluator.evaluate((await estimator.fit(names)).transform(names))
  }
  expect(await area(read)).toBeCloseTo(await area(pipeline), 9)
})

test('models leave the server’s cache', async () => {
  await spark.ml.cleanCache()
  const [words, hashes, regression] = stages()
  const features = hashes.transform(words.transform(names))
  {
    await using model = await regression.fit(features)
    expect((await spark.ml.cacheInfo()).join()).toContain('LogisticRegressionModel')
    expect(model.uid).toBe(regression.uid)
  }
  expect(await spark.ml.cacheInfo()).toEqual([])
})

test('what the server does not know is an error with its name', async () => {
  const nothing = spark.ml.transformer('feature.NoSuchThing', { inputCol: 'text' })
  await expect(nothing.transform(names).collect()).rejects.toThrow('org.apache.spark.ml.feature.NoSuchThing')
  const path = join(folder, 'nothing-here')
  await expect(spark.ml.loadTransformer(path)).rejects.toMatchObject({ errorClass: 'PATH_NOT_FOUND' })
  const model = (await spark.ml.pipeline(stages()).fit(names)).stages[2] as Model
  await expect(model.get('noSuchValue')).rejects.toThrow('noSuchValue')
  await expect(model.get('summary')).rejects.toThrow("'summary' of")
})
