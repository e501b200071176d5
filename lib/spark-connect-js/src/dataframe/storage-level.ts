import type { StorageLevel as StorageLevelMessage } from '../gen/spark/connect/common_pb.ts'

/** Where Spark keeps the rows of a persisted frame. */
export interface StorageLevel {
  readonly useDisk: boolean
  readonly useMemory: boolean
  readonly useOffHeap: boolean
  readonly deserialized: boolean
  readonly replication: number
}

const level = (
  useDisk: boolean,
  useMemory: boolean,
  useOffHeap: boolean,
  deserialized: boolean,
  replication = 1,
): StorageLevel => Object.freeze({ useDisk, useMemory, useOffHeap, deserialized, replication })

/** Spark's named levels. */
export const storageLevels = Object.freeze({
  NONE: level(false, false, false, false),
  DISK_ONLY: level(true, false, false, false),
  DISK_ONLY_2: level(true, false, false, false, 2),
  DISK_ONLY_3: level(true, false, false, false, 3),
  MEMORY_ONLY: level(false, true, false, false),
  MEMORY_ONLY_2: level(false, true, false, false, 2),
  MEMORY_AND_DISK: level(true, true, false, false),
  MEMORY_AND_DISK_2: level(true, true, false, false, 2),
  MEMORY_AND_DISK_DESER: level(true, true, false, true),
  OFF_HEAP: level(true, true, true, false),
})

/** *Source:* message spark.connect.StorageLevel. */
export const storageLevelFrom = (message: StorageLevelMessage | undefined): StorageLevel =>
  message
    ? level(message.useDisk, message.useMemory, message.useOffHeap, message.deserialized, message.replication)
    : storageLevels.NONE
