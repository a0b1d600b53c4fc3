"""Errors a person can act on."""


class ConfigurationError(Exception):
    """Something the person who started the run must change: one clear sentence, exit code 2."""
