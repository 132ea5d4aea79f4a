"""Lines that are no configuration: what they look like they were meant to be."""

from __future__ import annotations

import html
import re

from havipcfg.diagnostics import Diagnostic
from havipcfg.source import Source, Span
from havipcfg.syntax import problems

LOOK_ALIKES = {
    "\u201c": ('"', "a typographic quote"), "\u201d": ('"', "a typographic quote"),
    "\u201e": ('"', "a typographic quote"), "\u00ab": ('"', "a typographic quote"),
    "\u00bb": ('"', "a typographic quote"), "\u2018": ("'", "a typographic quote"),
    "\u2019": ("'", "a typographic quote"), "\uff02": ('"', "a full-width quote"),
    "\uff5b": ("{", "a full-width brace"), "\uff5d": ("}", "a full-width brace"),
    "\uff1a": (":", "a full-width colon"), "\uff0c": (",", "a full-width comma"),
    "\u3001": (",", "an ideographic comma"), "\uff0e": (".", "a full-width full stop"),
    "\u3002": (".", "an ideographic full stop"), "\uff0f": ("/", "a full-width slash"),
    "\uff08": ("(", "a full-width parenthesis"), "\uff09": (")", "a full-width parenthesis"),
    "\uff1b": (";", "a full-width semicolon"), "\uff03": ("#", "a full-width number sign"),
    "\uff01": ("!", "a full-width exclamation mark"), "\u2013": ("-", "a dash"), "\u2014": ("-", "a dash"),
    "\u2212": ("-", "a minus sign"), "\u00a0": (" ", "a no-break space"), "\u2007": (" ", "a no-break space"),
    "\u202f": (" ", "a no-break space"), "\u3000": (" ", "an ideographic space"), "\u2002": (" ", "an en space"),
    "\u2003": (" ", "an em space"), "\u2009": (" ", "a thin space"), "\u0085": (" ", "a next-line character"),
    "\u2028": (" ", "a line separator"), "\u200b": ("", "a zero-width space"),
    "\u200c": ("", "a zero-width character"), "\u200d": ("", "a zero-width character"),
    "\u2060": ("", "a zero-width character"), "\u00ad": ("", "a soft hyphen"), "\ufeff": ("", "a byte order mark"),
    "\udca0": (" ", "a no-break space"),
    **{letter: (latin, "a Cyrillic letter") for letter, latin in zip(
        "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456",
        "ABEKMHOPCTXaeopcyxi", strict=True)},
    **{letter: (latin, "a Greek letter") for letter, latin in zip(
        "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf",
        "ABEZHIKMNOPTYXo", strict=True)},
    **{chr(0xFF10 + digit): (str(digit), "a full-width digit") for digit in range(10)},
}  # fmt: skip
LOOK_ALIKE = re.compile("[" + "".join(LOOK_ALIKES) + "]")
_COMMENT = re.compile(r"(//|/\*|\*/|;|--|<!--|-->|\*\s|rem\s)", re.IGNORECASE)
_PROMPT = re.compile(
    r"(?:\[[\w.-]+@[^\]]*\]|[\w.-]+@[\w.-]+:[^\s$#]*|\w+)?[$%>]\s+\S|\[[\w.-]+@[^\]]*\]\s*(?:#|$)|[\w.-]+@[\w.-]+:"
)
_HEREDOC = re.compile(r"(?:EOF|EOT|EOL|END)\b")
_COMMAND = re.compile(
    r"(?:sudo|cat|tee|vi|vim|nano|echo|printf|export|set\s+-\w+|systemctl|service|apt|apt-get|yum|dnf|apk|ip|ifconfig|"
    r"sysctl|chmod|chown|mkdir|cp|mv|rm|cd|ls|scp|ssh|curl|wget|docker|kubectl|if|then|fi|for|while|do|done|exit|return|"
    r"source|bash|sh|killall|ps|tail|journalctl|firewall-cmd|iptables)\b(?:\s|;|$)"
)
_JSON = re.compile(r'[\[{\s]*"[\w ]+"\s*:')
_CONFLICT = re.compile(r"(?:<{7}|>{7})\s|={7}\s*$")
_TEMPLATE = re.compile(r"\{\{|\}\}|\{%|%\}|<%|%>|\$\{\w+:?[-?+=][^}]*\}")
_TRAILING = re.compile(r"(?<=\s)(//|/\*)(?=\D)")
_TAG = re.compile(r"</?[A-Za-z!?][^>]*>")
_HTML = re.compile(r"</?(?:a|b|br|body|code|div|em|html|i|li|ol|p|pre|span|strong|table|td|th|tr|tt|ul)\b[^>]*>")
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{1,6}|#x[0-9A-Fa-f]{1,5});")
_LOG = re.compile(r"(?:[A-Z][a-z]{2} [ \d]\d |\d{4}-\d\d-\d\d[T ])\d\d:\d\d:\d\d")
_LIST = re.compile(r"\S,(?:\s|$)")
_ITEM = re.compile(r"[-*•+]\s+\S")
_PLACEHOLDER = re.compile(r"<[A-Za-z_][\w .-]*>(?!.*</)|\[[A-Z_ ]+\]|%[A-Z_]+%|@[A-Z_]+@|__[A-Z_]+__")
_SECTION = re.compile(r"\[[\w .-]+\]\s*$")
_SETTING = re.compile(r"([A-Za-z_]\w*)\s*(=|:)\s*(.*)$")
_ADDRESS = re.compile(r"[0-9A-Fa-f]{1,4}:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(?:[/%\s]|$)")
"""An IPv6 address, whose first colon ends no key."""
_FENCE = re.compile(r"(?:```|~~~|---|===|\.\.\.)")


