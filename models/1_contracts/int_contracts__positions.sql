-- One row per contract and book: the contract whose position it is presented in, its own or the first of its combination or netting group.
with agreed as (
    select * from {{ ref('int_contracts__agreed') }}
),

books as (
    select
        entity_id,
        book,
        position_level
    from {{ ref('entity_books') }}
),

-- The contract that a chain of combinations ends in (606-10-25-9); two that name each other end in the first of them.
rooted as (
    select
        agreed.contract_key,
        agreed.contract_id,
        agreed.entity_id,
        agreed.book,
        agreed.currency,
        agreed.netting_group,
        agreed.signed_on,
        agreed.inception_on,
        case
            when first_hop.combine_with = agreed.contract_id and agreed.contract_id < first_hop.contract_id then agreed.contract_id
            when first_hop.combine_with = agreed.contract_id then first_hop.contract_id
            else coalesce(third_hop.contract_id, second_hop.contract_id, first_hop.contract_id, agreed.contract_id)
        end as root_id
    from agreed
    left join agreed as first_hop
        on
            agreed.combine_with = first_hop.contract_id
            and agreed.book = first_hop.book
            and not first_hop.is_invoice_only
    left join agreed as second_hop
        on
            first_hop.combine_with = second_hop.contract_id
            and first_hop.book = second_hop.book
            and not second_hop.is_invoice_only
    left join agreed as third_hop
        on
            second_hop.combine_with = third_hop.contract_id
            and second_hop.book = third_hop.book
            and not third_hop.is_invoice_only
    where not agreed.is_invoice_only
),

-- A combination nets where one of its contracts does.
named as (
    select
        rooted.*,
        min(netting_group) over (partition by entity_id, book, currency, root_id) as group_name
    from rooted
),

firsts as (
    select
        named.*,
        first_value(contract_key) over (
            partition by entity_id, book, currency, group_name, case when group_name is null then root_id end
            order by
                case when signed_on is null then 1 else 0 end, coalesce(inception_on, cast('9999-12-31' as date)), contract_id
            rows between unbounded preceding and unbounded following
        ) as first_key
    from named
)

select
    firsts.contract_key,
    case when books.position_level = 'line' then firsts.contract_key else firsts.first_key end as position_key
from firsts
inner join books
    on
        firsts.entity_id = books.entity_id
        and firsts.book = books.book
union all
select
    contract_key,
    contract_key as position_key
from agreed
where is_invoice_only
