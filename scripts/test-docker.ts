import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { endWithReader } from '../lib/cli/index.ts'

/* Runs the container tests, which are apart from the others: building the images takes minutes the first time. */

endWithReader()
const command = new Command('npm run test:docker --')
  .description('Builds the images and tests the containers: needs a Docker engine with compose, and takes minutes.')
  .helpOption('--help', 'show this help')
  .option('-t, --name <pattern>', 'only tests whose name matches this regular expression')
  .addHelpText(
    'before',
    'Examples:\n  npm run test:docker\n  npm run test:docker -- --name "database of the containers"\n',
  )
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse()
const { name } = command.opts<{ name?: string }>()

const root = fileURLToPath(new URL('..', import.meta.url))
const jest = spawn(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--no-warnings',
    'node_modules/jest/bin/jest.js',
    '--testMatch',
    '<rootDir>/test/docker/**/*.docker.ts',
    ...(name === undefined ? [] : ['--testNamePattern', name]),
  ],
  { cwd: root, stdio: 'inherit' },
)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => jest.kill(signal))
jest.once('exit', (code) => {
  process.exitCode = code ?? 1
})