def foreign(source: Source, line: int) -> Diagnostic | None:
    """What a line that keepalived does not understand seems to be; lines count from 1."""
    place = source.line_span(line)
    text = place.text
    if text.startswith("~"):
        return None
    found = _COMMENT.match(text) or _TRAILING.search(text)
    if found:
        return problems.foreign_comment(
            Span(source, place.start + found.start(), place.end), found[1].strip(), found.start() > 0
        )
    alike = look_alike(place)
    if alike is not None:
        return alike
    if _ENTITY.search(text):
        return problems.look_alike(place, ["an HTML entity"], html.unescape(text).replace("\u00a0", " ").strip())
    if _JSON.match(text):
        return problems.foreign_format(place, "JSON", "")
    if _CONFLICT.match(text):
        advice = "keep one of the two sides, and remove the three marks"
        return problems.foreign_format(place, "the mark of a merge conflict", "", advice)
    if _TEMPLATE.search(text):
        return problems.foreign_format(place, "a template that was not filled in", "", "fill it in, and use the result")
    if _FENCE.match(text):
        return problems.foreign_format(place, "the mark of another format", "", "remove the line")
    if _HEREDOC.fullmatch(text):
        return problems.pasted_shell(place, "the end of a here-document")
    if _PROMPT.match(text):
        return problems.pasted_shell(place, "a line with a shell prompt")
    if _COMMAND.match(text):
        return problems.pasted_shell(place, "a shell command")
    if _LOG.match(text):
        return problems.pasted_shell(place, "a line of a log")
    if _HTML.match(text):
        return problems.foreign_format(place, "a tag", "", "remove the line")
    if _PLACEHOLDER.search(text):
        return problems.foreign_format(place, "a placeholder that was not filled in", "", "write what it stands for")
    if _TAG.match(text):
        return problems.foreign_format(place, "a tag", "", "remove the line")
    if _SECTION.match(text):
        return problems.foreign_format(place, "a section header", "")
    if _ITEM.match(text):
        return problems.foreign_format(place, "key: value", meant(text))
    if _LIST.search(text):
        return problems.foreign_format(place, "a list with commas", "", "write one to a line, without commas")
    if text.rstrip().endswith(";"):
        return problems.foreign_format(place, "a ; at the end", meant(text))
    found = None if _ADDRESS.match(text) else _SETTING.match(text)
    if found:
        form = "key = value" if found[2] == "=" else "key: value"
        return problems.foreign_format(place, form, meant(text))
    return None


def meant(text: str) -> str:
    """A setting as keepalived would read it, of one with look-alike characters or in another manner."""
    if not text.isascii():
        text = LOOK_ALIKE.sub(lambda match: LOOK_ALIKES[match[0]][0], text)
    text = html.unescape(text).replace("\u00a0", " ").strip(" \t;")
    item = _ITEM.match(text)
    found = _SETTING.match(text[item.end() - 1 :] if item else text)
    if found:
        return f"{found[1]} {found[3].strip()}".rstrip()
    return text.lstrip("-*•+ \t") if item else text


def look_alike(place: Span) -> Diagnostic | None:
    """The look-alike characters of a line outside its comment, or None; prose in another script is none."""
    alike = written_alike(place)
    return worded_alike(alike) if alike is not None else None


def written_alike(place: Span) -> Span | None:
    """What stands of a line outside its comment, where that holds look-alike characters."""
    text = place.text
    if text.isascii():
        return None
    comment = re.search(r"[#!]", text)
    text = text[: comment.start()].rstrip() if comment else text
    if not LOOK_ALIKE.search(text) or not LOOK_ALIKE.sub("", text).isascii():
        return None
    return Span(place.source, place.start, place.start + len(text))


def worded_alike(place: Span) -> Diagnostic:
    """What is to be said of what ``written_alike`` found."""
    names = list(dict.fromkeys(LOOK_ALIKES[character][1] for character in LOOK_ALIKE.findall(place.text)))
    instead = LOOK_ALIKE.sub(lambda match: LOOK_ALIKES[match[0]][0], place.text).strip()
    return problems.look_alike(place, names, instead)
