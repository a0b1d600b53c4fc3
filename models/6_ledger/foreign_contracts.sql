-- One row per contract or customer balance whose currency is not the one its entity keeps its books in.
select
    contract_key,
    currency,
    functional_currency,
    minor_units,
    functional_minor_units
from {{ ref('posting_parties') }}
where currency <> functional_currency
