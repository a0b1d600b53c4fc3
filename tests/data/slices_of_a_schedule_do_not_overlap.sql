-- Two slices on one day would recognise the day twice.
with ordered as (
    select
        contract_key,
        schedule_key,
        slice_from_on,
        slice_to_on,
        lead(slice_from_on) over (partition by schedule_key, cause order by slice_from_on, slice_to_on) as next_from_on
    from {{ ref('schedule_segments') }}
)

select *
from ordered
where slice_to_on < slice_from_on or next_from_on <= slice_to_on
