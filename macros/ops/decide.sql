{#-
  Approve drafts of a period, all of them or those named: one row of ops.approvals each, bound to the hash of the content. Nobody approves
  what they prepared, and nobody counts twice.

  Usage:   dbt run-operation approve --args '{period: 2026-03, by: Ada}'
-#}
{% macro approve(period, by, login='', entity_id=none, entry_ids=[], reason=none) -%}
    {%- do prepare_ops() -%}
    {%- set who = person(by, login, 'approve', entity_id) -%}
    {%- set build = complete_build() -%}
    {%- set chosen = chosen_drafts(period, entity_id, entry_ids) -%}
    {#- Who ran the build that drafted it, or entered what it comes from. -#}
    {%- set own = '(drafts.prepared_by = ' ~ text_literal(by) ~ ' or exists (select 1 from ' ~ ref('entry_preparers') ~ ' as preparers'
        ~ ' where preparers.source_type = drafts.source_type and preparers.source_id = drafts.source_id and preparers.prepared_by = '
        ~ text_literal(by) ~ '))' -%}
    {#- The period is a part of the content; named, it spares the decisions on all others. -#}
    {%- set in_period = 'mine.posting_period_no = ' ~ period_no_of(period) ~ ' and ' if period else '' -%}
    {%- set again = 'exists (select 1 from ' ~ source('ops', 'approvals') ~ ' as mine where ' ~ in_period
        ~ "mine.entry_id = drafts.entry_id and mine.content_hash = drafts.content_hash and mine.decision = 'approved' and mine.actor = "
        ~ text_literal(by) ~ ' and mine.seq > coalesce((select max(no.seq) from '
        ~ source('ops', 'approvals') ~ " as no where no.decision = 'rejected' and no.entry_id = mine.entry_id and no.content_hash = mine.content_hash), 0))" -%}
    {%- set counted = first_row(
        'select count(case when ' ~ own ~ ' then 1 end), count(case when not ' ~ own ~ ' and not ' ~ again ~ ' then 1 end) from '
        ~ ref('draft_entries') ~ ' as drafts where ' ~ chosen
    ) -%}
    {%- if counted[0] > 0 and counted[1] == 0 -%}
        {%- do refuse(by ~ ' prepared these drafts; another person approves them.') -%}
    {%- elif counted[1] > 0 -%}
        {%- do atomically([
            decision_rows('approved', who, build, reason, chosen ~ ' and not ' ~ own ~ ' and not ' ~ again),
            log_row(who, 'approve', 'draft', period or entry_ids | join(', '), entity_id=entity_id, after=counted[1] ~ ' drafts', reason=reason),
        ]) -%}
    {%- endif -%}
{%- endmacro %}

{#- Return drafts to review, with a reason: approvals of this content count no more. What was rejected last, as it is, is not again. -#}
{% macro reject(by, reason, login='', period=none, entity_id=none, entry_ids=[]) -%}
    {%- do prepare_ops() -%}
    {%- if not reason -%}
        {%- do refuse('a rejection needs a reason: --reason TEXT.') -%}
    {%- elif not entry_ids and not period -%}
        {%- do refuse('name the drafts to reject with --entry, or a period.') -%}
    {%- endif -%}
    {%- set who = person(by, login, 'reject', entity_id) -%}
    {%- set build = complete_build() -%}
    {#- The period is a part of the content; named, it spares the decisions on all others. -#}
    {%- set in_period = 'mine.posting_period_no = ' ~ period_no_of(period) ~ ' and ' if period else '' -%}
    {%- set again = 'exists (select 1 from ' ~ source('ops', 'approvals') ~ ' as mine where ' ~ in_period
        ~ "mine.entry_id = drafts.entry_id and mine.content_hash = drafts.content_hash and mine.decision = 'rejected'"
        ~ ' and mine.seq > coalesce((select max(yes.seq) from ' ~ source('ops', 'approvals')
        ~ " as yes where yes.decision = 'approved' and yes.entry_id = mine.entry_id and yes.content_hash = mine.content_hash), 0))" -%}
    {%- set chosen = chosen_drafts(period, entity_id, entry_ids) ~ ' and not ' ~ again -%}
    {%- set counted = first_row('select count(*) from ' ~ ref('draft_entries') ~ ' as drafts where ' ~ chosen)[0] -%}
    {%- if counted > 0 -%}
        {%- do atomically([
            decision_rows('rejected', who, build, reason, chosen),
            log_row(who, 'reject', 'draft', period or entry_ids | join(', '), entity_id=entity_id, after=counted ~ ' drafts', reason=reason),
        ]) -%}
    {%- endif -%}
{%- endmacro %}

{#- The condition that picks drafts; a named draft or entity that does not exist is refused. -#}
{% macro chosen_drafts(period, entity_id, entry_ids) -%}
    {%- set chosen = [] -%}
    {%- if period -%}
        {%- do chosen.append('drafts.period_no = ' ~ period_no_of(period)) -%}
    {%- endif -%}
    {%- if entity_id -%}
        {%- do chosen_books(entity_id) -%}
        {%- do chosen.append('drafts.entity_id = ' ~ text_literal(entity_id)) -%}
    {%- endif -%}
    {%- if entry_ids -%}
        {%- set literals = [] -%}
        {%- for entry_id in entry_ids -%}
            {%- do literals.append(text_literal(entry_id)) -%}
        {%- endfor -%}
        {%- do chosen.append('drafts.entry_id in (' ~ literals | join(', ') ~ ')') -%}
        {%- set found = first_row('select count(*) from ' ~ ref('draft_entries') ~ ' as drafts where ' ~ chosen | join(' and '))[0] -%}
        {%- if found != entry_ids | unique | list | length -%}
            {%- do refuse('not every entry named is a draft' ~ (' of ' ~ period if period else '') ~ '; `bin/revrec review` lists them.') -%}
        {%- endif -%}
    {%- endif -%}
    {%- if not chosen -%}
        {%- do refuse('name a period (--period) or entries (--entry).') -%}
    {%- endif -%}
    {{ return(chosen | join(' and ')) }}
{%- endmacro %}

{% macro decision_rows(decision, who, build, reason, chosen) -%}
    {%- set approvals = source('ops', 'approvals') -%}
    {{ return(
        'insert into ' ~ approvals ~ ' (seq, entry_id, content_hash, decision, actor, login, happened_at, reason, entity_id, book,'
        ~ ' posting_period_no, entry_date, debit_minor, known_as_of) select (select coalesce(max(seq), 0) + 1 from ' ~ approvals ~ '),'
        ~ " drafts.entry_id, drafts.content_hash, '" ~ decision ~ "', " ~ text_literal(who.actor) ~ ', ' ~ text_literal(who.login)
        ~ ', cast(' ~ text_literal(utc_now()) ~ ' as ' ~ dbt.type_timestamp() ~ '), ' ~ text_literal(reason)
        ~ ', drafts.entity_id, drafts.book, drafts.period_no, drafts.entry_on, drafts.debit_minor, ' ~ text_literal(build.as_of)
        ~ ' from ' ~ ref('draft_entries') ~ ' as drafts where ' ~ chosen
    ) }}
{%- endmacro %}
