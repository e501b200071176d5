import { parseEnv } from 'node:util'
import { z } from 'zod'
import { readSettingsFile, type Setting, type SettingSources, settings } from './config.ts'

/** What a setting is, and where that comes from. */
export interface SettingOrigin {
  readonly name: string
  /** Its flag, where it has one. */
  readonly flag: string | null
  /** As text, secrets masked; null where it is not set. */
  readonly value: string | null
  readonly origin: 'environment' | '.env' | 'default' | 'not set'
  /** What is wrong with the value; null for a valid one. */
  readonly fault: string | null
}

/** Every setting with its value and origin, as a command without flags would have it. *Errors:* those of `readSettingsFile`. */
export function settingOrigins(sources: Pick<SettingSources, 'env' | 'dotenv'> = {}): readonly SettingOrigin[] {
  const env = sources.env ?? process.env
  const dotenv = parseEnv(sources.dotenv ?? readSettingsFile())
  return Object.values(settings as Readonly<Record<string, Setting<unknown>>>).map((setting) => {
    const [fromEnv, fromFile] = [env[setting.env] || undefined, dotenv[setting.env] || undefined]
    const given = fromEnv ?? fromFile
    const parsed = z.safeParse(setting.schema, given)
    const value = given ?? (parsed.success && parsed.data !== undefined ? String(parsed.data) : undefined)
    const origin = fromEnv ? 'environment' : fromFile ? '.env' : value === undefined ? 'not set' : 'default'
    return {
      name: setting.env,
      flag: setting.flag ?? null,
      value: value === undefined ? null : shown(value, setting, parsed.success),
      origin,
      fault: parsed.success ? null : `must be ${setting.allowed}`,
    }
  })
}

/** A value that may hold a secret is shown in part, where it is well-formed; else not at all. */
function shown(value: string, { secret }: Setting<unknown>, isValid: boolean): string {
  if (secret === undefined) return value
  return secret === 'whole' || !isValid ? '***' : maskedAddress(value)
}

/** An address without its password and its parameters: `postgres://me:***@host/name?***`. */
export function maskedAddress(address: string): string {
  // Up to the last @, since people forget to write one of a password as %40.
  return address.replace(/(:\/\/[^:/@]*:).*@/s, '$1***@').replace(/[?;].*/s, ([mark]) => `${mark}***`)
}
