import type { PlayField } from '../model/dialect.ts'

// Per field the names that people give it, the surest first. A file that has two of them uses the surer one, so `RAW_ARTIST` wins
// over the `artist` that somebody cleaned.
const lists: Readonly<Record<PlayField, string>> = {
  raw_song: `
    raw song, song raw, song, master metadata track name, song title, track title, musiktitel, songtitel, liedtitel, låttitel,
    sangtitel, sangtittel, titre chanson, titulo da musica, dal cime, track, title, song name, track name, raw title, titel, titre, chanson, titulo, cancion, musica, titolo, brano, canzone, nummer, låt, название,
    песня, 曲名, 歌曲, name, sound recording title, recording title, cut title, song played, skladba, tytuł, utwor, piosenka,
    nazev, pisen, naslov, sang, kappale, kappaleen nimi, parca, sarki, cim, dal, zeneszam, şarkı, şarkı adı, τίτλος, τραγούδι, όνομα τραγουδιού,
    제목, 곡명, 노래, 노래제목, 歌名, 曲目, 歌曲名, 歌曲名称, 楽曲, 楽曲名, 曲, композиция, трек, назва, пісня, morceau, tema, pieza, titre oeuvre,
    kappaleen, tittel, låt, piesa, melodie, dainos pavadinimas, dziesma, lugu`,
  raw_artist: `
    raw artist, artist raw, artist, master metadata album artist name, artist name, artists, performer, band, act,
    track artist, song artist, interpret, kunstler, artiste, interprete, artista, cantante, artiest, исполнитель, артист,
    アーティスト, 歌手, album artist, featured artist, artist played, artist title, performing artist, performers, musician,
    singer, group, main artist, wykonawca, zespol, interpretti, esittaja, sanatci, umelec, zpevak, izvodac, previtel,
    eloado, kunstner, utover, artysta, conjunto, gruppe, kunstlername, uitvoerder, artiste interprete, καλλιτέχνης,
    ερμηνευτής, 가수, 아티스트, 가수명, 아티스트명, 演唱者, 演唱, 艺人, 藝人, アーティスト名, 歌手名, 出演者, виконавець, группа, певец, umjetnik, esecutore,
    grupo, umelci, interpreti, artistul`,
  callsign: `
    callsign, call sign, call letters, station, radio station, station id, station name, channel, channel name, radio,
    stream, sender, kanal, emisora, emissora, estacion, estacao, stazione, emittente, zender, станция, 放送局,
    name of service, service, service name, stacja, stanice, rozglosnia, asema, radiozender, senderkennung, radiosender,
    stasjon, радиостанция, радіостанція, σταθμός, 방송국, 채널, 电台, 電台, 频道, 局名, rádió, rádio, chaîne, estación de radio`,
  time: `
    time, played at, play time, played, played on, play date time, timestamp, time stamp, datetime, date time,
    date and time, air time, airtime, aired at, aired, air date time, broadcast time, start time, start, started at,
    unix time, time unix, unix timestamp, epoch, uts, utc, utc time, ts, when, play datetime, scrobble time, scrobbled at,
    uhrzeit, zeit, zeitpunkt, wann, datum uhrzeit, datum und uhrzeit, date et heure, fecha y hora, data e ora, data e hora,
    datum en tijd, heure, hora, ora, orario, tijd, tid, время, 時刻, play start, played time, time played, date time played,
    aired time, air time start, track start, log time, sendezeit, startzeit, abspielzeit, gespielt, gespielt am,
    heure de diffusion, diffuse, hora de emision, hora de inicio, ora di inizio, starttijd, sandningstid, starttid,
    klockslag, klokkeslæt, godzina, czas, cas, aika, soittoaika, saat, idopont, end time, tag time, listened at, added at,
    tijdstip, kello, kelloaika, klokkeslett, tidspunkt, beginn, anfang, ώρα, ημερομηνία και ώρα, 시간, 방송시간, 시각, 时间, 時間,
    播出时间, 播放时间, 放送時間, オンエア時間, час, horodatage, horário, hora inicio, inicio, début, heure début, heure de début,
    orario di inizio, inizio, początek, začátek, kezdés, başlangıç, actual, actual time, actual start, air start, on air,
    real time, event start timestamp, time of play, time aired, fecha hora, data ora, datum čas`,
  date: `
    date, play date, played date, air date, airdate, broadcast date, date played, day, datum, tag, jour, fecha, data,
    giorno, dag, дата, 日付, date aired, air day, play day, day played, broadcast day, sendedatum, sendetag, spieldatum,
    date de diffusion, fecha de emision, data di emissione, uitzenddatum, sandningsdatum, dato, pvm, paivamaara, tarih,
    data emisji, dzien, fecha inicio, ημερομηνία, 날짜, 방송일, 방송일자, 日期, 播出日期, 放送日, 年月日, päivä, päiväys, gün, den, dátum,
    data emissione, log date, playlist date, show date, jour de diffusion, onair date`,
  half: `
    am pm, ampm, a m p m, meridiem, meridian`,
  artist_title: `
    artist and title, artist song, interpret titel, stream title, now playing, song info`,
  title_artist: `
    title and artist, titel interpret`,
  unique_id: `
    unique id, play id, id, uid, uuid, guid, row id, record id, log id, entry id, event id, key`,
  combined: `
    combined, song by artist, combined name, song and artist, song artist combined`,
  first_play: `
    first, first play, is first, is first play, first time`,
}

/** The names of each field, the surest first. */
export const columnSynonyms = Object.fromEntries(
  Object.entries(lists).map(([field, names]) => [field, names.split(',').map((name) => name.trim())]),
) as unknown as Readonly<Record<PlayField, readonly string[]>>
