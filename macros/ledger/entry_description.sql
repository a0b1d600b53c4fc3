{#- What a draft entry says of itself, for a person. A late entry says which period it belongs to. -#}
{% macro entry_description() -%}
    concat(
        case entry_type
            when 'revenue' then concat('Revenue of ', accounting_period)
            when 'reclassification' then concat('Earned but not billed at the end of ', accounting_period)
            when 'fx_remeasurement' then concat('Balances at the closing rate of ', accounting_period)
            when 'invoice' then concat('Invoice ', source_id)
            when 'manual' then memo
            when 'netting' then concat('Presented with its group at the end of ', accounting_period)
            else concat(upper(substring(entry_type, 1, 1)), replace(substring(entry_type, 2, 40), '_', ' '), ' ', source_id)
        end,
        case when contract_id is null then '' else concat(', contract ', contract_id) end,
        case when accounting_period = period then '' else concat(', booked late in ', period) end
    )
{%- endmacro %}

{#- How many people must approve a draft: two where its debits in the books' currency are over the entity's limit. -#}
{% macro approvals_needed(drafts, books) -%}
    case
        when {{ books }}.second_approval_above = 'none' then 1
        when {{ to_major(drafts ~ '.functional_debit_minor', books ~ '.functional_minor_units') }}
            > cast(nullif({{ books }}.second_approval_above, 'none') as decimal(18, 3)) then 2
        else 1
    end
{%- endmacro %}
