/*
 * The words that stand in written times, in small letters: English, German, French, Spanish, Italian, Portuguese, Dutch, Swedish,
 * Danish, Norwegian, Finnish, Polish and Russian. A word that means different months in two of them is not here.
 */

/** The names of the months, January first, as people write them: whole, cut, inflected, with and without accents. */
export const monthNames: readonly (readonly string[])[] = [
  'jan january januar jänner janvier janv enero ene gennaio gen janeiro januari tammikuu tammikuuta tammi styczeń styczen stycznia sty январь января янв',
  'feb february februar feber février fevrier févr fevr fév fev febrero febbraio fevereiro februari helmikuu helmikuuta helmi luty lutego lut февраль февраля февр фев',
  'mar march märz maerz mär mrz mars marzo março marco maart mrt maaliskuu maaliskuuta maalis marzec marca март марта мар',
  'apr april avril avr abril abr aprile kwiecień kwiecien kwietnia kwi huhtikuu huhtikuuta huhti апрель апреля апр',
  'may mai mayo maggio mag maio mei maj maja toukokuu toukokuuta touko май мая',
  'jun june juni juin junio giugno giu junho kesäkuu kesakuu kesäkuuta kesä czerwiec czerwca cze июнь июня июн',
  'jul july juli juillet juil julio luglio lug julho heinäkuu heinakuu heinäkuuta heinä lipiec lipca lip июль июля июл',
  'aug august août aout agosto ago augusti augustus elokuu elokuuta elo sierpień sierpien sierpnia sie август августа авг',
  'sep sept september septembre septiembre setiembre settembre set setembro syyskuu syyskuuta syys wrzesień wrzesien września wrzesnia wrz сентябрь сентября сент сен',
  'oct okt october oktober octobre octubre ottobre ott outubro out lokakuu lokakuuta loka październik pazdziernik października pazdziernika paź paz октябрь октября окт',
  'nov november novembre noviembre novembro marraskuu marraskuuta marras listopad listopada lis ноябрь ноября нояб ноя',
  'dec dez des december dezember desember décembre decembre déc diciembre dic dicembre dezembro joulukuu joulukuuta joulu grudzień grudzien grudnia gru декабрь декабря дек',
].map((names) => names.split(' '))

/** The names of the days of the week: they say nothing that the date does not say, and are passed over. */
export const weekdayNames: readonly string[] = [
  'mon monday tue tues tuesday wed wednesday thu thur thurs thursday fri friday sat saturday sun sunday',
  'mo montag di dienstag mi mittwoch do donnerstag fr freitag sa samstag sonnabend so sonntag',
  'lun lundi mar mardi mer mercredi jeu jeudi ven vendredi sam samedi dim dimanche',
  'lunes martes mié mie miércoles miercoles jue jueves vie viernes sáb sab sábado sabado dom domingo',
  'lunedì lunedi martedì martedi mercoledì mercoledi gio giovedì giovedi venerdì venerdi sabato domenica',
  'seg segunda-feira ter terça-feira qua quarta-feira qui quinta-feira sex sexta-feira',
  'ma maandag dinsdag wo woensdag donderdag vr vrijdag za zaterdag zo zondag',
  'mån måndag tis tisdag ons onsdag tors torsdag fredag lör lördag sön söndag',
  'man mandag tir tirsdag tor fre lør lørdag søn søndag',
  'maanantai ti tiistai ke keskiviikko to torstai pe perjantai la lauantai su sunnuntai',
  'pon poniedziałek wt wtorek śr środa czw czwartek pt piątek sob sobota niedz niedziela',
  'пн понедельник вт вторник ср среда чт четверг пт пятница сб суббота вс воскресенье',
].flatMap((names) => names.split(' '))

const offsets: readonly (readonly [names: string, offset: string])[] = [
  ['z utc ut gmt wet', '+00:00'],
  ['cet mez west', '+01:00'],
  ['cest mesz eet sast', '+02:00'],
  ['eest msk', '+03:00'],
  ['jst kst', '+09:00'],
  ['awst', '+08:00'],
  ['acst', '+09:30'],
  ['acdt', '+10:30'],
  ['aest', '+10:00'],
  ['aedt', '+11:00'],
  ['nzst', '+12:00'],
  ['nzdt', '+13:00'],
  ['cdt', '-05:00'],
  ['mdt', '-06:00'],
  ['mst pdt', '-07:00'],
  ['pst akdt', '-08:00'],
  ['akst', '-09:00'],
  ['hst', '-10:00'],
]

// Abbreviations of several zones are taken only where the zone of the log tells which one is meant.
const offsetsWithin: readonly (readonly [name: string, zones: RegExp, offset: string])[] = [
  ['bst', /^(Europe\/(London|Belfast|Jersey|Guernsey|Isle_of_Man)|GB)$/, '+01:00'],
  ['ist', /^(Europe\/Dublin|Eire)$/, '+01:00'],
  ['ist', /^Asia\/(Kolkata|Calcutta)$/, '+05:30'],
  ['ist', /^(Asia\/(Jerusalem|Tel_Aviv)|Israel)$/, '+02:00'],
  ['cst', /^(Asia\/(Shanghai|Taipei|Macau)|PRC)$/, '+08:00'],
  ['cst', /^(America|US|Canada|UTC)/, '-06:00'],
  ['est', /^(?!Australia)/, '-05:00'],
  ['edt', /^(?!Australia)/, '-04:00'],
  ['ast', /^(America|Atlantic|Canada)/, '-04:00'],
]

const regions = [
  'Africa/Cairo Africa/Johannesburg Africa/Lagos Africa/Nairobi America/Argentina/Buenos_Aires America/Bogota America/Chicago',
  'America/Denver America/Halifax America/Los_Angeles America/Mexico_City America/New_York America/Phoenix America/Sao_Paulo',
  'America/Toronto America/Vancouver Asia/Dubai Asia/Hong_Kong Asia/Jakarta Asia/Kolkata Asia/Manila Asia/Seoul Asia/Shanghai',
  'Asia/Singapore Asia/Tokyo Australia/Adelaide Australia/Brisbane Australia/Melbourne Australia/Perth Australia/Sydney',
  'Europe/Amsterdam Europe/Athens Europe/Berlin Europe/Brussels Europe/Bucharest Europe/Budapest Europe/Copenhagen Europe/Dublin',
  'Europe/Helsinki Europe/Istanbul Europe/Kyiv Europe/Lisbon Europe/London Europe/Madrid Europe/Moscow Europe/Oslo Europe/Paris',
  'Europe/Prague Europe/Rome Europe/Sofia Europe/Stockholm Europe/Vienna Europe/Warsaw Europe/Zurich Pacific/Auckland',
].flatMap((names) => names.split(' '))

/** What zone names in times mean, by their small letters, where the log as a whole is in `zone`. */
export function zonesByName(zone: string): ReadonlyMap<string, string> {
  return new Map([
    ...offsets.flatMap(([names, offset]) => names.split(' ').map((name) => [name, offset] as const)),
    ...offsetsWithin.filter(([, zones]) => zones.test(zone)).map(([name, , offset]) => [name, offset] as const),
    ...regions.map((name) => [name.toLowerCase(), name] as const),
  ])
}

/** All names of zones that times are read with. */
export const zoneNames: readonly string[] = [
  ...offsets.flatMap(([names]) => names.split(' ')),
  ...offsetsWithin.map(([name]) => name),
  ...regions.map((name) => name.toLowerCase()),
]
