{{ config(materialized='view') }}
-- One row per exception to a control that holds on the day of the run: somebody owns it, said why, and until when.
select
    rule,
    entity_id,
    book,
    contract_id,
    source_id,
    owner,
    reason,
    expires_on
from {{ ref('control_exceptions') }}
where
    expires_on >= cast('{{ var("as_of")[:10] }}' as date)
    and coalesce(trim(owner), '') <> ''
    and coalesce(trim(reason), '') <> ''
    and (contract_id is not null or source_id is not null)
