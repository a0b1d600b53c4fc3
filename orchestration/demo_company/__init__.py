"""Northwind Metrics, the demo company: its Salesforce, Stripe and GoCardless as local services, two years of them.

with demo_company.running() as urls:
    ...  # urls["salesforce"], urls["stripe"], urls["gocardless"]
"""

from .build import CUSTOMERS, SEED, build_world
from .services import CREDENTIALS, environment, running
from .web import Faults
from .world import AS_OF, World

__all__ = ["AS_OF", "CREDENTIALS", "CUSTOMERS", "SEED", "Faults", "World", "build_world", "environment", "running"]
