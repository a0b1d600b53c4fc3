-- One row per event on an invoice and contract it bills, in order: what it moves, and what it leaves over for the customer or recovers of a lost debt.
-- An invoice is settled as a whole: what is paid too much of one of its contracts pays what is open of the others, by way of the customer's balance.
with changed as (
    select contract_key from {{ ref('changed_contracts') }}
),

owing as (
    select
        events.*,
        greatest(balance_minor, 0) as owed_by_contract_minor
    from {{ ref('int_ledger__settlement_order') }} as events
),

{% set moment = 'partition by invoice_id, book, occurred_on, entry_type, source_id' -%}
compared as (
    select
        owing.*,
        greatest(sum(balance_minor) over ({{ moment }}), 0) as open_minor,
        greatest(-sum(balance_minor) over ({{ moment }}), 0) as overpaid_minor,
        {% for weight, name in [('owed_by_contract_minor', 'owed'), ('lost_minor', 'lost')] -%}
            sum({{ weight }}) over ({{ moment }} order by contract_no rows between unbounded preceding and current row) as {{ name }}_upto_minor,
            sum({{ weight }}) over ({{ moment }}) as {{ name }}_whole_minor{{ ',' if not loop.last }}
        {% endfor %}
    from owing
    where contract_count > 1
),

-- What exceeds the receivable recovers a written-off debt first; the rest is owed to the customer.
excess as (
    {%- set columns = [
        'contract_key', 'invoice_id', 'occurred_on', 'precedence', 'entry_type', 'source_type', 'source_id', 'receivable_minor', 'settled_role',
        'net_minor', 'tax_minor', 'owed_minor', 'is_beside',
    ] | join(',\n        ') %}
    select
        {{ columns }},
        greatest(-balance_minor, 0) as excess_minor,
        least(greatest(-balance_minor, 0), lost_minor) as recovered_minor
    from owing
    where contract_count = 1
    union all
    select
        {{ columns }},
        {{ weighed_share('open_minor', 'contract_no', 'owed_by_contract_minor', 'owed_upto_minor', 'owed_whole_minor') }}
            - balance_minor as excess_minor,
        {{ weighed_share('least(overpaid_minor, lost_whole_minor)', 'contract_no', 'lost_minor', 'lost_upto_minor', 'lost_whole_minor') }}
            as recovered_minor
    from compared
),

moved as (
    select
        excess.*,
        excess_minor - lag(excess_minor, 1, 0) over (
            partition by contract_key, invoice_id order by occurred_on, precedence, source_id
        ) as excess_change_minor,
        recovered_minor - lag(recovered_minor, 1, 0) over (
            partition by contract_key, invoice_id order by occurred_on, precedence, source_id
        ) as recovered_change_minor
    from excess
)

select
    moved.contract_key,
    moved.invoice_id,
    moved.occurred_on,
    moved.entry_type,
    moved.source_type,
    moved.source_id,
    moved.receivable_minor,
    moved.settled_role,
    moved.net_minor,
    moved.tax_minor,
    moved.owed_minor,
    moved.is_beside,
    cast(moved.excess_change_minor as {{ dbt.type_bigint() }}) as excess_change_minor,
    cast(moved.recovered_change_minor as {{ dbt.type_bigint() }}) as recovered_change_minor
from moved
inner join changed
    on moved.contract_key = changed.contract_key
