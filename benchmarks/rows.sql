-- A company of made-up contracts, written straight into the input layer. Every draw is a hash of a number, so each engine, version and
-- run gets the same rows. Variables: contracts; invoice_only, amended, credited and foreign (in thousandths); first_on, last_on (nothing is known
-- after it); roles (a file).

-- A number from 0 below `n`, drawn for `no`; different for each `what`.
create or replace temp macro draw(no, what, n) as
    cast('0x' || left(md5(concat(what, ':', no)), 15) as bigint) % n;

create or replace temp macro product_of(no, kind) as
    case kind
        when 'platform' then 'PLATFORM-' || (1 + draw(no, 'platform', 5))
        when 'support' then 'SUPPORT-' || (1 + draw(no, 'support', 3))
        when 'addon' then 'ADDON-' || (1 + draw(no, 'addon', 2))
        else upper(kind)
    end;

insert into inputs.input_entities by name
select
    entity_id,
    entity_name,
    currency as functional_currency,
    currency as reporting_currency,
    'monthly' as calendar,
    '01-01' as fiscal_year_start,
    'UTC' as timezone,
    'file_drop' as source_system,
    timestamp '2020-01-01' as recorded_at
from (values ('us', 'Benchmark Inc.', 'USD'), ('eu', 'Benchmark B.V.', 'EUR'), ('uk', 'Benchmark Ltd.', 'GBP')) as entities(entity_id, entity_name, currency);

-- One entity spreads by months, the others by days (the default).
insert into inputs.input_policies by name
select 'eu' as entity_id, 'ASC606' as book, 'straight_line' as policy, 'monthly_prorated_ends' as value, 'file_drop' as source_system,
    timestamp '2020-01-01' as recorded_at;

insert into inputs.input_products by name
select
    product_id,
    product_id as product_name,
    revenue_stream,
    recognition_method,
    true as is_distinct,
    'principal' as role,
    'file_drop' as source_system,
    timestamp '2020-01-01' as recorded_at
from (values
    ('PLATFORM-1', 'subscription', 'straight_line'), ('PLATFORM-2', 'subscription', 'straight_line'),
    ('PLATFORM-3', 'subscription', 'straight_line'), ('PLATFORM-4', 'subscription', 'straight_line'),
    ('PLATFORM-5', 'subscription', 'straight_line'), ('SUPPORT-1', 'support', 'straight_line'),
    ('SUPPORT-2', 'support', 'straight_line'), ('SUPPORT-3', 'support', 'straight_line'),
    ('ADDON-1', 'subscription', 'straight_line'), ('ADDON-2', 'subscription', 'straight_line'),
    ('SETUP', 'services', 'point_in_time'), ('USAGE', 'usage', 'usage')
) as products(product_id, revenue_stream, recognition_method);

-- List prices for each unit and month; setup has a price of its own. Everything but usage sells below them, so prices are shared.
insert into inputs.input_standalone_selling_prices by name
select
    products.product_id,
    entities.functional_currency as currency,
    date '2020-01-01' as valid_from,
    case when products.product_id = 'SETUP' then 'each' else 'month' end as unit,
    case when products.product_id = 'SETUP' then 250000 else 1500 + draw(products.product_id, 'price', 3000) end as price_minor,
    'observable' as method,
    'file_drop' as source_system,
    timestamp '2020-01-01' as recorded_at
from inputs.input_products as products
cross join inputs.input_entities as entities
where products.product_id <> 'USAGE';

-- A rate for each month, where some contracts are in another currency than their books.
insert into inputs.input_fx_rates by name
select
    cast(months.rate_on as date) as rate_on,
    pairs.from_currency,
    pairs.to_currency,
    cast((9000 + draw(concat(pairs.from_currency, months.rate_on), 'rate', 4000)) as decimal(18, 9)) / 10000 as rate,
    'spot' as kind,
    'file_drop' as source_system,
    cast(months.rate_on as timestamp) as recorded_at
