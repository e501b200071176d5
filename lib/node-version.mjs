import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

// Loaded before a command. `npm ci` brings a Node along, but not for every platform and not with --omit=optional; then the
// system's runs, and an old one would end in a SyntaxError that names neither Node nor a remedy.
const client = new URL('./spark-connect-js/package.json', import.meta.url)
const needed = JSON.parse(readFileSync(client, 'utf8')).engines.node.replace('>=', '')
const parts = (version) => version.replace(/^v/, '').split('.').map(Number)
const [[major, minor], [neededMajor, neededMinor]] = [parts(process.version), parts(needed)]
if (major < neededMajor || (major === neededMajor && minor < neededMinor)) {
  // A colon ends a folder in PATH, so npm does not find the Node of the project there.
  const folder = fileURLToPath(new URL('..', import.meta.url))
  if (folder.includes(':')) {
    process.stderr.write(
      `error: there is a colon in the path of the project, so npm does not find its Node there\n  at: ${folder}\n  do: move it to another folder\n`,
    )
    process.exit(2)
  }
  process.stderr.write(
    `Node ${needed} or later is needed; this is ${process.version} (${process.execPath})\n` +
      `  do: npm ci --include=optional, which brings a Node for ${process.platform} ${process.arch} where there is one; else install Node ${needed} or later\n`,
  )
  process.exit(2)
}
