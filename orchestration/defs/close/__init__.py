"""The nightly run and the monthly close."""
