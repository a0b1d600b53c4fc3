-- One row per credit note and contract that leaves the customer a balance: what of it no refund pays out that names the note.
with moved as (
    select
        contract_key,
        credit_note_id,
        amount_minor + tax_minor as amount_minor
    from {{ ref('int_ledger__credits') }}
    where settled_by = 'customer_balance'
    union all
    select
        contract_key,
        credit_note_id,
        -amount_minor as amount_minor
    from {{ ref('int_ledger__receipts') }}
    where kind = 'refund' and credit_note_id is not null
)

select
    contract_key,
    credit_note_id,
    cast(sum(amount_minor) as {{ dbt.type_bigint() }}) as granted_minor
from moved
group by contract_key, credit_note_id
having sum(amount_minor) > 0
