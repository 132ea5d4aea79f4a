"""Compiler, linter and verifier for keepalived clusters that share a virtual IP."""

__version__ = "0.1.0"
