-- How often a station played a song on a day (UTC).
select
    callsign as station,
    cast(to_timestamp(time_unix) at time zone 'UTC' as date) as day,
    artist_clean as artist,
    song_clean as song,
    count(*) as spins
from {{ source('radio_plays', 'plays') }}
group by 1, 2, 3, 4
