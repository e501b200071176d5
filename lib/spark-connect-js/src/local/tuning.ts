import { availableParallelism, totalmem } from 'node:os'
import { LocalServerError } from './error.ts'
import { serverFile } from './files.ts'

/**
 * Up to this many bytes of input the JVM is set for a fast start, above for a high rate.
 *
 * Compiling with C1 only and collecting serially, a JVM starts sooner and spends less on compiling; C2 pays its way when
 * there is enough to do. Seconds of the job after the JVM's start, C1 against C2: 29 and 31 for 29 MB, 37 and 37 for 61 MB,
 * 53 and 47 for 122 MB.
 */
export const smallInputBytes = 64 * 1024 * 1024

export interface Tuning {
  readonly profile: 'small' | 'large'
  /** Options of the JVM, heap included. */
  readonly jvm: readonly string[]
  /** Settings of Spark that depend on the size of the input. */
  readonly spark: Readonly<Record<string, string>>
}

export interface Machine {
  readonly cores: number
  readonly memoryBytes: number
}

/** This machine, or the share of it that a container was given. */
export function thisMachine(): Machine {
  // Node reports 0 or an absurd number where nothing is constrained.
  const limit = process.constrainedMemory()
  const memoryBytes = limit > 0 ? Math.min(limit, totalmem()) : totalmem()
  return { cores: availableParallelism(), memoryBytes }
}

/**
 * Up to this many bytes of input Spark interprets its plans instead of compiling each to Java.
 *
 * Every session compiles some 240 classes anew, which a few thousand names do not pay back. Seconds of the warm job,
 * compiled against interpreted: 9.0 and 7.3 for 3.6 MB, 18.6 and 16.4 for 18 MB.
 */
const interpretedInputBytes = 16 * 1024 * 1024

/**
 * Expressions that are interpreted, row by row; Spark then looks up every repeated one in a cache, which costs more than most of
 * them, and is told not to.
 */
export const interpreted = {
  'spark.sql.codegen.factoryMode': 'NO_CODEGEN',
  'spark.sql.subexpressionElimination.enabled': 'false',
}

/** Expressions that are compiled, as Spark does by default. */
export const compiled = {
  'spark.sql.codegen.factoryMode': 'FALLBACK',
  'spark.sql.subexpressionElimination.enabled': 'true',
}

/** Up to this many bytes of input two partitions are enough: what is shuffled then are groups, not plays. */
const fewGroupsBytes = 128 * 1024 * 1024

/**
 * Lists of a group's rows are collected by hash, up to so many groups of a task. Spark's own limit is 128; beyond it, it sorts.
 */
const groups = { 'spark.sql.objectHashAggregate.sortBased.fallbackThreshold': '10000' }

/** The settings of Spark that depend on the size of the input, for a session on any server. */
export function sessionSettings(inputBytes: number | undefined): Readonly<Record<string, string>> {
  if (inputBytes === undefined || inputBytes > fewGroupsBytes) return groups
  return {
    ...groups,
    // Every partition is a task of some milliseconds; 37,673 plays need no more than two.
    'spark.sql.shuffle.partitions': '2',
    ...(inputBytes <= interpretedInputBytes ? { ...interpreted, 'spark.sql.codegen.wholeStage': 'false' } : {}),
  }
}

/** For a JVM that ends with its job; what it leaves out stands in that file. */
const oneJob = () => ['-XX:+UnlockDiagnosticVMOptions', `-XX:CompilerDirectivesFile=${serverFile('compiler.json')}`]

/**
 * How the JVM is set for one job of so many bytes; an unknown size counts as large, because a rate that is too low
 * costs minutes and a start that is too slow costs seconds, and as the beginning of many jobs.
 *
 * A server that is kept for further runs (`isKept`) compiles more than one for a single small job.
 * `memory` as in `4g` or `2048m`; default: half of the machine's, at least 1 GiB, at most 4 GiB.
 * *Errors:* `LocalServerError INVALID_ARGUMENT` for a malformed `memory`.
 */
export function tune(
  inputBytes: number | undefined,
  memory: string | undefined,
  machine: Machine,
  isKept = false,
): Tuning {
  const size = memory === undefined ? defaultHeap(machine) : parseHeap(memory)
  const heap = `-Xmx${size}`
  return inputBytes !== undefined && inputBytes <= smallInputBytes
    ? {
        profile: 'small',
        // In a server that stays, C2 pays its way from the second run on: 9.5, 7.5 and 6.9 s instead of 11.0, 11.3 and 11.3 s.
        jvm: [heap, ...(isKept ? [] : ['-XX:TieredStopAtLevel=1']), '-XX:+UseSerialGC', ...roomToStart(size)],
        spark: sessionSettings(inputBytes),
      }
    : {
        profile: 'large',
        jvm: [heap, '-XX:+UseParallelGC', ...(inputBytes === undefined ? [] : oneJob())],
        spark: {
          // Adaptive execution joins the small ones; too few would make single partitions larger than a task's memory.
          'spark.sql.shuffle.partitions': String(Math.max(16, 4 * machine.cores)),
          // What is held and what is sorted goes to the disk sooner. At Spark's 0.6 the heap of 4 GiB ran out over a million
          // distinct names; so it does not.
          'spark.memory.fraction': '0.4',
          'spark.memory.storageFraction': '0.3',
        },
      }
}

/**
 * The heap and the room for classes that a small job needs, from its start: a JVM that finds out by itself collects 99 times in a
 * run of 37,673 plays, twice of all that there is, instead of 39 times.
 */
function roomToStart(heap: string): readonly string[] {
  const mebibytes = { m: 1, g: 1024, t: 1024 ** 2 }[heap.slice(-1)]! * Number(heap.slice(0, -1))
  return [`-Xms${Math.min(1024, Math.ceil(mebibytes / 4))}m`, '-XX:MetaspaceSize=256m']
}

function defaultHeap(machine: Machine): string {
  const half = Math.floor(machine.memoryBytes / 2 / 1024 / 1024)
  return `${Math.min(4096, Math.max(1024, half))}m`
}

function parseHeap(memory: string): string {
  const parts = /^(\d+)\s*([mgt])(?:i?b)?$/i.exec(memory.trim())
  if (!parts) {
    throw new LocalServerError(`invalid amount of memory "${memory}"`, {
      code: 'INVALID_ARGUMENT',
      place: 'SPARK_DRIVER_MEMORY',
      remedy: 'write a number and a unit, for example 4g or 2048m',
    })
  }
  return `${parts[1]}${parts[2]!.toLowerCase()}`
}

/** The settings among these that a session can set for itself. */
export function sessionPart({ spark }: Tuning): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(spark).filter(([name]) => name.startsWith('spark.sql.')))
}
