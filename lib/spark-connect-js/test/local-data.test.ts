import { createHash } from 'node:crypto'
import { fromBinary } from '@bufbuild/protobuf'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Artifact, Executor } from '../src/core/executor.ts'
import { LocalRelationSchema, type Relation } from '../src/gen/spark/connect/relations_pb.ts'
import { type LocalDataLimits, limitsOf, localDataRelation } from '../src/session/local-data.ts'

// Rows are texts, "Arrow" is their JSON: what is tested is how they travel, not how they are encoded.
const format = {
  schema: 'v STRING',
  encode: (rows: readonly string[]) => new TextEncoder().encode(JSON.stringify(rows)),
}
const decode = (bytes: Uint8Array): string[] => JSON.parse(new TextDecoder().decode(bytes))
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

function server(version: string) {
  const files = new Map<string, Uint8Array>()
  const uploads: number[] = []
  const executor = {
    sparkVersion: async () => version,
    addArtifacts: async (artifacts: readonly Artifact[]) => {
      uploads.push(artifacts.length)
      for (const { name, source } of artifacts) if (source instanceof Uint8Array) files.set(name, source)
    },
  } as unknown as Executor
  /** The rows that the server would read from the relation. */
  const rowsOf = ({ relType }: Relation): string[] => {
    if (relType.case === 'localRelation') return decode(relType.value.data!)
    if (relType.case === 'cachedLocalRelation') {
      const bytes = files.get(`cache/${relType.value.hash}`)!
      expect(sha256(bytes)).toBe(relType.value.hash)
      const local = fromBinary(LocalRelationSchema, bytes)
      expect(local.schema).toBe('v STRING')
      return decode(local.data!)
    }
    if (relType.case !== 'chunkedCachedLocalRelation') throw new Error(`${relType.case}`)
    expect(new TextDecoder().decode(files.get(`cache/${relType.value.schemaHash}`)!)).toBe('v STRING')
    return relType.value.dataHashes.flatMap((hash) => {
      const bytes = files.get(`cache/${hash}`)!
      expect(sha256(bytes)).toBe(hash)
      return decode(bytes)
    })
  }
  return { executor, rowsOf, files, uploads }
}

const limits: LocalDataLimits = {
  cacheThresholdBytes: 100,
  chunkRows: 10,
  chunkBytes: 200,
  maxChunkBytes: 1_000,
  maxTotalBytes: 100_000,
}

async function* later<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const item of items) {
    await null
    yield item
  }
}

