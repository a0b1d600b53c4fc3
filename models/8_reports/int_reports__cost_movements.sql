{{ config(
    materialized='incremental',
    schema='engine',
    contract={'enforced': false},
    incremental_strategy=append_strategy(),
    on_schema_change='append_new_columns',
    tags=['by_contract'],
    pre_hook="{{ forget_contracts(this, ref('contracts_to_draft')) }}",
) }}
-- One row per contract cost, or manual journal on such an asset, and period with a movement of it, in minor units (340-40-50-2).
-- What a person adds is capitalised, what a person takes away is written off.
{% set movement_type -%}
    case when postings.entry_type <> 'manual' then postings.entry_type when postings.amount_minor > 0 then 'added' else 'taken' end
{%- endset %}
select
    postings.contract_key,
    postings.source_id as cost_id,
    postings.period_no,
    {%- for movement, entry_types in [
        ('capitalized', "'cost', 'opening_balance', 'added'"), ('amortized', "'cost_amortization'"), ('impaired', "'cost_impairment'"),
        ('written_off', "'cost_write_off', 'taken'"), ('clawed_back', "'cost_clawback'"),
    ] %}
    cast(sum(case when {{ movement_type }} in ({{ entry_types }}) then postings.amount_minor else 0 end) as {{ dbt.type_bigint() }})
        as {{ movement }}_minor,
    {%- endfor %}
    cast(sum(postings.amount_minor) as {{ dbt.type_bigint() }}) as change_minor
from {{ ref('booked_postings') }} as postings
inner join {{ ref('contracts_to_draft') }} as to_draft
    on postings.contract_key = to_draft.contract_key
where postings.source_type in ('contract_cost', 'manual_journal') and postings.role = 'contract_cost_asset'
group by postings.contract_key, postings.source_id, postings.period_no
