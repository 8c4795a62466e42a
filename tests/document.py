"""An HTML answer as a tree, read with the standard library: enough to press buttons and to review."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

EMPTY = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")
)
# A new one of these ends the one before it, where its end was left out.
ENDS_ITSELF = frozenset(("li", "option", "p", "tr", "td", "th", "dt", "dd"))
UNSEEN = frozenset(("script", "style", "template", "head"))


class Node:
    """An element: its tag, its attributes, and what stands in it."""

    def __init__(self, tag: str, attrs: dict[str, str], parent: Node | None) -> None:
        self.tag, self.attrs, self.parent = tag, attrs, parent
        self.children: list[Node | str] = []

    def __repr__(self) -> str:
        attrs = "".join(f' {name}="{value}"' for name, value in self.attrs.items())
        return f"<{self.tag}{attrs}>"

    def __getitem__(self, name: str) -> str:
        return self.attrs[name]

    def get(self, name: str, default: str = "") -> str:
        """An attribute, or `default`."""
        return self.attrs.get(name, default)

    def has(self, name: str) -> bool:
        """Whether the attribute is there, with or without a value."""
        return name in self.attrs

    def all(self, *tags: str, **attrs: str) -> list[Node]:
        """Every element below with one of these tags (any, if none is named) and these attributes."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attrs.items()}
        return [
            node
            for node in self._below()
            if (not tags or node.tag in tags)
            and all(node.attrs.get(name) == value for name, value in wanted.items())
        ]

    def first(self, *tags: str, **attrs: str) -> Node | None:
        """The first of `all`, or None."""
        return next(iter(self.all(*tags, **attrs)), None)

    def inside(self, *tags: str) -> Node | None:
        """The nearest element around this one with one of these tags, or None."""
        node = self.parent
        while node is not None and node.tag not in tags:
            node = node.parent
        return node

    @property
    def raw(self) -> str:
        """Every character of text in it, as it stands."""
        return "".join(child if isinstance(child, str) else child.raw for child in self.children)

    @property
    def words(self) -> str:
        """What can be read in it, with single spaces."""
        return " ".join("".join(self._seen()).split())

    def _below(self) -> Iterator[Node]:
        for child in self.children:
            if isinstance(child, Node):
                yield child
                yield from child._below()

    def _seen(self) -> Iterator[str]:
        if self.tag in UNSEEN or self.has("hidden"):
            return
        for child in self.children:
            if isinstance(child, str):
                yield child
            else:
                yield from child._seen()
                if child.tag != "bdi":
                    yield " "


class Document(HTMLParser):
    """Reads HTML into `root`; what is not closed, or closed without being open, is in `faults`."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self._open = Node("", {}, None)
        self.doctype = ""
        self.faults: list[str] = []
        self.feed(html)
        self.close()
        node: Node | None = self._open
        while node is not None and node is not self.root:
            if node.tag not in ENDS_ITSELF:
                self.faults.append(f"{node!r} is never closed")
            node = node.parent

    def handle_decl(self, decl: str) -> None:
        self.doctype = decl

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _value in attrs]
        if len(set(names)) != len(names):
            self.faults.append(f"<{tag}> has an attribute twice: {sorted(names)}")
        if tag in ENDS_ITSELF and self._open.tag == tag and self._open.parent:
            self._open = self._open.parent
        node = Node(tag, {name: value or "" for name, value in attrs}, self._open)
        self._open.children.append(node)
        if tag not in EMPTY:
            self._open = node

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in EMPTY:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        node: Node | None = self._open
        while node is not None and node.tag != tag and node.tag in ENDS_ITSELF:
            node = node.parent
        if node is None or node.tag != tag or node.parent is None:
            self.faults.append(f"</{tag}> closes nothing; {self._open!r} is open")
            return
        self._open = node.parent

    def handle_data(self, data: str) -> None:
        self._open.children.append(data)
