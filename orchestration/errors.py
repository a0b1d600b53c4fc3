"""Errors a person can act on. Each is one clear sentence, and never holds a secret."""


class ConfigurationError(Exception):
    """Something the person who started the run must change: exit code 2."""


class StepFailed(Exception):
    """A step could not do its work although all is configured (a control blocks, a vendor refuses): exit code 1."""
