{{ config(materialized='view') }}
-- One row per action of a person or the system, each hashed over the row before it.
select
    entity_id,
    book,
    seq,
    happened_at as {{ adapter.quote('at') }},
    actor,
    login,
    action,
    object_type,
    object_id,
    value_before as {{ adapter.quote('before') }},
    value_after as {{ adapter.quote('after') }},
    reason,
    previous_hash,
    row_hash as {{ adapter.quote('hash') }}
from {{ source('ops', 'audit_log') }}
