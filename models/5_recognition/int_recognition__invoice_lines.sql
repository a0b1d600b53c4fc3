-- One row per obligation of a contract with events in sequence: its price, its tax and its schedule as the fold takes them;
-- and one per amount passed through.
with events as (
    select * from {{ ref('invoice_only_events') }}
),

sequenced as (
    select distinct contract_key
    from events
),

obligations as (
    select * from {{ ref('obligations') }}
),

contracts as (
    select * from {{ ref('contracts') }}
),

prices as (
    select
        obligation_key,
        cast(sum(allocated_minor) as {{ dbt.type_bigint() }}) as allocated_minor
    from {{ ref('allocations') }}
    group by obligation_key
),

taxes as (
    select
        billings.contract_key,
        obligation_lines.obligation_key,
        cast(sum(billings.tax_minor) as {{ dbt.type_bigint() }}) as tax_minor,
        min(billings.booked_on) as booked_on
    from {{ ref('billings') }} as billings
    left join {{ ref('obligation_lines') }} as obligation_lines
        on billings.line_key = obligation_lines.line_key
    group by billings.contract_key, obligation_lines.obligation_key
),

lines as (
    select
        obligations.contract_key,
        obligations.obligation_key,
        obligations.line_no,
        prices.allocated_minor,
        coalesce(taxes.tax_minor, 0) as tax_minor,
        case
            when obligations.recognition_method = 'straight_line' then 'straight_line'
            -- Nothing of it was used, or the contract would not be accounted for.
            when obligations.recognition_method in ('units', 'milestone', 'percent_complete') then 'unused'
            else 'on_date'
        end as method,
        contracts.straight_line as convention,
        contracts.straight_line_days as days_rule,
        case when obligations.recognition_method = 'straight_line' then obligations.starts_on else obligations.satisfied_on end as from_on,
        case when obligations.recognition_method = 'straight_line' then obligations.ends_on else obligations.satisfied_on end as to_on,
        obligations.not_before_on
    from obligations
    inner join sequenced
        on obligations.contract_key = sequenced.contract_key
    inner join contracts
        on obligations.contract_key = contracts.contract_key
    inner join prices
        on obligations.obligation_key = prices.obligation_key
    left join taxes
        on obligations.obligation_key = taxes.obligation_key
    union all
    -- Tax that no obligation carries (a tax line, the tax of a discount) still belongs to the receivable.
    select
        taxes.contract_key,
        0 as obligation_key,
        1000000 as line_no,
        0 as allocated_minor,
        taxes.tax_minor,
        'on_date' as method,
        'daily' as convention,
        'even' as days_rule,
        taxes.booked_on as from_on,
        taxes.booked_on as to_on,
        cast(null as date) as not_before_on
    from taxes
    inner join sequenced
        on taxes.contract_key = sequenced.contract_key
    where taxes.obligation_key is null and taxes.tax_minor <> 0
    union all
    select
        passed_lines.contract_key,
        passed_lines.passed_key as obligation_key,
        1000000 - passed_lines.passed_key as line_no,
        passed_lines.pass_through_minor as allocated_minor,
        0 as tax_minor,
        'pass_through' as method,
        'daily' as convention,
        'even' as days_rule,
        passed_lines.booked_on as from_on,
        passed_lines.booked_on as to_on,
        cast(null as date) as not_before_on
    from {{ ref('int_recognition__passed_lines') }} as passed_lines
    inner join sequenced
        on passed_lines.contract_key = sequenced.contract_key
)

select * from lines
