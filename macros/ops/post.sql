{#-
  Post what is approved in a period: one INSERT moves the entries from the drafts to the ledger, for ever, as one batch for each set of books.
  Posting again, or at the same time, posts nothing twice: an entry has one id, and an id is posted once. An entry that does not balance, or that
  has a line without an account, stays a draft.

  Usage:   dbt run-operation post --args '{period: 2026-03, by: Ada}'
-#}
{% macro post(period, by, login='', entity_id=none) -%}
    {%- do prepare_ops() -%}
    {%- set who, period_no = person(by, login, 'post', entity_id), period_no_of(period) -%}
    {%- set build = complete_build() -%}
    {%- do chosen_books(entity_id) -%}
    {%- set books = [] -%}
    {%- for row in run_query(
        'select distinct entity_id, book from ' ~ ref('journal_entries') ~ " where status = 'approved' and posting_period = "
        ~ text_literal(period) ~ (' and entity_id = ' ~ text_literal(entity_id) if entity_id else '') ~ ' order by entity_id, book'
    ).rows -%}
        {%- set locked = locked_through(row[0], row[1]) -%}
        {%- if period_no <= locked -%}
            {%- do refuse(
                row[0] ~ ' ' ~ row[1] ~ ' is locked through ' ~ period_of(locked)
                ~ '; run `bin/revrec run` so that late entries move to an open period.'
            ) -%}
        {%- endif -%}
        {%- do books.append({'entity_id': row[0], 'book': row[1]}) -%}
    {%- endfor -%}
    {%- if books -%}
        {%- do atomically(batch_statements(books, period, who, build)) -%}
    {%- endif -%}
{%- endmacro %}

{#- The statements of the batches, one for each of the books, the lines first: they are the posting, the rest follows from them. -#}
{% macro batch_statements(books, period, who, build) -%}
    {%- set posted, batches, period_no = source('ops', 'posted_journal_lines'), source('ops', 'posted_batches'), period_no_of(period) -%}
    {%- set of_period = ':' ~ period ~ ':' ~ invocation_id[:8] -%}
    {%- set batch_ids = [] -%}
    {%- for chosen in books -%}
        {%- do batch_ids.append(text_literal(chosen.entity_id ~ ':' ~ chosen.book ~ of_period)) -%}
    {%- endfor -%}
    {%- set now = 'cast(' ~ text_literal(utc_now()) ~ ' as ' ~ dbt.type_timestamp() ~ ')' -%}
    {%- set given = {
        'batch_id': "concat(entries.entity_id, ':', entries.book, " ~ text_literal(of_period) ~ ')',
        'posted_by': text_literal(who.actor), 'posted_at': now, 'known_as_of': text_literal(build.as_of),
        'is_first_line': 'lines.line_no = balanced.first_line_no',
        'entry_date': 'drafts.entry_on', 'posting_period_no': 'drafts.period_no', 'entry_source_id': 'entries.source_id',
        'target_source_id': 'drafts.source_id', 'entry_contract_key': 'drafts.contract_key', 'entry_contract_id': 'drafts.contract_id',
        'entry_customer_id': 'drafts.customer_id',
    } -%}
    {%- set of_drafts = ['entry_key', 'entry_no', 'accounting_period_no', 'entry_type', 'cause', 'content_hash', 'prepared_by', 'corrects_entry_id'] -%}
    {%- set of_entries = ['description', 'approved_by', 'approved_at'] -%}
    {%- set expressions = [] -%}
    {%- for column in posted_line_columns() -%}
        {%- do expressions.append(given.get(
            column, ('drafts.' if column in of_drafts else 'entries.' if column in of_entries else 'lines.') ~ column
        )) -%}
    {%- endfor -%}
    {#- The period spares the rest of the ledger, where rows are kept in the order in which they were posted. -#}
    {%- set in_batch = ' from ' ~ posted ~ ' as lines where lines.posting_period_no = ' ~ period_no ~ ' and lines.batch_id in ('
        ~ batch_ids | join(', ') ~ ')' -%}
    {%- set of_posted = ' as drafts where drafts.period_no = ' ~ period_no ~ ' and exists (select 1' ~ in_batch ~ ' and lines.is_first_line and ' -%}
    {%- set same_day = ' and lines.entry_date = drafts.entry_on and lines.cause = drafts.cause)' -%}
    {%- set statements = [
        'insert into ' ~ posted ~ ' (' ~ posted_line_columns().keys() | join(', ') ~ ') select ' ~ expressions | join(', ')
        ~ ' from ' ~ ref('draft_lines') ~ ' as lines inner join ' ~ ref('draft_entries') ~ ' as drafts on lines.entry_id = drafts.entry_id'
        ~ ' inner join ' ~ ref('journal_entries') ~ " as entries on drafts.entry_id = entries.entry_id and entries.status = 'approved'"
        ~ ' inner join (select entry_id, min(line_no) as first_line_no from ' ~ ref('draft_lines') ~ ' where period_no = ' ~ period_no
        ~ ' group by entry_id having count(account_code) = count(*) and sum(amount_minor) = 0 and sum(functional_minor) = 0) as balanced'
        ~ ' on lines.entry_id = balanced.entry_id'
        ~ ' where ' ~ in_books(books, 'entries') ~ ' and entries.posting_period = ' ~ text_literal(period)
        ~ ' and lines.period_no = ' ~ period_no ~ ' and drafts.period_no = ' ~ period_no
        ~ ' and not exists (select 1 from ' ~ posted ~ ' as before where before.is_first_line and before.entry_id = drafts.entry_id)',
        'insert into ' ~ batches ~ ' (batch_id, entity_id, book, posting_period_no, entries, line_count, period_seq,'
        ~ ' amount_checksum, content_hash, posted_by, posted_at, known_as_of) select lines.batch_id, max(lines.entity_id), max(lines.book),'
        ~ ' max(lines.posting_period_no), count(distinct lines.entry_id), count(*), (select coalesce(max(seq), 0) from '
        ~ source('ops', 'period_events') ~ '), ' ~ posted_checksum() ~ ', ' ~ content_hash_of(posted_line_columns().keys() | list, 'lines')
        ~ ', max(lines.posted_by), max(lines.posted_at), max(lines.known_as_of)' ~ in_batch ~ ' group by lines.batch_id',
        'delete from ' ~ ref('draft_postings') ~ of_posted ~ same_fact('lines', 'drafts', 'entry_contract_key') ~ same_day,
        'delete from ' ~ ref('draft_headers') ~ of_posted ~ same_fact('lines', 'drafts', 'contract_key') ~ same_day,
        'delete from ' ~ ref('draft_numbers') ~ of_posted ~ same_fact('lines', 'drafts', 'contract_key') ~ same_day,
    ] + built_statements(in_batch, 'batch_id in (' ~ batch_ids | join(', ') ~ ')') -%}
    {%- for chosen in books -%}
        {%- set is_batch = ' from ' ~ batches ~ ' where batch_id = ' ~ batch_ids[loop.index0] -%}
        {%- do statements.append(log_row(
            who, 'post', 'batch', chosen.entity_id ~ ':' ~ chosen.book ~ of_period, entity_id=chosen.entity_id, book=chosen.book,
            after='posted in ' ~ period, where='exists (select 1' ~ is_batch ~ ')', proof="select concat('content ', max(content_hash))" ~ is_batch,
        )) -%}
    {%- endfor -%}
    {{ return(statements) }}
{%- endmacro %}

{#-
  What is left of the drafts is what the next build would draft, so that it need not; except where the rest depends on what is posted:
  - a late draft, by its cause and its period, on all that is late of what is presented with it;
  - a draft of the same fact and period, by the entry it corrects, and one of the same key, by its number.
-#}
{% macro built_statements(in_batch, is_batch) -%}
    {%- set states, drafts = source('state', 'built_states'), source('state', 'built_drafts') -%}
    {%- set of_first_lines = in_batch ~ ' and lines.is_first_line' -%}
    {%- set touched = 'contract_key in (select lines.contract_key' ~ in_batch ~ ')' -%}
    {{ return([
        'update ' ~ states ~ ' set draft_state = null where contract_key in (select late.contract_key from ' ~ ref('draft_postings')
        ~ ' as late left join ' ~ ref('known_contracts') ~ ' as contracts on late.contract_key = contracts.contract_key'
        ~ ' where (late.cause <> late.target_cause or late.period_no <> late.accounting_period_no or (late.amount_minor = 0 and late.rate_nano <> 0))'
        ~ ' and coalesce(contracts.position_key, late.contract_key) in (select coalesce(contracts.position_key, batch.contract_key)'
        ~ ' from (select distinct lines.contract_key' ~ in_batch ~ ') as batch left join ' ~ ref('known_contracts')
        ~ ' as contracts on batch.contract_key = contracts.contract_key)'
        ~ ' union all select drafts.contract_key from ' ~ ref('draft_headers') ~ ' as drafts inner join (select lines.*' ~ of_first_lines
        ~ ') as lines on ' ~ same_fact('lines', 'drafts', 'contract_key')
        ~ ' union all select drafts.contract_key from ' ~ ref('int_ledger__draft_keys') ~ ' as drafts inner join (select lines.*' ~ of_first_lines
        ~ ' and lines.entry_no > 1) as lines on lines.entry_contract_key = drafts.contract_key and lines.entry_key = drafts.entry_key)',
        'delete from ' ~ drafts ~ ' where first_period_no > 0 and ' ~ touched,
        first_drafts(drafts, ref('draft_postings'), ref('draft_states'), touched),
        'insert into ' ~ source('state', 'built_batches') ~ ' (batch_id, posting_period_no) select batch_id, posting_period_no from '
        ~ source('ops', 'posted_batches') ~ ' where ' ~ is_batch,
    ]) }}
{%- endmacro %}

{#-
  What a batch adds up to, as two sums, cheap enough for every build: a line that is changed, added or taken out changes one, and so does an
  amount that moves to another contract or line.
-#}
{% macro posted_checksum() -%}
    {%- set amount = 'lines.amount_minor + lines.functional_minor * 31' -%}
    {#- The rest of a division, so that 64 bits are enough for each line. -#}
    {%- set place = int_mod(amount, '1000003') ~ ' * (lines.line_no + 7 + ' ~ int_mod('lines.entry_contract_key', '1000003') ~ ' * 13)'
        ~ ' + lines.posting_period_no * 101 + lines.accounting_period_no * 1009 + coalesce(lines.line_key, 0) + lines.contract_key' -%}
    {%- set sums = [] -%}
    {%- for summand in [place, amount] -%}
        {%- do sums.append('cast(sum(cast(' ~ summand ~ ' as ' ~ wide_int() ~ ')) as ' ~ dbt.type_string() ~ ')') -%}
    {%- endfor -%}
    {{ return('concat(' ~ sums | join(", ':', ") ~ ')') }}
{%- endmacro %}
