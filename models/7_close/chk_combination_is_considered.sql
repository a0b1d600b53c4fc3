-- One row per contract signed within days of another of its customer, not combined with it, with no conclusion why (invariant 18).
with contracts as (
    select * from {{ ref('known_contracts') }}
    where signed_on is not null and not is_invoice_only
),

threshold as (
    select cast(threshold as {{ dbt.type_bigint() }}) as days
    from {{ ref('control_thresholds') }}
    where rule = 'combination_is_considered'
),

concluded as (
    select distinct contract_id
    from {{ ref('input_judgments') }}
    where topic = 'combination'
),

followed as (
    select
        contracts.*,
        lag(contract_id) over (partition by entity_id, book, customer_id order by signed_on, contract_id) as earlier_contract_id,
        lag(signed_on) over (partition by entity_id, book, customer_id order by signed_on, contract_id) as earlier_signed_on,
        lag(group_key) over (partition by entity_id, book, customer_id order by signed_on, contract_id) as earlier_group_key
    from contracts
)

select
    followed.entity_id,
    followed.book,
    'combination_is_considered' as rule,
    'review' as severity,
    followed.signed_on as flagged_on,
    followed.contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    followed.contract_id as source_id,
    concat('combined with ', followed.earlier_contract_id, ', or a judgment on topic combination') as expected,
    'neither' as actual,
    concat(
        'Contract ', followed.contract_id, ' was signed on ', cast(followed.signed_on as {{ dbt.type_string() }}), ', contract ',
        followed.earlier_contract_id, ' of the same customer on ', cast(followed.earlier_signed_on as {{ dbt.type_string() }}),
        ': decide whether they are one (606-10-25-9).'
    ) as explanation,
    followed.recorded_at as first_seen_at
from followed
cross join threshold
left join concluded
    on followed.contract_id = concluded.contract_id
left join concluded as concluded_before
    on followed.earlier_contract_id = concluded_before.contract_id
where
    followed.earlier_group_key <> followed.group_key
    and {{ day_number('followed.signed_on') }} - {{ day_number('followed.earlier_signed_on') }} <= threshold.days
    and concluded.contract_id is null
    and concluded_before.contract_id is null
