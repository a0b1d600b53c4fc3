{#- The tables of schema ops, the state that cannot be computed: every column with its type. Rows are only ever added. -#}
{% macro ops_tables() -%}
    {%- set text, number, day, moment = dbt.type_string(), dbt.type_bigint(), 'date', dbt.type_timestamp() -%}
    {{ return({
        'builds': {
            'seq': number, 'build_id': text, 'status': text, 'happened_at': moment, 'actor': text, 'login': text, 'as_of': text, 'through': text,
            'code': text,
        },
        'posted_journal_lines': posted_line_columns(),
        'posted_batches': {
            'batch_id': text, 'entity_id': text, 'book': text, 'posting_period_no': number, 'entries': number, 'line_count': number,
            'period_seq': number, 'amount_checksum': text, 'content_hash': text, 'posted_by': text, 'posted_at': moment, 'known_as_of': text,
        },
        'approvals': {
            'seq': number, 'entry_id': text, 'content_hash': text, 'decision': text, 'actor': text, 'login': text, 'happened_at': moment,
            'reason': text, 'entity_id': text, 'book': text, 'posting_period_no': number, 'entry_date': day, 'debit_minor': number,
            'known_as_of': text,
        },
        'period_events': {
            'seq': number, 'entity_id': text, 'book': text, 'kind': text, 'period_no': number, 'causes': text, 'happened_at': moment, 'actor': text,
            'login': text, 'second_actor': text, 'reason': text, 'known_as_of': text, 'through': text,
        },
        'lock_snapshots': {
            'lock_seq': number, 'entity_id': text, 'book': text, 'period': text, 'table_name': text, 'row_count': number,
            'content_hash': text,
        },
        'locked_trial_balances': {
            'lock_seq': number, 'entity_id': text, 'book': text, 'period': text, 'role': text, 'account_code': text, 'currency': text,
            'opening': 'decimal(18,3)', 'debit': 'decimal(18,3)', 'credit': 'decimal(18,3)', 'net_change': 'decimal(18,3)',
            'closing': 'decimal(18,3)', 'functional_closing': 'decimal(18,3)',
        },
        'flag_resolutions': {
            'seq': number, 'flag_id': text, 'resolution': text, 'actor': text, 'login': text, 'happened_at': moment, 'known_as_of': text,
        },
        'flag_events': {
            'seq': number, 'build_id': text, 'flag_id': text, 'kind': text, 'severity': text, 'rule': text, 'entity_id': text, 'book': text,
            'actor': text, 'happened_at': moment, 'known_as_of': text,
        },
        'export_outbox': {
            'seq': number, 'batch_id': text, 'erp': text, 'posting_period_no': number, 'entity_id': text, 'book': text, 'status': text,
            'content_hash': text, 'external_id': text, 'actor': text, 'happened_at': moment,
        },
        'settings': {'seq': number, 'kind': text, 'name': text, 'value': text},
        'audit_log': {
            'seq': number, 'happened_at': moment, 'at_text': text, 'actor': text, 'login': text, 'action': text, 'object_type': text,
            'object_id': text, 'entity_id': text, 'book': text, 'value_before': text, 'value_after': text, 'reason': text, 'previous_hash': text,
            'row_hash': text,
        },
    }) }}
{%- endmacro %}

{#- A posted line carries its entry's header, so that a batch is there or not; and the keys by which a target is compared with it. -#}
{% macro posted_line_columns() -%}
    {%- set text, number, moment, amount = dbt.type_string(), dbt.type_bigint(), dbt.type_timestamp(), 'decimal(18,3)' -%}
    {{ return({
        'batch_id': text, 'entity_id': text, 'book': text, 'entry_id': text, 'entry_key': text, 'entry_no': number, 'is_first_line': 'boolean',
        'entry_date': 'date', 'posting_period_no': number, 'accounting_period_no': number, 'entry_type': text, 'cause': text,
        'target_cause': text, 'source_type': text, 'target_source_id': text, 'entry_source_id': text, 'entry_contract_key': number,
        'entry_contract_id': text, 'entry_customer_id': text, 'description': text, 'content_hash': text, 'prepared_by': text,
        'approved_by': text, 'approved_at': moment, 'posted_by': text, 'posted_at': moment, 'known_as_of': text, 'corrects_entry_id': text,
        'line_no': number, 'contract_key': number, 'line_key': number, 'contract_line_no': number, 'role': text, 'account_code': text,
        'account_name': text, 'amount_minor': number, 'functional_minor': number, 'rate_nano': number, 'party_no': number, 'debit': amount, 'credit': amount,
        'currency': text, 'minor_units': number, 'functional_debit': amount, 'functional_credit': amount, 'functional_currency': text,
        'functional_minor_units': number, 'fx_rate': 'decimal(18,9)', 'contract_id': text, 'obligation_id': text, 'line_id': text,
        'product_id': text, 'customer_id': text, 'region': text, 'revenue_stream': text, 'source_id': text,
    }) }}
{%- endmacro %}

{#- on-run-start, and before every action: the tables exist. Nothing is ever dropped or emptied here. -#}
{% macro prepare_ops() -%}
    {%- set log = source('ops', 'audit_log') -%}
    {%- set tables = {} -%}
    {%- for name in ops_tables() -%}
        {%- do tables.update({name: source('ops', name)}) -%}
    {%- endfor -%}
    {%- if execute -%}
        {%- do run_query('create schema if not exists ' ~ log.without_identifier().include(database=false)) -%}
        {%- for name, columns in ops_tables().items() -%}
            {%- set lines = [] -%}
            {%- for column, type in columns.items() -%}
                {%- do lines.append(column ~ ' ' ~ type) -%}
            {%- endfor -%}
            {%- do run_query('create table if not exists ' ~ tables[name] ~ ' (' ~ lines | join(', ') ~ ')') -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
