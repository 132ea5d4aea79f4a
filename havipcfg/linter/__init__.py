"""Judging configurations: discovery, rules, suppressions, fixes."""
