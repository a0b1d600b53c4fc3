-- An exception that nobody owns, that gives no reason, has no end or excepts a whole control is a control switched off.
with controls as (
    select distinct replace(evidence, 'chk_', '') as rule
    from {{ ref('control_index') }}
    where shown_by = 'check'
)

select exceptions.*
from {{ ref('control_exceptions') }} as exceptions
left join controls
    on exceptions.rule = controls.rule
where
    controls.rule is null
    or coalesce(trim(exceptions.owner), '') = ''
    or coalesce(trim(exceptions.reason), '') = ''
    or exceptions.expires_on is null
    or (exceptions.contract_id is null and exceptions.source_id is null)
