"""The terminals of ``grammar/keepalived.lark`` as one pattern: reading a plain file need not import lark.

Written by ``python -m tests.syntax.test_terminals``; as a test that fails where they differ.
"""

import re

TERMINALS = re.compile(
    '(?P<OPEN>(?:(?:[^"{}#!\n]+|"[^"\n]*")*+(?:[#!][^\n]*+)?\n)*+(?:[^"{}#!\n]+|"[^"\n]*")*+\\{)'
    '|(?P<CLOSE>(?:(?:[^"{}#!\n]+|"[^"\n]*")*+(?:[#!][^\n]*+)?\n)*+(?:[^"{}#!\n]+|"[^"\n]*")*+\\})'
    '|(?P<BROKEN>(?:(?:[^"{}#!\n]+|"[^"\n]*")*+(?:[#!][^\n]*+)?\n)*+(?:[^"{}#!\n]+|"[^"\n]*")*+"[^"\n]*+\n?)'
    '|(?P<LINES>(?:(?:[^"{}#!\n]+|"[^"\n]*")*+(?:[#!][^\n]*+)?\n)++(?:[^"{}#!\n]+|"[^"\n]*")*+(?:[#!][^\n]*+)?|(?:[^"{}#!\n]+|"[^"\n]*")++(?:[#!][^\n]*+)?|[#!][^\n]*+)'
)
