import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'

/**
 * The server's jar, found through SPARK_JARS (a folder) or in what the embedded Spark installs under `.spark`;
 * null if there is none.
 */
export function findServerJar(): string | null {
  const given = process.env.SPARK_JARS
  const roots = given ? [given] : [join(import.meta.dirname, '..', '..', '..', '..', '.spark')]
  for (const root of roots) {
    try {
      const names = readdirSync(root, { recursive: true, encoding: 'utf8' })
      const found = names.filter((name) => /(^|[/\\])spark-connect_2\.13-4\.2\.0\.jar$/.test(name)).sort()[0]
      if (found !== undefined) return join(root, found)
    } catch {
      // a missing folder is the same as an empty one
    }
  }
  return null
}

/** The text files of a jar whose name fits, by name. Reads what a jar needs of the zip format: stored and deflated. */
export function textsOfJar(path: string, wanted: RegExp): Map<string, string> {
  const zip = readFileSync(path)
  let end = zip.length - 22
  while (end >= 0 && zip.readUInt32LE(end) !== 0x06054b50) end -= 1
  if (end < 0) throw new Error(`${path} is not a zip file`)
  const texts = new Map<string, string>()
  const count = zip.readUInt16LE(end + 10)
  let at = zip.readUInt32LE(end + 16)
  for (let i = 0; i < count; i++) {
    const method = zip.readUInt16LE(at + 10)
    const packedBytes = zip.readUInt32LE(at + 20)
    const nameBytes = zip.readUInt16LE(at + 28)
    const local = zip.readUInt32LE(at + 42)
    const name = zip.toString('utf8', at + 46, at + 46 + nameBytes)
    if (wanted.test(name)) {
      const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
      const packed = zip.subarray(start, start + packedBytes)
      texts.set(name, (method === 0 ? packed : inflateRawSync(packed)).toString('utf8'))
    }
    at += 46 + nameBytes + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
  }
  return texts
}
