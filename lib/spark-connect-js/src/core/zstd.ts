import * as zlib from 'node:zlib'

// By the namespace: to import what an old Node lacks by its name is a SyntaxError before any line of ours runs.
if (typeof zlib.zstdDecompressSync !== 'function' || typeof zlib.zstdCompress !== 'function') {
  throw new Error(`spark-connect-js needs Node 22.15 or later (of the 23s: 23.8); this is ${process.version}`)
}

/** Node's zstd, which is what its oldest version that the client runs on brought. */
export const { zstdCompress, zstdDecompressSync } = zlib
