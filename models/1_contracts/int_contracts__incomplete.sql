-- One row per contract and input table in which a row of it, or of an invoice that bills it, was rejected; or whose lines are missing or have no term.
with billed_lines as (
    select * from {{ ref('int_contracts__billed_lines') }}
),

agreed as (
    select * from {{ ref('int_contracts__agreed') }}
),

terms as (
    select * from {{ ref('int_contracts__terms') }}
),

incomplete as (
    select * from {{ ref('incomplete_contracts') }}
),

reasons as (
    select
        agreed.contract_key,
        concat('a row of it in ', incomplete.input_table, ' was rejected (rejected_inputs says why)') as reason
    from agreed
    inner join incomplete
        on agreed.contract_id = coalesce(incomplete.contract_id, incomplete.invoice_id)
    union all
    select
        billed_lines.contract_key,
        concat('a row of its invoice ', billed_lines.invoice_id, ' in ', incomplete.input_table, ' was rejected (rejected_inputs says why)')
            as reason
    from billed_lines
    inner join incomplete
        on billed_lines.invoice_id = incomplete.invoice_id
)

select distinct
    contract_key,
    reason
from reasons
union all
select
    agreed.contract_key,
    'none of its lines was accepted' as reason
from agreed
left join terms
    on agreed.contract_key = terms.contract_key
where not agreed.is_invoice_only and terms.contract_key is null
union all
select
    contract_key,
    concat('line ', line_id, ' is earned over a term and has no first or last day') as reason
from terms
where recognition_method = 'straight_line' and not is_discount and (starts_on is null or ends_on is null)
