"""Northwind Metrics, the demo company: its Salesforce, Stripe and GoCardless as local services over a made-up two years.

with demo_company.running() as urls:
    ...  # urls["salesforce"], urls["stripe"], urls["gocardless"]
"""

from .build import CUSTOMERS, SEED, build_world
from .gocardless_api import ACCESS as GOCARDLESS_ACCESS
from .salesforce_api import CLIENT as SALESFORCE_ACCESS
from .serve import running
from .stripe_api import ACCESS as STRIPE_ACCESS
from .web import Faults
from .world import AS_OF, World

# What the services accept. They guard made-up data on loopback: nothing here is a secret.
CREDENTIALS = {"salesforce": SALESFORCE_ACCESS, "stripe": STRIPE_ACCESS, "gocardless": GOCARDLESS_ACCESS}

__all__ = ["AS_OF", "CREDENTIALS", "CUSTOMERS", "SEED", "Faults", "World", "build_world", "running"]
