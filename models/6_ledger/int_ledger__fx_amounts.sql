-- One row per posting of a contract in a foreign currency, as the fold returned it: its functional amount.
with folded as (
    select * from {{ ref('folded_currency') }}
)

select
    folded.contract_key,
    {{ json_field(0, 'bigint') }} as posting_no,
    {{ json_field(1, 'bigint') }} as functional_minor
from {{ json_rows_join('folded', 'folded.folded', 'amounts') }}
