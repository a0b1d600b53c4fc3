{{ config(post_hook=[
    "{{ note_contracts(source('state', 'built_states'), this) }}",
    "{{ unmark_built(source('state', 'built_states'), 'fingerprint', this) }}",
]) }}
-- One row per contract to compute anew: its fingerprint is not the one it was last built from, or it is gone.
with fingerprints as (
    select * from {{ ref('contract_fingerprints') }}
),

built as (
    select * from {{ source('state', 'built_states') }}
)

select coalesce(fingerprints.contract_key, built.contract_key) as contract_key
from fingerprints
full outer join built
    on fingerprints.contract_key = built.contract_key
where
    fingerprints.fingerprint is null
    or built.fingerprint is null
    or fingerprints.fingerprint <> built.fingerprint
