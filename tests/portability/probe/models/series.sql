with given as (
    select 'three days' as what, 3 as first_no, 5 as last_no
    union all
    select 'one day', 7, 7
    union all
    select 'negative to positive', -1, 1
    union all
    select 'last before first', 5, 4
    union all
    select 'far before first', 9, 2
    union all
    select 'no first', null, 4
    union all
    select 'no last', 4, null
),

-- What was expanded before may be expanded again.
spans as (
    select
        given.*,
        {{ series_value() }} as first_series_value
    from {{ series_join('given', '1', '1') }}
)

select
    spans.what,
    {{ series_value() }} as number_value
from {{ series_join('spans', 'spans.first_no', 'spans.last_no') }}
where {{ series_value() }} <> 4
