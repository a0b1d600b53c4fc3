{{ config(
    materialized='incremental',
    incremental_strategy=append_strategy(),
    on_schema_change='append_new_columns',
    tags=['by_contract'],
    pre_hook="{{ forget_contracts(this, ref('contracts_to_draft')) }}",
) }}
-- One row per posting not yet in the books: the target less what is posted, in its own period or, once that is closed, in the first open one.
with deltas as (
    select * from {{ ref('int_ledger__deltas') }}
),

placed as (
    select
        deltas.*,
        -- A softly closed period takes all that moves a position in it, or nothing: half of it would leave a wrong balance.
        cast(greatest(
            deltas.accounting_period_no,
            case when unwelcome.position_key is null then deltas.locked_through_no else deltas.soft_through_no end + 1
        ) as {{ dbt.type_bigint() }}) as period_no
    from deltas
    left join {{ ref('int_ledger__unwelcome') }} as unwelcome
        on deltas.position_key = unwelcome.position_key
)

select
    contract_key,
    line_key,
    entry_type,
    source_type,
    source_id,
    entry_on,
    accounting_period_no,
    period_no,
    target_cause,
    cause,
    role,
    entry_contract_key,
    amount_minor,
    functional_minor,
    rate_nano,
    party_no,
    is_correction
from placed
-- What belongs into a period after the last of this build is drafted by a build that goes that far.
where period_no <= {{ through_period_no() }}
