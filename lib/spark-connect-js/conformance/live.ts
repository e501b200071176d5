// Whether two plans that differ as messages mean the same to a Spark server.
import { join } from 'node:path'
import { clone } from '@bufbuild/protobuf'
import { parseRemote, SparkConnectClient } from '../src/client/index.ts'
import { analyze, batchesOf, planOf } from '../src/core/execution.ts'
import type { Executor } from '../src/core/executor.ts'
import { type Relation, RelationSchema } from '../src/gen/spark/connect/relations_pb.ts'
import { startLocalServer } from '../src/local/index.ts'
import { relation } from '../src/plan/relation.ts'
import { type StructType, typeFromProto } from '../src/types/index.ts'

/** Fields of every schema that the suites build on; what a schema lacks is not read, what is missing here is null. */
const rows = JSON.stringify([
  { id: 1, a: 2, b: 0.5, d: { id: 3, a: 4, b: 1.5 }, e: [1, 2], f: { k: { id: 5, a: 6, b: 2.5 } }, g: 'x' },
  { id: 2, a: null, b: -1, e: [], g: '' },
])

/** The suites' frames are empty; the same plan over two rows, so that there is something to compare. */
function withRows(plan: Relation): Relation {
  const copy = clone(RelationSchema, plan)
  const fill = (node: unknown): void => {
    if (typeof node !== 'object' || node === null || node instanceof Uint8Array) return
    if ((node as Relation).$typeName === 'spark.connect.Relation') {
      const { relType } = node as Relation
      if (relType.case === 'localRelation' && relType.value.data === undefined) {
        const query = `SELECT inline(from_json('${rows}', 'array<${relType.value.schema}>'))`
        ;(node as Relation).relType = relation(0n, { case: 'sql', value: { query } }).relType
        return
      }
    }
    for (const value of Object.values(node)) fill(value)
  }
  fill(copy)
  return copy
}

/** What a server says of both plans: how they differ, or null if they are the same in meaning, schema and rows. */
async function difference(executor: Executor, theirs: Relation, ours: Relation): Promise<string | null> {
  const schemaOf = async (plan: Relation): Promise<string> => {
    const { schema } = await analyze<'schema'>(executor, { case: 'schema', value: { plan: planOf(plan) } } as never)
    return (typeFromProto(schema) as StructType).treeString()
  }
  const [theirSchema, ourSchema] = [await schemaOf(theirs), await schemaOf(ours)]
  if (theirSchema !== ourSchema) return `schema: ${theirSchema} against ${ourSchema}`
  const value = { targetPlan: planOf(theirs), otherPlan: planOf(ours) }
  const { result } = await analyze<'sameSemantics'>(executor, { case: 'sameSemantics', value } as never)
  if (!result) return 'semantics: the server takes them for two queries'
  const rowsAsText = async (plan: Relation): Promise<string> => {
    const found: unknown[][] = []
    for await (const batch of batchesOf(executor, plan)) found.push(...batch.tuples())
    return JSON.stringify(found, (_, item) =>
      typeof item === 'bigint' ? `${item}n` : item instanceof Map ? [...item] : item,
    )
  }
  const [theirRows, ourRows] = [await rowsAsText(withRows(theirs)), await rowsAsText(withRows(ours))]
  if (ourRows === '[]') return 'no rows to compare'
  return theirRows === ourRows ? null : `rows: ${theirRows} against ${ourRows}`
}

/**
 * How each pair of plans differs to a server of that version, by name; null where it does not.
 * The server is started for it, unless SPARK_TEST_REMOTE names one.
 */
export async function compareLive(
  version: string,
  pairs: ReadonlyMap<string, readonly [theirs: Relation, ours: Relation]>,
): Promise<Map<string, string | null>> {
  const given = process.env.SPARK_TEST_REMOTE
  const home = join(import.meta.dirname, '..', '..', '..', '.spark')
  const server = given ? null : await startLocalServer({ home, version })
  const client = new SparkConnectClient(parseRemote(given ?? server!.url))
  try {
    const found = new Map<string, string | null>()
    for (const [name, [theirs, ours]] of pairs) {
      const failed = (error: unknown): string => `refused: ${error instanceof Error ? error.message : String(error)}`
      found.set(name, await difference(client, theirs, ours).catch(failed))
    }
    return found
  } finally {
    await client.close()
    await server?.stop()
  }
}
