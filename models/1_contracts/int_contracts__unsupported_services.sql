-- One row per contract and bill of a line earned as invoiced for service that a version ends or pauses, or that an opening balance cuts (55-18).
with agreed as (
    select * from {{ ref('int_contracts__agreed') }}
    where not is_invoice_only
),

lines as (
    select
        lines.*,
        agreed.contract_id as agreed_id
    from {{ ref('int_contracts__version_lines') }} as lines
    inner join agreed
        on lines.contract_key = agreed.contract_key
    where lines.recognition_method = 'as_invoiced'
),

versions as (
    select * from {{ ref('int_contracts__versions') }}
),

-- Days without service: a version leaves the line out, pauses it, or puts its last day before the one it had.
off_days as (
    select
        lines.line_key,
        versions.effective_on as off_from_on,
        lines.in_force_before_on as off_before_on,
        versions.version
    from lines
    inner join versions
        on
            lines.agreed_id = versions.contract_id
            and lines.version_order + 1 = versions.version_order
    where versions.effective_on < lines.in_force_before_on
    union all
    select
        lines.line_key,
        versions.effective_on as off_from_on,
        versions.resumes_on as off_before_on,
        versions.version
    from lines
    inner join versions
        on
            lines.agreed_id = versions.contract_id
            and lines.version_order = versions.version_order
    where versions.change = 'pause'
    union all
    select
        lines.line_key,
        cast({{ dbt.dateadd('day', 1, 'lines.ends_on') }} as date) as off_from_on,
        lines.in_force_before_on as off_before_on,
        lines.version
    from lines
    inner join lines as earlier
        on
            lines.line_key = earlier.line_key
            and lines.version_order > earlier.version_order
    where lines.is_latest and lines.ends_on < coalesce(earlier.ends_on, cast('9999-12-31' as date))
),

billed as (
    select
        lines.contract_key,
        lines.line_key,
        lines.line_id,
        billed_lines.issued_on,
        billed_lines.starts_on,
        billed_lines.ends_on,
        concat('line ', lines.line_id, ' is earned as invoiced and invoice ', billed_lines.invoice_id, ' bills ') as bill
    from {{ ref('int_contracts__billed_lines') }} as billed_lines
    inner join lines
        on
            billed_lines.contract_key = lines.contract_key
            and billed_lines.line_id = lines.line_id
            and lines.is_latest
    where billed_lines.starts_on is not null and billed_lines.ends_on is not null and billed_lines.amount_minor <> 0
)

-- What is kept of the bill is not known: it was for service that will not be.
select distinct
    billed.contract_key,
    concat(billed.bill, 'days that version ', cast(off_days.version as {{ dbt.type_string() }}), ' ends or pauses: bill them apart') as reason
from billed
inner join off_days
    on
        billed.line_key = off_days.line_key
        and billed.starts_on < off_days.off_before_on
        and billed.ends_on >= off_days.off_from_on
union all
-- What of the bill was recognised before is in one amount with all that was.
select distinct
    billed.contract_key,
    concat(billed.bill, 'service after its opening balance that was billed or begun before: bill it apart') as reason
from billed
inner join {{ ref('int_contracts__openings') }} as openings
    on
        billed.contract_key = openings.contract_key
        and billed.line_id = openings.line_id
where
    billed.ends_on >= openings.starts_on
    and (billed.starts_on < openings.starts_on or billed.issued_on < openings.starts_on)