describe('how rows travel', () => {
  test.each<[string, string[], string, string]>([
    ['nothing', [], '4.2.0', 'localRelation'],
    ['a little', ['a', 'b'], '4.2.0', 'localRelation'],
    ['more than the threshold', Array(10).fill('x'.repeat(20)), '4.2.0', 'chunkedCachedLocalRelation'],
    ['more than a chunk', Array(11).fill('x'), '4.2.0', 'chunkedCachedLocalRelation'],
    ['more, to an older server', Array(11).fill('x'), '4.0.1', 'cachedLocalRelation'],
  ])('%s', async (_name, rows, version, kind) => {
    const { executor, rowsOf } = server(version)
    const relation = (await localDataRelation(executor, rows, format, limits))(7n)
    expect(relation.relType.case).toBe(kind)
    expect(relation.common!.planId).toBe(7n)
    expect(rowsOf(relation)).toEqual(rows)
  })

  test('property: every row once and in order, in chunks within the limits', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ maxLength: 60 }), { maxLength: 60 }),
        fc.boolean(),
        fc.constantFrom('4.0.0', '4.1.0', '4.2.0'),
        async (rows, isAsync, version) => {
          const { executor, rowsOf, files } = server(version)
          const source = isAsync ? later(rows) : rows
          const relation = (await localDataRelation(executor, source, format, { ...limits, maxChunkBytes: 20_000 }))(1n)
          expect(rowsOf(relation)).toEqual(rows)
          if (relation.relType.case !== 'chunkedCachedLocalRelation') return
          for (const hash of relation.relType.value.dataHashes) {
            const bytes = files.get(`cache/${hash}`)!
            const count = decode(bytes).length
            expect(count).toBeLessThanOrEqual(limits.chunkRows)
            expect(count === 1 || bytes.length <= 1024).toBe(true)
          }
        },
      ),
      { numRuns: 200 },
    )
  })

  test('small chunks share an upload', async () => {
    const { executor, uploads } = server('4.2.0')
    await localDataRelation(executor, Array(1_000).fill('x'), format, limits)
    expect(uploads).toEqual([101])
  })

  test('an endless source is not read ahead of its upload', async () => {
    let made = 0
    let uploaded = 0
    const executor = {
      sparkVersion: async () => '4.2.0',
      addArtifacts: async (artifacts: readonly Artifact[]) => {
        await new Promise((resolve) => setTimeout(resolve, 5))
        uploaded += artifacts.length
      },
    } as unknown as Executor
    async function* rows() {
      for (; made < 24; made++) {
        // 8 MiB a row: two fill an upload.
        expect(made - uploaded).toBeLessThan(12)
        yield 'x'.repeat(8 * 1024 * 1024)
      }
    }
    const large = { ...limits, chunkBytes: 1, maxChunkBytes: 1e9, maxTotalBytes: 1e12 }
    await localDataRelation(executor, rows(), format, large)
    expect(made).toBe(24)
  })

  test.each<[string, string[], Partial<LocalDataLimits>, string, string]>([
    ['a row beyond the limit of a chunk', ['x'.repeat(2_000)], {}, '4.2.0', 'localRelationChunkSizeLimit'],
    [
      'more than the server takes',
      Array(100).fill('x'.repeat(50)),
      { maxTotalBytes: 2_000 },
      '4.2.0',
      'localRelationSizeLimit',
    ],
    ['too much for one piece', Array(100).fill('x'.repeat(50)), {}, '4.0.0', 'before Spark 4.1 they go as one'],
  ])('%s is refused', async (_name, rows, change, version, reason) => {
    const { executor } = server(version)
    const work = localDataRelation(executor, rows, format, { ...limits, ...change })
    await expect(work).rejects.toMatchObject({ name: 'SparkConnectError', code: 'RESOURCE_EXHAUSTED' })
    await expect(localDataRelation(executor, rows, format, { ...limits, ...change })).rejects.toThrow(reason)
  })

  test('a failed upload is an error', async () => {
    const executor = {
      sparkVersion: async () => '4.2.0',
      addArtifacts: () => Promise.reject(new Error('disk full')),
    } as unknown as Executor
    await expect(localDataRelation(executor, Array(500).fill('x'), format, limits)).rejects.toThrow('disk full')
  })
})

test.each<[string, (string | null)[], LocalDataLimits]>([
  [
    'of Spark 4.2',
    ['1048576', '10000', '16777216', '2097152000b', '3221225472'],
    {
      cacheThresholdBytes: 1_048_576,
      chunkRows: 10_000,
      chunkBytes: 16_777_216,
      maxChunkBytes: 2_097_152_000,
      maxTotalBytes: 3_221_225_472,
    },
  ],
  [
    'that the server does not know',
    [null, null, null, null, null],
    {
      cacheThresholdBytes: 1_048_576,
      chunkRows: 10_000,
      chunkBytes: 16_777_216,
      maxChunkBytes: 2_097_152_000,
      maxTotalBytes: 3_221_225_472,
    },
  ],
  [
    'with units',
    ['64m', '5', '1kb', '1G', '2t'],
    {
      cacheThresholdBytes: 67_108_864,
      chunkRows: 5,
      chunkBytes: 1_024,
      maxChunkBytes: 1_073_741_824,
      maxTotalBytes: 2_199_023_255_552,
    },
  ],
])('limits %s', (_name, values, expected) => {
  expect(limitsOf(values)).toEqual(expected)
})