from (values ('EUR', 'USD'), ('GBP', 'EUR'), ('USD', 'GBP')) as pairs(from_currency, to_currency)
cross join (
    select unnest(generate_series(getvariable('first_on') - interval 1 month, getvariable('last_on'), interval 1 month)) as rate_on
) as months
where getvariable('foreign') > 0;

insert into inputs.input_account_mappings by name
select
    role,
    cast(1000 + 10 * role_no as text) as account_code,
    role as account_name,
    'file_drop' as source_system,
    timestamp '2020-01-01' as recorded_at
from read_csv(getvariable('roles'), header = true);

create or replace temp table drawn as
with numbers as (
    select range as no from range(1, getvariable('contracts') + 1)
),

placed as (
    select
        no,
        draw(no, 'invoice_only', 1000) < getvariable('invoice_only') as is_invoice_only,
        draw(no, 'amended', 1000) < getvariable('amended') as is_amended,
        draw(no, 'credited', 1000) < getvariable('credited') as is_credited,
        draw(no, 'foreign', 1000) < getvariable('foreign') as is_foreign,
        case draw(no, 'entity', 10) when 9 then 'uk' when 8 then 'eu' when 7 then 'eu' when 6 then 'eu' else 'us' end as entity_id,
        1 + draw(no, 'customer', greatest(getvariable('contracts') // 3, 1)) as customer_no,
        -- Half of them start on the first of a month.
        cast(getvariable('first_on') + to_months(cast(draw(no, 'month', 36) as integer)) as date)
        + cast(draw(no, 'first', 2) * draw(no, 'day', 28) as integer) as starts_on,
        1 + draw(no, 'years', 3) as years
    from numbers
)

select
    placed.* replace (case when is_invoice_only then 1 else years end as years),
    case when is_invoice_only then null else 'C' || lpad(cast(no as text), 9, '0') end as contract_id,
    entity_id || '-' || customer_no as customer_id,
    case
        when not is_foreign then entities.functional_currency
        when entities.functional_currency = 'EUR' then 'GBP'
        when entities.functional_currency = 'GBP' then 'USD'
        else 'EUR'
    end as currency,
    starts_on - cast(draw(no, 'signed', 20) as integer) as signed_on
from placed
inner join inputs.input_entities as entities using (entity_id);

-- Three lines each: a platform, its support, and an add-on, a setup fee or metered usage (an invoice without a contract meters nothing).
create or replace temp table drawn_lines as
with kinds as (
    select
        drawn.*,
        line_no,
        3 * drawn.no + line_no as seed,
        case
            when line_no = 1 then 'platform'
            when line_no = 2 then 'support'
            when draw(drawn.no, 'third', 10) in (0, 1) then 'setup'
            when draw(drawn.no, 'third', 10) = 2 and not drawn.is_invoice_only then 'usage'
            else 'addon'
        end as kind
    from drawn
    cross join (values (1), (2), (3)) as three(line_no)
)

select
    kinds.no,
    kinds.line_no,
    'L' || kinds.line_no as line_id,
    kinds.kind,
    product_of(kinds.seed, kinds.kind) as product_id,
    case when kinds.kind in ('setup', 'usage') then 1 else 1 + draw(kinds.seed, 'quantity', 40) end as quantity,
    case when kinds.kind = 'setup' then kinds.starts_on + 14 else kinds.starts_on end as starts_on,
    case when kinds.kind <> 'setup' then cast(kinds.starts_on + to_years(cast(kinds.years as integer)) as date) - 1 end as ends_on,
    kinds.years,
    -- The list price less up to a fifth, and odd cents.
    case
        when kinds.kind = 'usage' then 0
        when kinds.kind = 'setup' then 200000 + draw(kinds.seed, 'cents', 50000)
        else prices.price_minor * (1 + draw(kinds.seed, 'quantity', 40)) * 12 * kinds.years
            * (80 + draw(kinds.seed, 'discount', 20)) // 100 + draw(kinds.seed, 'cents', 100)
    end as amount_minor
from kinds
left join inputs.input_standalone_selling_prices as prices
    on product_of(kinds.seed, kinds.kind) = prices.product_id and kinds.currency = prices.currency;

insert into inputs.input_customers by name
select
    customer_id,
    'Customer ' || customer_id as customer_name,
    any_value(entity_id) as entity_id,
    ['NA', 'EMEA', 'APAC'][1 + draw(customer_id, 'region', 3)] as region,
    ['enterprise', 'small'][1 + draw(customer_id, 'segment', 2)] as segment,
    'file_drop' as source_system,
    timestamp '2020-01-01' as recorded_at
from drawn
group by customer_id
order by min(no);

insert into inputs.input_contracts by name
select contract_id, customer_id, entity_id, currency, signed_on, 'file_drop' as source_system, signed_on as recorded_at
from drawn
where not is_invoice_only;

insert into inputs.input_contract_versions by name
select contract_id, 1 as version, signed_on as agreed_on, starts_on as effective_on, 'inception' as change, 'file_drop' as source_system,
    signed_on as recorded_at
from drawn
where not is_invoice_only;

insert into inputs.input_contract_lines by name
select
    drawn.contract_id,
    1 as version,
    lines.line_id,
    lines.product_id,
    lines.quantity,
    case when lines.kind = 'usage' then 0.05 end as unit_price,
    lines.amount_minor,
    lines.starts_on,
    lines.ends_on,
    case when lines.kind = 'setup' then 'once' else 'annual' end as billing_frequency,
    case when lines.kind = 'usage' then 'arrears' else 'advance' end as billing_timing,
    'file_drop' as source_system,
    drawn.signed_on as recorded_at
from drawn_lines as lines
inner join drawn using (no)
where not drawn.is_invoice_only;

-- An amendment: half the term gone, the platform line doubles for what is left.
insert into inputs.input_contract_versions by name
select contract_id, 2 as version, effective_on as agreed_on, effective_on, 'upsell' as change, 'file_drop' as source_system,
    effective_on as recorded_at
from (select *, starts_on + cast(183 * years as integer) as effective_on from drawn)
where is_amended and not is_invoice_only and effective_on <= getvariable('last_on');

insert into inputs.input_contract_lines by name
select
    lines.* replace (
        2 as version,
        case when lines.line_id = 'L1' then lines.quantity * 2 else lines.quantity end as quantity,
        case when lines.line_id = 'L1' then lines.amount_minor + lines.amount_minor // 2 else lines.amount_minor end as amount_minor,
        versions.effective_on as recorded_at
    )
from inputs.input_contract_lines as lines
inner join inputs.input_contract_versions as versions
    on lines.contract_id = versions.contract_id and versions.version = 2;

-- Metered at each month's end, five cents a unit.
insert into inputs.input_usage by name
with months as (
    select
        drawn.contract_id,
        lines.line_id,
        lines.no,
        lines.ends_on,
        unnest(range(0, 12 * lines.years)) as month_no,
        lines.starts_on
    from drawn_lines as lines
    inner join drawn using (no)
    where lines.kind = 'usage'
),

used as (
    select
        *,
        least(last_day(cast(starts_on + to_months(cast(month_no as integer)) as date)), ends_on) as used_on,
        1000 + draw(no * 36 + month_no, 'used', 100000) as quantity
    from months
)

select
    contract_id || '-U' || lpad(cast(month_no as text), 2, '0') as usage_id,
    contract_id,
    line_id,
    used_on,
    quantity,
    5 * quantity as amount_minor,
    'file_drop' as source_system,
    used_on as recorded_at
from used
where used_on <= getvariable('last_on');

-- A bill at the start of every year of the term: a year of service in advance, setup with the first, the usage of the year before.
create or replace temp table billed as
with years as (
    select
        drawn.*,
        coalesce(contract_id, 'S' || lpad(cast(no as text), 9, '0')) || '-I' || year_no as invoice_id,
        year_no,
        cast(starts_on + to_years(cast(year_no as integer)) as date) as issued_on,
        cast(starts_on + to_years(cast(year_no + 1 as integer)) as date) - 1 as year_ends_on
    from (select *, unnest(range(0, years + 1)) as year_no from drawn) as drawn
),

usage_of_years as (
    select
        years.invoice_id,
        usage.line_id,
        cast(sum(usage.quantity) as bigint) as quantity,
        cast(sum(usage.amount_minor) as bigint) as amount_minor
    from years
    inner join inputs.input_usage as usage
        on
            years.contract_id = usage.contract_id
            and usage.used_on >= cast(years.issued_on - to_years(1) as date)
            and usage.used_on < years.issued_on
    group by years.invoice_id, usage.line_id
)

select
    years.*,
    lines.line_id,
    lines.product_id,
    case when lines.kind = 'usage' then usage_of_years.quantity else lines.quantity end as quantity,
    case
        when lines.kind = 'usage' then usage_of_years.amount_minor
        when lines.kind = 'setup' then lines.amount_minor
        else lines.amount_minor * (years.year_no + 1) // years.years - lines.amount_minor * years.year_no // years.years
    end as amount_minor,
    case
        when lines.kind = 'usage' then cast(years.issued_on - to_years(1) as date)
        when lines.kind <> 'setup' then years.issued_on
    end as line_starts_on,
    case when lines.kind = 'usage' then years.issued_on - 1 when lines.kind <> 'setup' then years.year_ends_on end as line_ends_on
from years
inner join drawn_lines as lines using (no)
left join usage_of_years using (invoice_id, line_id)
where
    years.issued_on <= getvariable('last_on')
    and case lines.kind when 'usage' then usage_of_years.amount_minor > 0 when 'setup' then year_no = 0 else year_no < years.years end;

insert into inputs.input_invoices by name
select distinct
    invoice_id, customer_id, entity_id, currency, issued_on, issued_on + 30 as due_on, contract_id, 'file_drop' as source_system,
    issued_on as recorded_at
from billed
order by invoice_id;

insert into inputs.input_invoice_lines by name
select
    invoice_id,
    invoice_id || '-' || line_id as invoice_line_id,
    contract_id,
    case when contract_id is not null then line_id end as line_id,
    product_id,
    amount_minor,
    line_starts_on as starts_on,
    line_ends_on as ends_on,
    quantity,
    'charge' as kind,
    'file_drop' as source_system,
    issued_on as recorded_at
from billed
order by invoice_line_id;

-- A tenth of the first platform bill is credited.
insert into inputs.input_credit_notes by name
select
    invoice_id || '-N' as credit_note_id, invoice_id, customer_id, issued_on + 45 as issued_on, 'price_change' as reason,
    'receivable' as settled_by, 'file_drop' as source_system, issued_on + 45 as recorded_at
from billed
where is_credited and year_no = 0 and line_id = 'L1' and issued_on + 45 <= getvariable('last_on');

insert into inputs.input_credit_note_lines by name
select
    notes.credit_note_id,
    notes.credit_note_id || '-1' as credit_note_line_id,
    lines.invoice_line_id,
    lines.amount_minor // 10 as amount_minor,
    notes.source_system,
    notes.recorded_at
from inputs.input_credit_notes as notes
inner join inputs.input_invoice_lines as lines
    on notes.invoice_id || '-L1' = lines.invoice_line_id;

-- Nineteen of twenty bills are paid in full, within two months.
insert into inputs.input_payments by name
with totals as (
    select
        invoice_id,
        cast(sum(amount_minor) as bigint) as amount_minor
    from inputs.input_invoice_lines
    group by invoice_id
),

paid as (
    select
        invoices.*,
        totals.amount_minor,
        issued_on + cast(draw(invoice_id, 'paid_on', 60) as integer) as occurred_on
    from inputs.input_invoices as invoices
    inner join totals using (invoice_id)
    where draw(invoice_id, 'paid', 20) > 0
)

select
    invoice_id || '-P' as payment_id, 'payment' as kind, customer_id, entity_id, invoice_id, occurred_on, currency, amount_minor,
    'file_drop' as source_system, occurred_on as recorded_at
from paid
where occurred_on <= getvariable('last_on');
