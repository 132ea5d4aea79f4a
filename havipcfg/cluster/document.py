"""YAML with positions: the values of one document, and where each of them stands.

ruamel.yaml splits the text into events; the values are built here, so that hostile input is
bounded (depth, size, expansion of anchors), tags construct nothing, keys are always text,
and every key and value keeps its place. Scalars follow the YAML 1.2 core schema.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from havipcfg.cluster.codes import finding
from havipcfg.cluster.yaml_errors import explained
from havipcfg.diagnostics import Label
from havipcfg.source import Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from havipcfg.diagnostics import Diagnostic

MAXIMUM_CHARACTERS = 1_000_000
MAXIMUM_VALUES = 20_000
MAXIMUM_DEPTH = 40
MAXIMUM_DIGITS = 18

Path = tuple[str | int, ...]

_UNREADABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS: dict[str, object] = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
_WORDS |= dict.fromkeys(("true", "True", "TRUE"), True) | dict.fromkeys(("false", "False", "FALSE"), False)
_PASSWORD = re.compile(r"""((?:password|literal)["']?[ \t]*:[ \t]*)([^\s{&*#|>][^\n]*)""")
_CORE = "tag:yaml.org,2002:"
_TAGS = {None, "!"} | {_CORE + name for name in ("str", "int", "float", "bool", "null", "map", "seq")}


@dataclass(frozen=True, slots=True)
class Place:
    """Character offsets of a value, and of the key it stands under (None in a list)."""

    start: int
    end: int
    key: tuple[int, int] | None = None


@dataclass
class Document:
    """``value`` is made of dict, list, str, int, float, bool and None.

    ``source`` is the text as it may be shown: passwords written in the file are replaced by
    asterisks, so that no excerpt can print them; offsets are those of the file. ``repeating`` are the mappings
    that hold a key twice.
    """

    source: Source
    value: Any = None
    places: dict[Path, Place] = field(default_factory=dict)
    repeating: set[Path] = field(default_factory=set)

    def span(self, path: Path) -> Span:
        """The value at ``path``, or the nearest thing around it that the file holds."""
        place = self._nearest(path)
        if place.start == place.end and place.key is not None:
            return Span(self.source, *place.key)
        return Span(self.source, place.start, place.end)

    def key_span(self, path: Path) -> Span:
        """The key at ``path``, or the value where it stands in a list; the first key for the whole file."""
        place = self._nearest(path)
        if place is self.places.get(()):
            keys = [each.key for at, each in self.places.items() if len(at) == 1 and each.key is not None]
            return Span(self.source, *min(keys)) if keys else self.span(())
        return Span(self.source, *place.key) if place.key is not None else self.span(path)

    def head_span(self, path: Path) -> Span:
        """The value where it fits one line, its key otherwise: what an excerpt can show."""
        span = self.span(path)
        return span if "\n" not in span.text else self.key_span(path)

    def nearest(self, path: Path) -> Path:
        """The longest beginning of ``path`` that stands in the file.

        A list of one may stand there as its only item, so the first place of a list that the
        file does not have is passed over.
        """
        found: Path = ()
        for part in path:
            if (*found, part) in self.places:
                found = (*found, part)
            elif part != 0 or isinstance(part, str):
                break
        return found

    def _nearest(self, path: Path) -> Place:
        return self.places.get(self.nearest(path), Place(0, min(1, len(self.source.text))))


def reads_as_text(text: str) -> bool:
    """Whether a plain scalar of these characters is text, and no number, word or nothing."""
    return text not in _WORDS and not _INTEGER.fullmatch(text) and not _NUMBER.fullmatch(text)


@dataclass(slots=True)
class _Node:
    start: int
    end: int
    value: Any
    kind: str


class _Refused(Exception):  # noqa: N818  carries the one finding that ends the reading
    def __init__(self, diagnostic: Diagnostic) -> None:
        self.diagnostic = diagnostic


def masked(source: Source) -> Source:
    """The source with every password that stands in it replaced by asterisks of the same length."""
    text = _PASSWORD.sub(lambda found: found[1] + "*" * len(found[2]), source.text)
    return source if text == source.text else Source(source.name, text, source.path)


def read_document(source: Source) -> tuple[Document | None, list[Diagnostic]]:
    """Read one YAML document; None where it cannot be read, with the one finding that says why.

    Duplicate keys are findings, the first one counts.
    """
    reader = _Reader(source)
    try:
        root = reader.read()
        document = Document(reader.shown)
        document.value = reader.build(root, (), document.places, None, 0)
    except _Refused as refused:
        return None, [refused.diagnostic]
    document.source = _mask_secrets(document)
    document.repeating = reader.repeating
    return document, [
        finding(
            "CY005", f"key {text!r} is written twice", document.source.span(*second), first=document.source.span(*first)
        )
        for text, first, second in reader.duplicates
    ]


def _mask_secrets(document: Document) -> Source:
    text = document.source.text
    mappings = {path[:-1] for path in document.places if path and isinstance(path[-1], str)}
    for path, place in document.places.items():
        if path and path[-1] in ("password", "literal") and path not in mappings:
            text = text[: place.start] + re.sub(r"[^\n]", "*", text[place.start : place.end]) + text[place.end :]
    return document.source if text == document.source.text else Source(document.source.name, text, document.source.path)


class _Reader:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.shown = masked(source)
        self.anchors: dict[str, _Node | None] = {}
        self.duplicates: list[tuple[str, tuple[int, int], tuple[int, int]]] = []
        self.repeating: set[tuple[str | int, ...]] = set()
        self.values = 0

    def refuse(
        self,
        code: str,
        message: str,
        start: int,
        end: int | None = None,
        advice: str = "",
        related: tuple[Label, ...] = (),
    ) -> _Refused:
        return _Refused(finding(code, message, self._place(start, end), advice=advice, related=related))

    def _place(self, start: int, end: int | None = None) -> Span:
        length = len(self.shown.text)
        start = min(start, length)
        return self.shown.span(start, min(length, start + 1) if end is None else max(start, min(end, length)))

    def read(self) -> _Node:
        text = self.source.text
        if len(text) > MAXIMUM_CHARACTERS:
            raise self.refuse("CY006", f"the file is longer than {MAXIMUM_CHARACTERS:,} characters", 0)
        bad = _UNREADABLE.search(text, 1 if text.startswith("\ufeff") else 0)
        if bad is not None:
            character = ord(bad.group())
            what = (
                f"byte 0x{character - 0xDC00:02x}" if 0xDC80 <= character <= 0xDCFF else f"character 0x{character:02x}"
            )
            raise self.refuse(
                "CY001", f"{what} cannot stand in a YAML file", bad.start(), advice="save it as UTF-8 text"
            )
        self.events = self._events()
        self.event = next(self.events)
        self._expect("StreamStartEvent")
        if self._kind() == "StreamEndEvent":
            raise self.refuse("CY001", "the file holds no cluster", 0, advice="see havipcfg init")
        self._expect("DocumentStartEvent")
        root = self._node(0)
        self._expect("DocumentEndEvent")
        if self._kind() != "StreamEndEvent":
            raise self.refuse("CY001", "a second document begins here", *self._marks(), advice="one file, one cluster")
        return root

    def _events(self) -> Iterator[Any]:
        from ruamel.yaml import YAML
        from ruamel.yaml.error import MarkedYAMLError, YAMLError

        try:
            yield from YAML(typ="safe", pure=True).parse(self.source.text)
        except MarkedYAMLError as error:
            said = explained(self.source.text, error)
            other = () if said.related is None else (Label(self._place(said.related[0]), said.related[1]),)
            message = f"not valid YAML: {said.message}"
            raise self.refuse("CY001", message, said.at, advice=said.advice, related=other) from None
        except (
            YAMLError,
            ArithmeticError,
            AssertionError,
            AttributeError,
            LookupError,
            TypeError,
            ValueError,
        ) as error:
            at = self._marks()[0] if hasattr(self, "event") else 0
            raise self.refuse("CY001", f"not valid YAML ({type(error).__name__})", at) from None

    def _kind(self) -> str:
        return type(self.event).__name__

    def _marks(self) -> tuple[int, int]:
        return self.event.start_mark.index, self.event.end_mark.index

    def _advance(self) -> None:
        self.event = next(self.events)

    def _expect(self, kind: str) -> None:
        if self._kind() != kind:
            raise self.refuse("CY001", "not valid YAML", *self._marks())
        self._advance()

    def _node(self, depth: int) -> _Node:
        event, kind = self.event, self._kind()
        start, end = self._marks()
        self.values += 1
        if self.values > MAXIMUM_VALUES:
            raise self.refuse("CY006", f"more than {MAXIMUM_VALUES:,} values", start, end)
        if depth > MAXIMUM_DEPTH:
            raise self.refuse("CY006", f"nested deeper than {MAXIMUM_DEPTH} levels", start, end)
        if kind == "AliasEvent":
            target = self.anchors.get(event.anchor)
            if target is None:
                if event.anchor not in self.anchors:
                    raise self.refuse("CY001", f"anchor {event.anchor} is not defined before", start, end)
                raise self.refuse("CY006", f"anchor {event.anchor} stands inside itself", start, end)
            self._advance()
            return target
        tag = str(event.tag) if event.tag is not None else None
        if tag not in _TAGS:
            width = len(self.source.text[start:end].split(maxsplit=1)[0])
            raise self.refuse(
                "CY006", f"tag {tag} is not accepted", start, start + width, "a cluster is plain YAML: no tags"
            )
        anchor = event.anchor
        if anchor is not None:
            self.anchors[anchor] = None
        self._advance()
        node = _Node(start, end, None, kind)
        if kind == "ScalarEvent":
            plain = event.style is None or event.style == ""
            node.value = self._scalar(event.value, tag, plain, start, end)
            if event.style in ("|", ">"):
                node.end = start + len(self.source.text[start:end].rstrip())
        elif kind == "SequenceStartEvent":
            items = []
            while self._kind() != "SequenceEndEvent":
                items.append(self._node(depth + 1))
            node.value = items
            self._close(node, items[-1] if items else None, bool(event.flow_style))
        elif kind == "MappingStartEvent":
            pairs = []
            while self._kind() != "MappingEndEvent":
                pairs.append((self._key(), self._node(depth + 1)))
            node.value = pairs
            self._close(node, pairs[-1][1] if pairs else None, bool(event.flow_style))
        else:
            raise self.refuse("CY001", "not valid YAML", start, end)
        if anchor is not None:
            self.anchors[anchor] = node
        return node

    def _close(self, node: _Node, last: _Node | None, flow: bool) -> None:
        node.end = self._marks()[1] if flow or last is None else max(node.start, last.end)
        if node.end < node.start:
            node.end = node.start
        self._advance()

    def _key(self) -> tuple[str, int, int]:
        start, end = self._marks()
        if self._kind() != "ScalarEvent":
            raise self.refuse("CY006", "a key must be a word", start, end)
        text = str(self.event.value)
        if self.event.anchor is not None or self.event.tag not in (None, "!", _CORE + "str"):
            raise self.refuse("CY006", "a key has neither tag nor anchor", start, end)
        self._advance()
        return text, start, end

    def _scalar(self, text: str, tag: str | None, plain: bool, start: int, end: int) -> object:
        if tag in ("!", _CORE + "str") or (tag is None and not plain):
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _INTEGER.fullmatch(text):
            if len(text) > MAXIMUM_DIGITS:
                raise self.refuse("CY006", f"a number of {len(text)} digits", start, end)
            return int(text, 0) if text[:2] in ("0x", "0o") else int(text)
        if _NUMBER.fullmatch(text):
            return float(
                text.replace(".inf", "inf").replace(".Inf", "inf").replace(".INF", "inf").replace(".nan", "nan")
            )
        return text

    def build(self, node: _Node, path: Path, places: dict[Path, Place], key: tuple[int, int] | None, depth: int) -> Any:
        if len(places) > MAXIMUM_VALUES or depth > MAXIMUM_DEPTH:
            raise self.refuse("CY006", "its anchors expand to too much", node.start, node.end, "write the values out")
        places[path] = Place(node.start, node.end, key)
        if node.kind == "SequenceStartEvent":
            return [self.build(item, (*path, at), places, None, depth + 1) for at, item in enumerate(node.value)]
        if node.kind != "MappingStartEvent":
            return node.value
        value: dict[str, Any] = {}
        seen: dict[str, tuple[int, int]] = {}
        merged: list[_Node] = []
        for (text, start, end), item in node.value:
            if text == "<<":
                merged += item.value if item.kind == "SequenceStartEvent" else [item]
            elif text in seen:
                duplicate = (text, seen[text], (start, end))
                if duplicate not in self.duplicates:
                    self.duplicates.append(duplicate)
                    self.repeating.add(path)
            else:
                seen[text] = (start, end)
                value[text] = self.build(item, (*path, text), places, (start, end), depth + 1)
        for base in merged:
            if base.kind != "MappingStartEvent":
                raise self.refuse("CY006", "<< takes a mapping, or a list of them", base.start, base.end)
            for (text, start, end), item in base.value:
                if text == "<<":
                    raise self.refuse("CY006", "<< stands inside a mapping that is itself merged", start, end)
                if text not in value:
                    value[text] = self.build(item, (*path, text), places, (start, end), depth + 1)
        return value
