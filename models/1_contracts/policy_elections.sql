-- One row per entity, book and policy: the election in force, else the default. The most specific row wins, then the latest.
with entities as (
    select * from {{ ref('input_entities') }}
),

policies as (
    select * from {{ ref('input_policies') }}
    where effective_on is null or effective_on <= cast('{{ var("as_of")[:10] }}' as date)
),

-- An entity keeps the books its elections name; with none named it keeps one, under ASC 606.
named_books as (
    select distinct
        entities.entity_id,
        policies.book
    from entities
    inner join policies
        on policies.entity_id in (entities.entity_id, '*')
    where policies.book <> '*'
),

books as (
    select
        entities.entity_id,
        coalesce(named_books.book, 'ASC606') as book
    from entities
    left join named_books
        on entities.entity_id = named_books.entity_id
),

candidates as (
    select
        books.entity_id,
        books.book,
        policies.policy,
        policies.value,
        row_number() over (
            partition by books.entity_id, books.book, policies.policy
            order by
                case when policies.entity_id = '*' then 1 else 0 end,
                case when policies.book = '*' then 1 else 0 end,
                coalesce(policies.effective_on, cast('1900-01-01' as date)) desc,
                policies.value
        ) as preference
    from books
    inner join policies
        on
            policies.entity_id in (books.entity_id, '*')
            and policies.book in (books.book, '*')
),

defaults as (
    select
        policy,
        value
    from {{ ref('policy_values') }}
    where is_default
)

select
    books.entity_id,
    books.book,
    defaults.policy,
    coalesce(candidates.value, defaults.value) as value,
    candidates.value is null as is_default
from books
cross join defaults
left join candidates
    on
        books.entity_id = candidates.entity_id
        and books.book = candidates.book
        and defaults.policy = candidates.policy
        and candidates.preference = 1
