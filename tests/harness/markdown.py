"""Reads the documents of the project: their code blocks, tables and links."""

import re
from typing import NamedTuple

from tests.harness.wheel import ROOT

DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("docs/*.md"))]

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")


class Block(NamedTuple):
    language: str
    code: str


def blocks(path, *languages):
    """The code blocks of a document in their order; of these languages, where any is named."""
    found = [Block(*match) for match in _BLOCK.findall(path.read_text())]
    return [block for block in found if not languages or block.language in languages]


def examples(path, language, answer):
    """Pairs of code: each block of a language with the block right after it, which shows its answer."""
    found = blocks(path)
    return [
        (block.code, following.code)
        for block, following in zip(found, found[1:])
        if (block.language, following.language) == (language, answer)
    ]


def table(path, first_heading):
    """The rows below the table head that begins with this heading, each as a list of cells."""
    lines = iter(path.read_text().splitlines())
    for line in lines:
        if line.startswith(f"| {first_heading} |"):
            next(lines)  # the dashes
            break
    rows = []
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def names(cell):
    """What a cell has between backticks."""
    return re.findall(r"`([^`]+)`", cell)


def links(path):
    """The targets of links and images that lead to files of the project, without their anchors."""
    targets = _LINK.findall(_BLOCK.sub("", path.read_text()))
    return [target.split("#")[0] for target in targets if "://" not in target and not target.startswith("#")]
