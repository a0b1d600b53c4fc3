-- An invoice line that is in neither place is a receivable, a tax and a price the books never heard of.
select
    lines.contract_key,
    lines.invoice_id,
    lines.invoice_line_id,
    lines.book
from {{ ref('int_contracts__billed_lines') }} as lines
left join {{ ref('known_billings') }} as billings
    on
        lines.contract_key = billings.contract_key
        and lines.invoice_id = billings.invoice_id
        and lines.invoice_line_id = billings.invoice_line_id
left join (select distinct contract_key from {{ ref('contracts_not_accounted') }}) as refused
    on lines.contract_key = refused.contract_key
where (billings.contract_key is null) = (refused.contract_key is null)
