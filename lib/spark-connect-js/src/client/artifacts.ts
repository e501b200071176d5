import { open, stat } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { create } from '@bufbuild/protobuf'
import type { Artifact } from '../core/executor.ts'
import {
  type AddArtifactsRequest,
  AddArtifactsRequest_ArtifactChunkSchema,
  AddArtifactsRequest_BatchSchema,
  AddArtifactsRequest_BeginChunkedArtifactSchema,
  AddArtifactsRequest_SingleChunkArtifactSchema,
  AddArtifactsRequestSchema,
  type UserContext,
} from '../gen/spark/connect/base_pb.ts'
import { SparkConnectError } from './errors.ts'

/** What each request of an upload carries. */
export interface ArtifactEnvelope {
  readonly sessionId: string
  readonly userContext: UserContext
  readonly clientType: string
  readonly serverSideSessionId: string | undefined
}

/** The size that Spark's clients use; a chunk is checked by its own CRC. */
export const artifactChunkBytes = 32 * 1024

const prefixes = /^(jars|files|archives|pyfiles|classes|cache|forward_to_fs)\/./

/**
 * The requests that upload the artifacts: small ones share a batch, larger ones go in chunks.
 * *Memory:* one chunk, or one batch of small artifacts, whatever the files' sizes.
 * *Errors:* SparkConnectError INVALID_ARGUMENT for a name or a file that cannot be.
 */
export async function* uploadRequests(
  artifacts: readonly Artifact[],
  envelope: ArtifactEnvelope,
): AsyncGenerator<AddArtifactsRequest, void, undefined> {
  let batch: { name: string; data: Uint8Array }[] = []
  let batchBytes = 0
  const flush = () => {
    const request = message(envelope, {
      case: 'batch',
      value: create(AddArtifactsRequest_BatchSchema, {
        artifacts: batch.map(({ name, data }) =>
          create(AddArtifactsRequest_SingleChunkArtifactSchema, { name, data: chunk(data) }),
        ),
      }),
    })
    batch = []
    batchBytes = 0
    return request
  }
  for (const artifact of artifacts) {
    if (!prefixes.test(artifact.name) || /(^|\/)\.\.?(\/|$)/.test(artifact.name)) {
      throw new SparkConnectError(
        `'${artifact.name}' cannot be the name of an artifact: it begins with jars/, files/, archives/, pyfiles/, classes/, cache/ or forward_to_fs/`,
        { code: 'INVALID_ARGUMENT' },
      )
    }
    const totalBytes = await sizeOf(artifact)
    if (totalBytes <= artifactChunkBytes) {
      if (batchBytes + totalBytes > artifactChunkBytes && batch.length > 0) yield flush()
      const pieces: Uint8Array[] = []
      for await (const piece of chunksOf(artifact)) pieces.push(piece)
      batch.push({ name: artifact.name, data: pieces[0] ?? new Uint8Array(0) })
      batchBytes += totalBytes
      continue
    }
    if (batch.length > 0) yield flush()
    let first = true
    for await (const piece of chunksOf(artifact)) {
      if (first) {
        first = false
        yield message(envelope, {
          case: 'beginChunk',
          value: create(AddArtifactsRequest_BeginChunkedArtifactSchema, {
            name: artifact.name,
            totalBytes: BigInt(totalBytes),
            numChunks: BigInt(Math.ceil(totalBytes / artifactChunkBytes)),
            initialChunk: chunk(piece),
          }),
        })
      } else {
        yield message(envelope, { case: 'chunk', value: chunk(piece) })
      }
    }
  }
  if (batch.length > 0) yield flush()
}

function message(envelope: ArtifactEnvelope, payload: AddArtifactsRequest['payload']): AddArtifactsRequest {
  return create(AddArtifactsRequestSchema, {
    sessionId: envelope.sessionId,
    userContext: envelope.userContext,
    clientType: envelope.clientType,
    ...(envelope.serverSideSessionId === undefined
      ? {}
      : { clientObservedServerSideSessionId: envelope.serverSideSessionId }),
    payload,
  })
}

function chunk(data: Uint8Array) {
  return create(AddArtifactsRequest_ArtifactChunkSchema, { data, crc: BigInt(crc32(data)) })
}

async function sizeOf({ name, source }: Artifact): Promise<number> {
  if (source instanceof Uint8Array) return source.length
  try {
    const info = await stat(source.path)
    if (info.isFile()) return info.size
  } catch (error) {
    throw new SparkConnectError(`artifact ${name}: '${source.path}' cannot be read`, {
      code: 'INVALID_ARGUMENT',
      cause: error,
    })
  }
  throw new SparkConnectError(`artifact ${name}: '${source.path}' is not a file`, { code: 'INVALID_ARGUMENT' })
}

async function* chunksOf({ source }: Artifact): AsyncGenerator<Uint8Array, void, undefined> {
  if (source instanceof Uint8Array) {
    for (let at = 0; at < source.length; at += artifactChunkBytes) yield source.subarray(at, at + artifactChunkBytes)
    return
  }
  const file = await open(source.path)
  try {
    while (true) {
      const buffer = new Uint8Array(artifactChunkBytes)
      let filled = 0
      while (filled < buffer.length) {
        const { bytesRead } = await file.read(buffer, filled, buffer.length - filled)
        if (bytesRead === 0) break
        filled += bytesRead
      }
      if (filled === 0) return
      yield filled === buffer.length ? buffer : buffer.subarray(0, filled)
      if (filled < buffer.length) return
    }
  } finally {
    await file.close()
  }
}
