import { describe, expect, test } from '@jest/globals'
import { visibleText } from '../../lib/enrich/html.ts'
import { classify } from '../../lib/enrich/http/classify.ts'
import { imageAddress } from '../../lib/enrich/images.ts'
import { isSpecialArtist, isSpecialPurpose } from '../../lib/enrich/match/artists.ts'
import { pictures, readPictures } from '../../lib/enrich/services/commons.ts'
import { serviceNamed } from '../../lib/enrich/services/list.ts'

/*
 * What the services answer since 2026, in small: thumbnails on a host of their own, tracking parameters, errors about one
 * of a batch, authors as wikis write them. Shapes are the real ones, names and numbers are made up.
 */

const tracked = (kind: string) => `?utm_source=commons.wikimedia.org&utm_campaign=imageinfo&utm_content=${kind}`
const licensed = { LicenseShortName: { value: 'CC BY-SA 4.0' }, AttributionRequired: { value: 'true' } }

function answer(title: string, info: Record<string, unknown>) {
  const page = { pageid: 1, ns: 6, title: `File:${title}`, imagerepository: 'local', imageinfo: [info] }
  return { batchcomplete: true, query: { pages: [page] } }
}
const read = (title: string, info: Record<string, unknown>) =>
  readPictures(answer(title, info), [title])?.found.get(title)

describe('Commons since September 2026', () => {
  const upload = 'https://upload.wikimedia.org/wikipedia/commons'
  const thumb = 'https://thumb.wikimedia.org/wikipedia/commons/thumb'

  test('a JPEG: the original as picture, the thumbnail of the new host, no tracking', () => {
    const found = read('Quartet.jpg', {
      width: 4000,
      height: 3000,
      thumburl: `${thumb}/1/12/Quartet.jpg/500px-Quartet.jpg${tracked('thumbnail')}`,
      thumbwidth: 500,
      thumbheight: 375,
      url: `${upload}/1/12/Quartet.jpg${tracked('original')}`,
      descriptionurl: 'https://commons.wikimedia.org/wiki/File:Quartet.jpg',
      mime: 'image/jpeg',
      mediatype: 'BITMAP',
      extmetadata: licensed,
    })
    expect(found).toMatchObject({
      url: `${upload}/1/12/Quartet.jpg`,
      thumbUrl: `${thumb}/1/12/Quartet.jpg/500px-Quartet.jpg`,
      mime: 'image/jpeg',
      width: 4000,
    })
  })

  test.each([
    ['Crest.svg', 'image/svg+xml', 'DRAWING', '500px-Crest.svg.png', 'image/png', 'image/png'],
    ['Scan.tif', 'image/tiff', 'BITMAP', 'lossy-page1-500px-Scan.tif.jpg', undefined, 'image/jpeg'],
    // Its ending says nothing about the thumbnail; `thumbmime` does.
    ['Old.xcf', 'image/x-xcf', 'BITMAP', '500px-Old.xcf', 'image/png', 'image/png'],
  ])('%s: found by its thumbnail', (file, mime, mediatype, small, thumbmime, expected) => {
    const found = read(file, {
      width: 600,
      height: 600,
      thumburl: `${thumb}/a/ab/${file}/${small}${tracked('thumbnail')}`,
      thumbwidth: 500,
      thumbheight: 500,
      url: `${upload}/a/ab/${file}`,
      mime,
      mediatype,
      ...(thumbmime === undefined ? {} : { thumbmime }),
      extmetadata: licensed,
    })
    expect(found).toMatchObject({ url: `${thumb}/a/ab/${file}/${small}`, mime: expected, width: 500, height: 500 })
  })

  test('a page without a file is absent, unless its information is still to come', () => {
    const page = { pageid: 9, ns: 6, title: 'File:Empty.jpg', imagerepository: '' }
    const body = { query: { pages: [page] } }
    expect(readPictures({ batchcomplete: true, ...body }, ['Empty.jpg'])?.found.get('Empty.jpg')).toBeNull()
    const later = { continue: { iistart: 'x', continue: '||' }, ...body }
    expect(readPictures(later, ['Empty.jpg'])?.found.has('Empty.jpg')).toBe(false)
  })

  test('only Wikimedia loses its query, and look-alikes gain nothing', () => {
    expect(imageAddress('https://coverartarchive.org/release/x/1.jpg?a=1')).toEqual({
      url: 'https://coverartarchive.org/release/x/1.jpg?a=1',
    })
    expect(imageAddress('https://thumb.wikimedia.org.evil.test/x.jpg')).toHaveProperty('refused')
    expect(imageAddress('http://thumb.wikimedia.org/x.jpg?width=1')).toEqual({
      url: 'https://thumb.wikimedia.org/x.jpg',
    })
  })

  test('what is read is asked for', () => {
    const { form } = pictures(['A.jpg'])
    expect(form?.iiprop?.split('|')).toContain('thumbmime')
    expect(form?.iiextmetadatafilter?.split('|')).toEqual(expect.arrayContaining(['Attribution', 'Restrictions']))
  })
})

