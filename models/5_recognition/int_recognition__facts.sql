-- One row per contract with events in sequence: its obligations and events as one text, the argument of the fold.
with events as (
    select * from {{ ref('contract_events') }}
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
        case when obligations.recognition_method = 'straight_line' then 'straight_line' else 'on_date' end as method,
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
),

line_texts as (
    select
        contract_key,
        line_no,
        concat(
            '[', obligation_key, ',', line_no, ',', allocated_minor, ',', tax_minor, ',"', method, '","', convention, '","', days_rule, '",',
            {{ day_number('from_on') }}, ',', {{ day_number('to_on') }}, ',',
            coalesce(cast({{ day_number('not_before_on') }} as {{ dbt.type_string() }}), 'null'), ']'
        ) as line_text
    from lines
),

event_texts as (
    select
        contract_key,
        event_no,
        concat(
            '[', event_no, ',', {{ day_number('occurred_on') }}, ',"', kind, '",',
            coalesce(cast(obligation_key as {{ dbt.type_string() }}), 'null'), ',',
            coalesce(cast(amount_minor as {{ dbt.type_string() }}), 'null'), ',', tax_minor, ',"', coalesce(manner, ''), '"]'
        ) as event_text
    from events
),

lines_of_contracts as (
    select
        contract_key,
        {{ dbt.listagg('line_text', "','", 'order by line_no') }} as lines_text
    from line_texts
    group by contract_key
),

events_of_contracts as (
    select
        contract_key,
        {{ dbt.listagg('event_text', "','", 'order by event_no') }} as events_text
    from event_texts
    group by contract_key
)

select
    lines_of_contracts.contract_key,
    concat('{"lines":[', lines_of_contracts.lines_text, '],"events":[', events_of_contracts.events_text, ']}') as facts
from lines_of_contracts
inner join events_of_contracts
    on lines_of_contracts.contract_key = events_of_contracts.contract_key
