import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { ColumnNode } from '../src/column/node.ts'
import { Frame } from '../src/dataframe/frame.ts'
import { Groups } from '../src/dataframe/grouped-data.ts'
import { NaFunctions } from '../src/dataframe/na.ts'
import { StatFunctions } from '../src/dataframe/stat.ts'
import * as spark from '../src/index.ts'

// Which names of PySpark are here. Lists of a newer PySpark: scripts/pyspark-names.py, its output into test/support.
// COVERAGE.md is written by this test: UPDATE=1 npm run test:jest -- lib/spark-connect-js/test/surface

interface Surface {
  readonly ours: object & { readonly prototype?: object }
  /** Names that are written otherwise here. */
  readonly otherwise?: Readonly<Record<string, string>>
  /** Names that are not here, by the reason. */
  readonly without?: Readonly<Record<string, readonly string[]>>
}

const python = 'runs or describes functions written in Python'
const pandas = 'gives or takes pandas objects'
const inside = 'is of PySpark’s own inside'

const surfaces: Readonly<Record<string, Surface>> = {
  SparkSession: {
    ours: spark.SparkSession,
    otherwise: {
      Builder: 'SparkSessionBuilder',
      active: 'SparkSession.getActiveSession()',
      addArtifact: 'addArtifacts',
      clearProgressHandlers: 'option onProgress',
      conf: 'conf',
      is_stopped: 'isStopped',
      registerProgressHandler: 'option onProgress',
      removeProgressHandler: 'option onProgress',
      session_id: 'sessionId',
    },
    without: { [python]: ['udtf', 'profile', 'dataSource'], [inside]: ['Hook', 'client'] },
  },
  Builder: {
    ours: spark.SparkSessionBuilder,
    without: { [inside]: ['channelBuilder'], 'is refused by Spark Connect itself': ['enableHiveSupport'] },
  },
  DataFrame: {
    ours: Frame,
    otherwise: {
      drop_duplicates: 'dropDuplicates',
      groupby: 'groupBy',
      is_cached: 'storageLevel()',
      registerTempTable: 'createOrReplaceTempView',
      foreachPartition: 'for await (const batch of frame.batches())',
    },
    without: {
      [python]: ['mapInArrow', 'mapInPandas'],
      [pandas]: ['pandas_api', 'plot', 'toPandas'],
      'is told by onProgress and observe': ['executionInfo'],
      'has no place here: a frame knows how to ask, not whom': ['sparkSession'],
    },
  },
  Column: {
    ours: ColumnNode,
    otherwise: { astype: 'cast', startswith: 'startsWith', endswith: 'endsWith' },
    without: { [inside]: ['to_plan'] },
  },
  GroupedData: {
    ours: Groups,
    without: {
      [python]: [
        ...['apply', 'applyInArrow', 'applyInPandas', 'applyInPandasWithState', 'cogroup', 'transformWithState'],
        'transformWithStateInPandas',
      ],
    },
  },
  DataFrameNaFunctions: { ours: NaFunctions },
  DataFrameStatFunctions: { ours: StatFunctions },
  Window: { ours: spark.Window },
  WindowSpec: { ours: spark.WindowSpec },
  DataFrameReader: { ours: spark.DataFrameReader },
  DataFrameWriter: { ours: spark.DataFrameWriter },
  DataFrameWriterV2: { ours: spark.DataFrameWriterV2 },
  MergeIntoWriter: {
    ours: spark.MergeIntoWriter,
    otherwise: {
      WhenMatched: 'whenMatched()',
      WhenNotMatched: 'whenNotMatched()',
      WhenNotMatchedBySource: 'whenNotMatchedBySource()',
    },
  },
  Catalog: { ours: spark.Catalog, without: { [python]: ['registerFunction'] } },
  RuntimeConf: { ours: spark.RuntimeConfig },
  TableValuedFunction: {
    ours: spark.TableValuedFunctions,
    otherwise: { range: 'spark.range' },
    without: { [python]: ['python_worker_logs'] },
  },
  TableArg: { ours: spark.TableArg, without: { [inside]: ['to_plan'] } },
  Observation: { ours: spark.Observation },
  DataStreamReader: { ours: spark.DataFrameReader },
  DataStreamWriter: {
    ours: spark.DataStreamWriter,
    without: {
      'would run on the server, whose protocol takes functions in Python and Scala only': ['foreach', 'foreachBatch'],
    },
  },
  StreamingQuery: { ours: spark.StreamingQuery },
  StreamingQueryManager: { ours: spark.StreamingQueryManager, without: { [inside]: ['close'] } },
}

const namesOf = ({ ours }: Surface): Set<string> => {
  const names = Object.getOwnPropertyNames(ours)
  for (let from = ours.prototype; from && from !== Object.prototype; from = Object.getPrototypeOf(from)) {
    names.push(...Object.getOwnPropertyNames(from))
  }
  return new Set(names)
}

const list = new URL('support/pyspark-surface-4.2.txt', import.meta.url)
const pyspark = readFileSync(list, 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split(': ') as [name: string, names: string])
  .map(([name, names]) => ({ name, names: names.split(' ') }))

test('every class of PySpark 4.2 that a job can use', () => {
  expect(pyspark.map(({ name }) => name).sort()).toEqual(Object.keys(surfaces).sort())
})

test.each(pyspark)('what $name of PySpark 4.2 has is here, or it is said why not', ({ name, names }) => {
  const surface = surfaces[name]!
  const ours = namesOf(surface)
  const otherwise = Object.keys(surface.otherwise ?? {})
  const without = Object.values(surface.without ?? {}).flat()
  expect(names.filter((each) => !ours.has(each)).sort()).toEqual(
    [...otherwise.filter((each) => !ours.has(each)), ...without].sort(),
  )
})

test('COVERAGE.md says the same', () => {
  const functions = readFileSync(new URL('support/pyspark-functions-4.2.txt', import.meta.url), 'utf8')
    .trim()
    .split('\n')
  const present = functions.filter((name) => name in spark.functions)
  const code = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ')
  const rows = pyspark.map(({ name, names }) => {
    const { otherwise = {}, without = {} } = surfaces[name]!
    const out = Object.values(without).flat()
    const renamed = Object.entries(otherwise).filter(([theirs, here]) => theirs !== here)
    return [
      `| ${name} | ${names.length} | ${names.length - out.length}`,
      renamed.map(([theirs, here]) => `\`${theirs}\`: \`${here}\``).join(', '),
      `${Object.entries(without)
        .map(([reason, each]) => `${code(each)} (${reason})`)
        .join('; ')} |`,
    ].join(' | ')
  })
  const text = `# What of PySpark 4.2 is here

Written by \`test/surface.test.ts\` from PySpark’s own lists of names; not by hand.

| class | names | here | written otherwise | not here |
|---|---|---|---|---|
| functions | ${functions.length} | ${present.length} | | ${code(functions.filter((name) => !present.includes(name)))} (${python}) |
${rows.join('\n')}
`
  const file = new URL('../COVERAGE.md', import.meta.url)
  if (process.env.UPDATE) writeFileSync(file, text)
  expect(readFileSync(file, 'utf8')).toBe(text)
})
