-- One row per contract and reason of its own why it is not accounted for.
select * from {{ ref('int_contracts__unsupported_headers') }}
union all
select * from {{ ref('int_contracts__unsupported_currency') }}
union all
select * from {{ ref('int_contracts__unsupported_lines') }}
union all
select * from {{ ref('int_contracts__unsupported_obligations') }}
union all
select * from {{ ref('int_contracts__unsupported_components') }}
union all
select * from {{ ref('int_contracts__unsupported_billing') }}
union all
select * from {{ ref('int_contracts__unsupported_events') }}
union all
select * from {{ ref('int_contracts__unsupported_credits') }}
union all
select * from {{ ref('int_contracts__unsupported_services') }}
union all
select * from {{ ref('int_contracts__unsupported_uses') }}
union all
select * from {{ ref('int_contracts__unsupported_openings') }}
union all
select * from {{ ref('int_contracts__unsupported_opening_lines') }}
union all
select * from {{ ref('int_contracts__incomplete') }}
