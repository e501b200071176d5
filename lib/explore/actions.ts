import { didYouMean } from '../config.ts'
import { AppError } from '../errors.ts'
import type { Filter, Sort } from '../store/index.ts'
import { spellingsOf, stepsOf } from './explain.ts'
import { type Result, resultOf } from './render.ts'
import type { Sandbox } from './sandbox.ts'

/** The flags of the command that actions heed. */
export interface ActionOptions {
  /** Most rows. */
  readonly limit: number
  /** Most milliseconds; default: a second for a person's own SQL, else the sandbox's. */
  readonly timeout?: number
  /** `column=value`, each. */
  readonly where?: readonly string[]
  /** A column; with `-` before it descending. */
  readonly sort?: string
  /** Percent. */
  readonly maxScore?: number
}

type Ask = Sandbox['ask']
/** What a word after `explore` does with the words that follow it. */
interface Action {
  readonly words: readonly string[]
  run(ask: Ask, words: readonly string[], options: ActionOptions): Promise<Result>
}

/** Time limit of a person's own SQL. */
export const defaultLimitMs = 1000
// Search and counts read whole tables of names; only a person's own SQL has to be quick by default.
export const patientMs = 20_000

const actions: Readonly<Record<string, Action>> = {
  tables: {
    words: [],
    run: async (ask) =>
      resultOf(
        ['table', 'rows'],
        Object.entries(await ask('counts', {})).map(([table, rows]) => ({ table, rows })),
      ),
  },
  schema: {
    words: ['[TABLE]'],
    async run(ask, [only]) {
      const rows = (await ask('describe', { table: only })).map((each) => ({
        table: each.table,
        column: each.name,
        type: each.type ?? 'view',
        null: each.nullable ? 'yes' : '',
        key: each.key ? 'key' : '',
      }))
      return resultOf(['table', 'column', 'type', 'null', 'key'], rows)
    },
  },
  describe: {
    words: ['[TABLE]'],
    async run(ask, [only]) {
      const rows = await ask('describe', { table: only })
      return resultOf(
        ['table', 'column', 'meaning'],
        rows.map((each) => ({ table: each.table, column: each.name, meaning: each.meaning ?? '' })),
      )
    },
  },
  sample: {
    words: ['TABLE'],
    run: (ask, [table], options) =>
      ask('rows', { table: table!, limit: options.limit, ...filter(options), sort: sortOf(options.sort) }),
  },
  facets: {
    words: ['TABLE', 'COLUMN'],
    async run(ask, [table, column], options) {
      const { values, more } = await ask('facets', {
        table: table!,
        column: column!,
        limit: options.limit,
        ...filter(options),
      })
      return resultOf(['value', 'rows'], values, more)
    },
  },
  search: {
    words: ['TEXT'],
    run: async (ask, [text], { limit }) =>
      resultOf(['kind', 'name', 'of', 'plays'], await ask('search', { text: text!, limit })),
  },
  review: {
    words: [],
    run: async (ask, _, { limit, maxScore }) =>
      resultOf(
        ['kind', 'verdict', 'a', 'b', 'artist', 'method', 'score', 'plays', 'why'],
        await ask('review', { limit, ...(maxScore === undefined ? {} : { maxScore: maxScore / 100 }) }),
      ),
  },
  'explain artist': {
    words: ['NAME'],
    async run(ask, [name]) {
      const explained = await ask('artist', { name: name! })
      if (explained.length > 0) return spellingsOf(explained)
      const near = (await ask('search', { text: name!, limit: 5 }))
        .filter((hit) => hit.kind !== 'station')
        .map((hit) => `"${hit.kind === 'song' ? hit.of : hit.name}"`)
      throw new AppError('usage', `no artist is named "${name}"`, {
        remedy:
          near.length > 0
            ? `there are ${[...new Set(near)].join(', ')}`
            : 'try npm run explore -- search with a part of the name',
      })
    },
  },
  'explain play': {
    words: ['ID'],
    async run(ask, [id]) {
      const explained = await ask('play', { id: id! })
      if (explained) return resultOf(['step', 'artist', 'song', 'how'], stepsOf(explained))
      const refused = await ask('refused', { id: id! })
      if (refused) return resultOf(['reason', 'source_file', 'source_line', 'line'], [refused])
      throw new AppError('usage', `no play has the id "${id}"`, {
        remedy: 'npm run explore -- sample plays shows some',
      })
    },
  },
  sql: {
    words: ['STATEMENT'],
    run: (ask, [text], { limit, timeout }) => ask('query', { text: text!, maxRows: limit }, timeout ?? defaultLimitMs),
  },
}

/** Every action with its words, for help and errors. */
export const actionUsage: readonly string[] = Object.entries(actions).map(([name, { words }]) =>
  [name, ...words].join(' '),
)

/**
 * Finds the action that the words of a command line name, and the words that are for it.
 *
 * *Errors:* AppError `usage` for an unknown action, with what was meant, and for too few or too many words.
 */
export function actionOf(args: readonly string[]): [Action, readonly string[]] {
  const two = args.slice(0, 2).join(' ')
  const name = two in actions ? two : args[0]!
  const action = actions[name]
  if (action === undefined) {
    const meant = didYouMean(two, Object.keys(actions)) ?? didYouMean(name, Object.keys(actions))
    throw new AppError('usage', `unknown command "${name}"${meant ? `; did you mean ${meant}?` : ''}`, {
      remedy: `there are ${actionUsage.join(', ')}`,
    })
  }
  const words = args.slice(name.split(' ').length)
  const needed = action.words.filter((word) => !word.startsWith('[')).length
  if (words.length >= needed && words.length <= action.words.length) return [action, words]
  throw new AppError('usage', `it is: npm run explore -- ${name} ${action.words.join(' ')}`.trim(), {
    remedy: 'put names and statements of several words into quotes',
  })
}

function filter({ where = [] }: ActionOptions): { filters: readonly Filter[] } {
  return { filters: where.map(filterOf) }
}

/** `column=value`; without a value: null. *Errors:* AppError `usage` for another form. */
export function filterOf(where: string): Filter {
  const at = where.indexOf('=')
  if (at < 1)
    throw new AppError('usage', `--where is ${JSON.stringify(where)} but must be COLUMN=VALUE`, {
      remedy: 'COLUMN= alone finds null',
    })
  return { column: where.slice(0, at), value: where.slice(at + 1) || null }
}

/** `column`, or `-column` for descending. */
export function sortOf(text: string | null | undefined): Sort | undefined {
  if (!text) return undefined
  return text.startsWith('-') ? { column: text.slice(1), descending: true } : { column: text, descending: false }
}
