import { promisify } from 'node:util'
import { create } from '@bufbuild/protobuf'
import { zstdCompress } from '../core/zstd.ts'
import {
  Plan_CompressedOperation_OpType as CompressedType,
  CompressionCodec,
  type Plan,
  PlanSchema,
} from '../gen/spark/connect/base_pb.ts'
import { CommandSchema } from '../gen/spark/connect/commands_pb.ts'
import { RelationSchema } from '../gen/spark/connect/relations_pb.ts'
import { encodeMessage } from './encode.ts'

// Below this a compressed plan cannot be worth the question whether the server wants one.
const minCompressibleBytes = 64 * 1024

const compress = promisify(zstdCompress)

const settings = [
  'spark.connect.session.planCompression.threshold',
  'spark.connect.session.planCompression.defaultAlgorithm',
] as const

/** Compresses the plans of one session, as far as its server asks for it. */
export class PlanCompression {
  readonly #ask: (keys: readonly string[], signal: AbortSignal | undefined) => Promise<(string | undefined)[]>
  #thresholdBytes: Promise<number | null> | undefined

  /** `ask` gives the values of settings, undefined for one that the server does not know. */
  constructor(ask: (keys: readonly string[], signal: AbortSignal | undefined) => Promise<(string | undefined)[]>) {
    this.#ask = ask
  }

  /** The plan in its compressed form, or undefined where it is small or the server does not ask for it. */
  async compressed(plan: Plan, signal: AbortSignal | undefined): Promise<Plan | undefined> {
    if (!mayBeLarge(plan)) return undefined
    const { opType } = plan
    let data: Uint8Array
    let type: CompressedType
    if (opType.case === 'root') {
      data = encodeMessage(RelationSchema, opType.value)
      type = CompressedType.RELATION
    } else if (opType.case === 'command') {
      data = encodeMessage(CommandSchema, opType.value)
      type = CompressedType.COMMAND
    } else return undefined
    if (data.length < minCompressibleBytes) return undefined
    const thresholdBytes = await this.#threshold(signal)
    if (thresholdBytes === null || data.length <= thresholdBytes) return undefined
    return create(PlanSchema, {
      opType: {
        case: 'compressedOperation',
        value: { data: await compress(data), opType: type, compressionCodec: CompressionCodec.ZSTD },
      },
    })
  }

  /** From now on none is compressed: the server cannot read it. */
  giveUp(): void {
    this.#thresholdBytes = Promise.resolve(null)
  }

  /** From which size on the server wants plans compressed, asked once; null for never. */
  #threshold(signal: AbortSignal | undefined): Promise<number | null> {
    this.#thresholdBytes ??= this.#ask(settings, signal).then(
      ([threshold, algorithm]) => {
        const thresholdBytes = Number(threshold ?? -1)
        return algorithm?.toUpperCase() === 'ZSTD' && thresholdBytes >= 0 ? thresholdBytes : null
      },
      (error) => {
        this.#thresholdBytes = undefined
        if (signal?.aborted) throw error
        return null // compression is never needed
      },
    )
    return this.#thresholdBytes
  }
}

/**
 * A cheap look whether a plan could reach the size where compression is considered: serialising it to find out would
 * double the work for every small plan. Counts bytes of strings and binaries, and stops at the first 64 KiB.
 */
function mayBeLarge(plan: Plan): boolean {
  let bytes = 0
  const pending: unknown[] = [plan.opType.value]
  while (pending.length > 0 && bytes < minCompressibleBytes) {
    const node = pending.pop()
    if (typeof node === 'string' || node instanceof Uint8Array) bytes += node.length
    else if (node !== null && typeof node === 'object') {
      bytes += 2
      for (const value of Object.values(node)) pending.push(value)
    } else bytes += 1
  }
  return bytes >= minCompressibleBytes
}
