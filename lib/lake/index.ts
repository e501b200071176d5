/*
 * Hides: how published tables become Parquet at an address that Spark can write, and which version there is the current one.
 * Needs: a store under the run lock, a Spark server.
 * Never: shows half a version, or writes what was not published.
 */
export { Lake, type LakeRun } from './lake.ts'
export { type LakeAlone, writeLake } from './write-lake.ts'