describe('authors, as the pages of files have them', () => {
  const author = (fields: Record<string, string>) =>
    read('A.jpg', {
      url: 'https://upload.wikimedia.org/a.jpg',
      mime: 'image/jpeg',
      extmetadata: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, { value }])),
    })?.attribution

  test.each<[string, Record<string, string>, string | null]>([
    ['a link', { Artist: '<a href="//x/User:A" title="User:A">Ann Other</a>' }, 'Ann Other'],
    [
      'what the author demands goes first',
      { Artist: 'A', Attribution: '<b>Photo: A / Agency</b>' },
      'Photo: A / Agency',
    ],
    ['a demand that is empty does not', { Artist: 'A', Attribution: ' <br> ' }, 'A'],
    ['the credit where no author is named', { Credit: 'Own work' }, 'Own work'],
    ['nobody', {}, null],
    [
      'restrictions are kept',
      { Artist: 'A', Restrictions: 'personality|trademarked' },
      'A (restrictions: personality|trademarked)',
    ],
  ])('%s', (_, fields, expected) => {
    expect(author(fields)).toBe(expected)
  })

  test.each<[string, string, string | null]>([
    [
      'said twice, once unseen',
      '<bdi><a href="x">Nobody known</a></bdi><span style="display: none;">Nobody known</span>',
      'Nobody known',
    ],
    ['unseen by its attribute', 'A<span hidden>B</span>C', 'AC'],
    ['unseen with elements in it', 'A<div style="DISPLAY:none"><b>x</b><i>y</i></div>B', 'A B'],
    ['an element that is never closed', 'A<span style="visibility:hidden">B', 'A'],
    ['items of a list', '<ul><li>Ann</li><li><a href="x">Bob</a></li>\n</ul>', 'Ann, Bob'],
    ['lines', 'Ann<br>Bob<br />Cy', 'Ann Bob Cy'],
    [
      'references',
      'Fr&eacute;d&eacute;ric &#77;&#x61;r&amp;Co &ndash; &quot;x&quot;&nbsp;y',
      'Frédéric Mar&Co – "x" y',
    ],
    ['a reference that is none', 'A &nosuch; B &#0; C &#xD800; D', 'A &nosuch; B C D'],
    ['a reference of a reference', '&amp;eacute;', '&eacute;'],
    ['a comment', 'A<!-- <b>no</b> -->B', 'AB'],
    ['a smaller-than sign', 'a < b and 3<4', 'a < b and 3<4'],
    ['an attribute with a larger-than sign', '<a title="x > y" href=z>Ann</a>', 'Ann'],
    ['a table', '<table><tr><td>Ann</td><td>Bob</td></tr></table>', 'Ann Bob'],
    ['markup alone', '<div><span></span></div>', null],
  ])('%s', (_, html, expected) => {
    expect(visibleText(html)).toBe(expected)
  })

  test('a text that is too long ends with a whole word', () => {
    const names = Array.from({ length: 100 }, (_, at) => `Person${at}`).join(' ')
    const cut = visibleText(names, 50)
    expect(cut).toBe('Person0 Person1 Person2 Person3 Person4 Person5…')
  })
})

describe('errors about one of a batch', () => {
  test.each([
    [
      'wikidata',
      { error: { code: 'no-such-entity', info: 'Could not find an entity', id: 'Q999999999' } },
      'Q999999999',
    ],
    ['wikidata', { error: { code: 'no-such-entity', info: 'Could not find an entity' } }, undefined],
  ])('%s: %j', (service, body, id) => {
    const outcome = classify(serviceNamed(service), { status: 200, headers: {}, body: JSON.stringify(body) }, 0)
    expect(outcome).toEqual({ kind: 'not_found', code: 'no-such-entity', ...(id === undefined ? {} : { id }) })
  })

  test('Last.fm says it in other words, too', () => {
    const result = { status: 400, headers: {}, body: '{"error":6,"message":"no such page"}' }
    expect(classify(serviceNamed('lastfm'), result, 0)).toEqual({ kind: 'not_found', code: '6' })
  })
})

describe('names that stand for nobody', () => {
  test.each([
    'VA',
    'V.A.',
    'Various',
    'Various Artist',
    'Soundtrack',
    'Original Soundtrack',
    'Original Broadway Cast',
    'O.S.T.',
    'Traditional',
    'Trad.',
    'Anonymous',
    '[dialogue]',
    'N/A',
    'Unknown Artist',
  ])('%s', (name) => {
    expect(isSpecialArtist(name)).toBe(true)
  })
  test.each([
    'Cast',
    'Vaughan',
    'Anon Y Mous',
    'The Soundtrack Of Our Lives',
    'Dialogue',
    'Traditional Fools',
    'Va Va Voom',
  ])('%s is an act', (name) => {
    expect(isSpecialArtist(name)).toBe(false)
  })
  test('MusicBrainz has acts for them', () => {
    expect(isSpecialPurpose({ mbid: '9be7f096-97ec-4615-8957-8d40b5dcbc41', name: null })).toBe(true)
    expect(isSpecialPurpose({ mbid: 'aaaaaaaa-0000-4000-8000-000000000001', name: '[nature sounds]' })).toBe(true)
    expect(isSpecialPurpose({ mbid: 'aaaaaaaa-0000-4000-8000-000000000001', name: 'Dialogue' })).toBe(false)
  })
})
