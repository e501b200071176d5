import type { Command } from 'commander'
import { databaseSettings, type SettingName } from '../../lib/config.ts'
import { services } from '../../lib/enrich/index.ts'

export interface DoctorFlags {
  readonly deep?: boolean
  readonly json?: boolean
}

export const doctorSettings: readonly SettingName[] = [
  'sparkRemote',
  'sparkToken',
  'sparkHome',
  ...databaseSettings,
  'timezone',
  'enrichContact',
  ...services.flatMap(({ key, optIn }) => (key && !optIn ? [key.setting] : [])),
]

export const addDoctorFlags = (command: Command): Command =>
  command
    .option('--deep', 'also what takes longer: start Spark, read a large database through')
    .option('--json', 'print the findings as JSON, with a version field')
