import { existsSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { loadSettings, readSettingsFile, type Settings, settings as table, unknownNames } from '../config.ts'
import { services } from '../enrich/index.ts'
import { AppError } from '../errors.ts'
import { type Check, fail, ok, warn } from './check.ts'

/** The valid settings, and the faults of the others. */
export interface Diagnosis {
  /** The valid ones; a faulty one is as if it were not given. */
  readonly settings: Settings
  readonly faults: { readonly values: readonly string[]; readonly names: readonly string[] }
}

/**
 * The settings as far as they are valid, and what is wrong with the rest: the doctor has to work where no other command
 * would start.
 */
export function diagnoseSettings(
  sources: { readonly env?: Readonly<Record<string, string | undefined>>; readonly dotenv?: string } = {},
): Diagnosis {
  const env = sources.env ?? process.env
  const values: string[] = []
  let text = sources.dotenv ?? ''
  if (sources.dotenv === undefined) {
    try {
      text = readSettingsFile()
    } catch (error) {
      values.push((error as AppError).message)
    }
  }
  const dotenv = parseEnv(text)
  const names = unknownNames(text)
  const valid: Record<string, string> = {}
  for (const each of Object.values(table)) {
    const given = [env[each.env], dotenv[each.env]].find((value) => value !== undefined && value !== '')
    if (given === undefined) continue
    try {
      loadSettings({ env: { [each.env]: given }, dotenv: '' })
      valid[each.env] = given
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      values.push(error.message)
    }
  }
  return { settings: loadSettings({ env: valid, dotenv: '' }), faults: { values, names } }
}

/** Whether the key of a service is there. Only its form can be judged without asking. */
function keyCheck({ name, limit: { title }, key, ownColumns }: (typeof services)[number]): Check {
  const { word, form, setting } = key!
  return {
    id: `${name}-${word}`,
    title: `${title} ${word}`,
    async run({ settings }) {
      const given = settings[setting]
      if (given === undefined && ownColumns) {
        return warn(
          `none: ${title} will not be asked`,
          `get one for free and set ${table[setting].env}, or leave it: the others are asked`,
        )
      }
      if (given === undefined) return ok('none, and none is needed')
      return form === undefined || form.pattern.test(String(given))
        ? ok('given')
        : warn(`given, but it does not look like one (${form.title})`, 'compare it with the page of your account')
    },
  }
}

export const settingsChecks: readonly Check[] = [
  {
    id: 'settings',
    title: 'Settings',
    async run({ faults }) {
      if (faults.values.length === 0) return ok('valid')
      return fail(faults.values.join('; '), 'correct them in the environment or in .env; the README has the table')
    },
  },
  {
    id: 'dotenv-names',
    title: 'Names in .env',
    async run({ faults }) {
      if (faults.names.length === 0)
        return ok(existsSync('.env') ? 'all known' : 'there is no .env, and none is needed')
      return fail(faults.names.join('; '), 'correct or remove them; the README has the table')
    },
  },
  ...services.filter(({ key, optIn }) => key !== undefined && optIn === undefined).map(keyCheck),
  {
    id: 'contact',
    title: 'Contact',
    async run({ settings }) {
      const contact = settings.enrichContact
      const remedy = 'set ENRICH_CONTACT to your web page or mail address; the services ask for it'
      const slower = new Set(services.flatMap(({ unidentifiedLimit }) => unidentifiedLimit?.title ?? []))
      if (contact === undefined) return warn(`none: ${[...slower].join(' and ')} is asked more slowly`, remedy)
      const known = /^\S+@\S+\.\S+$/.test(contact) || URL.parse(contact) !== null
      return known ? ok(contact) : warn(`${contact} is neither a web page nor a mail address`, remedy)
    },
  },
]
