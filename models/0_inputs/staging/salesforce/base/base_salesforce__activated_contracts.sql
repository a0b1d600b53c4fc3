{{ config(materialized='ephemeral') }}
-- One row per contract that was activated, with the legal entity of its account and the day it was signed.
with contracts as (
    select * from {{ ref('base_salesforce__contracts') }}
    where
        status = 'Activated'
        or activated_at is not null
),

accounts as (
    select * from {{ ref('base_salesforce__accounts') }}
),

won as (
    select * from {{ ref('base_salesforce__opportunities') }}
    where is_won
)

select
    contracts.id,
    contracts.contract_number,
    contracts.currency,
    contracts.account_id,
    accounts.legal_entity,
    coalesce(contracts.customer_signed_date, won.close_date) as signed_on,
    greatest(contracts._recorded_at, coalesce(contracts.activated_at, contracts._recorded_at)) as recorded_at
from contracts
left join accounts
    on contracts.account_id = accounts.id
left join won
    on contracts.opportunity = won.id
