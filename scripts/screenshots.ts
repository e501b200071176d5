import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type Browser, chromium } from 'playwright-core'
import { runCommand } from '../lib/cli/index.ts'
import { roles } from '../lib/enrich/index.ts'
import { AppError, kindOfExit } from '../lib/errors.ts'
import { writeOutput } from '../lib/output.ts'
import { html } from '../lib/report/index.ts'
import { checkTemporaryFolder } from '../lib/spark/index.ts'
import { keyEnvironment, startStubs } from '../lib/stubs/index.ts'
import { bytes } from '../lib/terminal.ts'
import { type Span, screenOf } from './screenshots/screen.ts'

interface Options {
  readonly out: string
  readonly chromium: string
  readonly force?: true
}

const root = fileURLToPath(new URL('..', import.meta.url))
const columns = 104
const isPicture = (start: Buffer) => start.subarray(1, 4).toString() === 'PNG'

await runCommand<Options>({
  name: 'screenshots',
  summary: 'Makes the pictures of the README from the sample: the terminal of the main job, and the report.',
  examples: ['npm run screenshots'],
  settings: ['sparkRemote'],
  configure: (command) =>
    command
      .option('--out <folder>', 'where the pictures go', 'docs')
      .option('--force', 'replace files that are not pictures')
      .option('--chromium <file>', 'the browser to take', '/usr/bin/chromium'),
  async run({ options, settings, signal, print }) {
    if (!existsSync(options.chromium)) {
      throw new AppError('usage', 'Chromium was not found', {
        place: options.chromium,
        remedy: 'apt-get install chromium, or name another with --chromium',
      })
    }
    await checkTemporaryFolder()
    const folder = mkdtempSync(join(tmpdir(), 'radio-plays-shots-'))
    await using stack = new AsyncDisposableStack()
    stack.defer(() => rmSync(folder, { recursive: true, force: true }))
    const stubs = await startStubs({ ownPictures: true })
    stack.defer(() => stubs.close())
    const env = {
      ...process.env,
      ...stubs.environment,
      ...(settings.sparkRemote ? { SPARK_REMOTE: settings.sparkRemote } : {}),
      ...keyEnvironment([roles.songMatches]),
      DATABASE_URL: `sqlite:${folder}/plays.db`,
    }
    const page = join(folder, 'report.html')
    const shown = await onTerminal('npm run -s job:aggregate', env, signal)
    await onTerminal('npm run -s job:enrich -- --contact me@radio.fm', env, signal)
    await onTerminal(`npm run -s report -- --out ${page}`, env, signal)

    const launched = chromium.launch({ executablePath: options.chromium, args: ['--no-sandbox'] })
    const browser = await launched.catch((cause: unknown) => {
      throw new AppError('usage', 'the browser does not start', {
        place: options.chromium,
        remedy: 'apt-get install chromium, or name another with --chromium',
        cause,
      })
    })
    stack.defer(() => browser.close())
    const text = shown.replaceAll(folder, 'data')
    const pictures = {
      'terminal.png': await shootTerminal(browser, `$ npm run job:aggregate\r\n${text}`),
      'report.png': await shootReport(browser, page, { colorScheme: 'light', from: 0, width: 1280, height: 1000 }),
      'report-dark.png': await shootReport(browser, page, {
        colorScheme: 'dark',
        from: '#hours',
        width: 1000,
        height: 1060,
      }),
      'report-phone.png': await shootReport(browser, page, {
        colorScheme: 'light',
        from: '#plays',
        width: 390,
        height: 1060,
      }),
    }
    const how = { isOurs: isPicture, force: options.force }
    for (const [name, picture] of Object.entries(pictures)) {
      const file = join(options.out, name)
      await writeOutput(file, picture, how)
      print(`${file}: ${bytes(picture.length)}`)
    }
  },
})

/** What a command writes to a terminal of so many columns, byte for byte; `script` of util-linux gives it one. */
async function onTerminal(command: string, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<string> {
  const child = spawn('script', ['-qefc', `stty cols ${columns}; ${command}`, '/dev/null'], {
    cwd: root,
    env: { ...env, TERM: 'xterm-256color', LOG_FORMAT: 'text' },
    stdio: ['ignore', 'pipe', 'inherit'],
    signal,
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve)
  })
  if (code !== 0) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the sequences of a terminal
    const said = text.slice(-500).replace(/\r|\u001b\[\d*K/g, ' ')
    throw new AppError(kindOfExit(code), `${command} ended with ${code}`, { remedy: `it said: ${said}` })
  }
  return text
}

async function shootTerminal(browser: Browser, text: string): Promise<Buffer> {
  const style = `
body{margin:0;background:#fff}
pre{display:inline-block;margin:0;padding:16px 20px;border-radius:8px;background:#0d1117;color:#d5dce4;font:13px/1.45 "DejaVu Sans Mono",monospace;min-width:${columns}ch}
.bold{font-weight:700;color:#fff}.dim{color:#8b949e}.c31{color:#ff7b72}.c32{color:#7ee787}.c33{color:#e3b341}.c36{color:#79c0ff}`
  const lines = screenOf(text).map(
    (line) => html`${line.map((span: Span) => html`<span class="${span.classes.join(' ')}">${span.text}</span>`)}
`,
  )
  const page = await browser.newPage({ viewport: { width: 1200, height: 800 }, deviceScaleFactor: 1.25 })
  await page.setContent(`<!doctype html><meta charset="utf-8"><style>${style}</style>${html`<pre>${lines}</pre>`}`)
  const picture = await page.locator('pre').screenshot({ omitBackground: true })
  await page.close()
  return picture
}

async function shootReport(
  browser: Browser,
  file: string,
  {
    colorScheme,
    from,
    width,
    height,
  }: { colorScheme: 'light' | 'dark'; from: 0 | `#${string}`; width: number; height: number },
): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme })
  await page.goto(pathToFileURL(file).href, { waitUntil: 'networkidle' })
  // A part by itself: those above it get their real height only when they are seen.
  const picture = from === 0 ? await page.screenshot() : await page.locator(from).screenshot()
  await page.close()
  return picture
}
