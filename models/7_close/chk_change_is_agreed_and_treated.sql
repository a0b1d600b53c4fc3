-- One row per version of a contract that was recorded before it was agreed, or changes its fixed price without a treatment (invariant 13).
with contracts as (
    select * from {{ ref('contracts') }}
    where signed_on is not null and not is_invoice_only
),

versions as (
    select
        input_versions.*,
        -- The day it is by then in the easternmost time zone: an entity's own day is never later.
        cast({{ dbt.dateadd('hour', 14, 'recorded_at') }} as date) as recorded_on
    from {{ ref('input_contract_versions') }} as input_versions
    where voided_on is null
),

-- What its use or its invoices price is at the price of its day (32-40, 55-18): there is no price to treat where nothing else is promised.
fixed as (
    select distinct contract_key
    from {{ ref('version_lines') }}
    where recognition_method not in ('usage', 'as_invoiced', 'on_invoice')
),

treated as (
    select
        contract_key,
        version,
        min(treatment) as treatment
    from {{ ref('modified_obligations') }}
    group by contract_key, version
)

select
    contracts.entity_id,
    contracts.book,
    'change_is_agreed_and_treated' as rule,
    'block' as severity,
    versions.effective_on as flagged_on,
    contracts.contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    concat(contracts.contract_id, ':', cast(versions.version as {{ dbt.type_string() }})) as source_id,
    case
        when versions.recorded_on < versions.agreed_on then concat('agreed by ', cast(versions.recorded_on as {{ dbt.type_string() }}))
        else 'separate contract, prospective or catch-up'
    end as expected,
    case
        when versions.recorded_on < versions.agreed_on then concat('agreed on ', cast(versions.agreed_on as {{ dbt.type_string() }}))
        else 'no treatment'
    end as actual,
    case
        when versions.recorded_on < versions.agreed_on
            then concat(
                'Version ', cast(versions.version as {{ dbt.type_string() }}), ' of contract ', contracts.contract_id, ' was recorded on ',
                cast(versions.recorded_on as {{ dbt.type_string() }}), ' and agreed on ', cast(versions.agreed_on as {{ dbt.type_string() }}),
                ': what is not agreed is no change of the contract.'
            )
        else concat(
            'Version ', cast(versions.version as {{ dbt.type_string() }}), ' of contract ', contracts.contract_id, ' changes it and has no treatment.'
        )
    end as explanation,
    versions.recorded_at as first_seen_at
from versions
inner join contracts
    on versions.contract_id = contracts.contract_id
left join fixed
    on contracts.contract_key = fixed.contract_key
-- An offer that the signature replaced by later terms changes nothing.
left join {{ ref('contract_versions') }} as counted
    on
        contracts.contract_key = counted.contract_key
        and versions.version = counted.version
left join treated
    on
        contracts.contract_key = treated.contract_key
        and versions.version = treated.version
where
    versions.recorded_on < versions.agreed_on
    or (counted.version_order > 1 and treated.treatment is null and fixed.contract_key is not null)
