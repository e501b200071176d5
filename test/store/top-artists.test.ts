import { expect, test } from '@jest/globals'
import { silent } from '../../lib/log.ts'
import { openReadOnly } from '../../lib/store/index.ts'
import { fillStore } from '../support/filled-store.ts'
import { scratch } from '../support/input-files.ts'

test('the top artists of a load are acts: no Unknown, no Various Artists', async () => {
  const url = `sqlite:${scratchFolder}/plays.db`
  const names = ['Queen', 'Unknown', 'Various Artists', 'VARIOUS ARTISTS', '[unknown]', 'N/A', '-']
  const plays = names.map((artist, i) => ({ artist, song: 'Song', callsign: 'K', timeUnix: 1_402_943_314 + i }))
  await fillStore(url, { plays })
  const store = await openReadOnly(url, { log: silent })
  try {
    expect(await store.snapshot((reader) => reader.topArtists())).toEqual([{ artist: 'Queen', plays: 1 }])
  } finally {
    await store.close()
  }
})

const scratchFolder = scratch()
