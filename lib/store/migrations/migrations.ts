import type { Migration } from 'kysely/migration'
import type { Dialect } from '../engine/types.ts'
import { initial } from './0001-initial.ts'
import { nameEvidence } from './0002-name-evidence.ts'
import { musicFacts } from './0003-music-facts.ts'
import { ownTables } from './0004-own-tables.ts'
import { schemaBuilder } from './schema-builder.ts'

/**
 * Every schema that was ever released, by name and applied in the order of the names: one file each, written once for all
 * databases. A migration on main is frozen: tables.ts may change, old databases do not.
 */
export function migrations({ dialect }: { readonly dialect: Dialect }): Readonly<Record<string, Migration>> {
  const builder = schemaBuilder(dialect)
  return {
    '0001_initial': initial(builder),
    '0002_name_evidence': nameEvidence(builder),
    '0003_music_facts': musicFacts(builder),
    '0004_own_tables': ownTables(builder),
  }
}
