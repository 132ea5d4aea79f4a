"""The typed language of keepalived.conf: a pydantic class per block, a field per keyword.

The classes are the only table of keywords. Unknown keywords, ranges, versions, the printer,
the formatter's order, the keyword reference and the tests' strategies are derived from them.
"""
