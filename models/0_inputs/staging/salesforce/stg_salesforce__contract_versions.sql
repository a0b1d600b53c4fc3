-- One row per activated order of a Salesforce contract: the terms as they stood from then on.
with versions as (
    select * from {{ ref('base_salesforce__versions') }}
)

select
    contract_id,
    version,
    coalesce(agreed_on, cast(activated_at as date), effective_date) as agreed_on,
    effective_date as effective_on,
    coalesce(lower(change), case when version = 1 then 'inception' else 'other' end) as change,
    cast(null as {{ dbt.type_string() }}) as treatment,
    cast(null as date) as resumes_on,
    cast(null as date) as voided_on,
    cast(null as {{ dbt.type_string() }}) as reason,
    'salesforce' as source_system,
    recorded_at
from versions
