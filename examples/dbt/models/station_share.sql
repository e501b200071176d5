-- The share of each station in the spins of an artist.
with spins as (
    select artist, station, sum(spins) as spins
    from {{ ref('spins_by_day') }}
    group by 1, 2
)
select
    spins.artist,
    spins.station,
    spins.spins,
    cast(spins.spins as double precision) / artists.plays as share
from spins
join {{ source('radio_plays', 'artists') }} as artists on artists.artist_clean = spins.artist
