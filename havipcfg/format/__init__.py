"""The layout of keepalived.conf: indentation, braces, blanks and comments, and nothing that keepalived reads."""

from havipcfg.format.job import Formatted, format_source

__all__ = ["Formatted", "format_source"]
