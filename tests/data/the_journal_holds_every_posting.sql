-- A posting of a contract to check that found no account, party or period on its way to the journal would be money that disappeared.
with targets as (
    select
        contract_key,
        role,
        cast(amount_minor as {{ wide_int() }}) as amount_minor
    from {{ ref('int_ledger__movements') }}
    where {{ period_number('entry_on') }} <= {{ through_period_no() }}
    union all
    select
        contract_key,
        role,
        cast(amount_minor as {{ wide_int() }}) as amount_minor
    from {{ ref('int_ledger__positions') }}
    where {{ period_number('entry_on') }} <= {{ through_period_no() }}
    union all
    select
        contract_key,
        role,
        cast(amount_minor as {{ wide_int() }}) as amount_minor
    from {{ ref('int_ledger__netting') }}
    where {{ period_number('entry_on') }} <= {{ through_period_no() }}
    union all
    select
        contract_key,
        role,
        cast(amount_minor as {{ wide_int() }}) as amount_minor
    from {{ ref('int_ledger__manual') }}
    where {{ period_number('entry_on') }} <= {{ through_period_no() }}
),

owed as (
    select
        contract_key,
        role,
        sum(amount_minor) as amount_minor
    from targets
    where contract_key in (select contract_key from {{ ref('changed_contracts') }})
    group by contract_key, role
),

kept as (
    select
        contract_key,
        role,
        sum(cast(amount_minor as {{ wide_int() }})) as amount_minor
    from {{ ref('ledger_postings') }}
    where contract_key in (select contract_key from {{ ref('changed_contracts') }})
    group by contract_key, role
),

-- From the target on: what is booked or drafted. What waits for a period after the last of the build is not in it.
booked as (
    select
        contract_key,
        role,
        sum(cast(amount_minor as {{ wide_int() }})) as amount_minor
    from {{ ref('booked_postings') }}
    where {{ is_to_check() }}
    group by contract_key, role
),

journal as (
    select
        contract_key,
        role,
        sum(debit - credit) as amount
    from {{ ref('journal_lines') }}
    where {{ is_to_check() }}
    group by contract_key, role
)

select
    coalesce(owed.contract_key, kept.contract_key) as contract_key,
    coalesce(owed.role, kept.role) as role
from owed
full outer join kept
    on
        owed.contract_key = kept.contract_key
        and owed.role = kept.role
where coalesce(owed.amount_minor, 0) <> coalesce(kept.amount_minor, 0)
union all
select
    coalesce(booked.contract_key, journal.contract_key) as contract_key,
    coalesce(booked.role, journal.role) as role
from booked
full outer join journal
    on
        booked.contract_key = journal.contract_key
        and booked.role = journal.role
left join {{ ref('posting_parties') }} as parties
    on coalesce(booked.contract_key, journal.contract_key) = parties.contract_key
where coalesce(journal.amount, 0) <> coalesce({{ to_major('booked.amount_minor', 'parties.minor_units') }}, 0)
