import type { Command } from 'commander'

export interface LakeFlags {
  readonly rerun?: boolean
  readonly json?: boolean
}

export const addLakeFlags = (command: Command): Command =>
  command
    .option('--rerun', 'write a new version even if the lake has what the database has')
    .option('--json', 'print what was written as JSON, with a version field')
