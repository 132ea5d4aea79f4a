"""One file for all nodes, with ``@id`` lines, is judged as the files would be that each node reads of it."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from havipcfg.diagnostics import Diagnostic
from havipcfg.linter.engine import lint
from havipcfg.linter.fix import fix
from havipcfg.linter.options import LintOptions
from havipcfg.rules import load_all
from havipcfg.source import Source
from tests.rules.test_fixtures import cases, name_of
from tests.twins.sets import clusters

load_all()
FOLDERS = [
    case
    for case in (*cases("bad"), *cases("ok"))
    if case.is_dir() and not (case / "cluster.yaml").exists() and not list(case.glob("*/"))
    if not any("include" in file.read_text() for file in case.glob("*.conf"))
]
WEB = """
vrrp_track_process nginx {
    process nginx
    delay 4
    weight -20
}
vrrp_instance web {
    state BACKUP
    interface eth0
    virtual_router_id 61
    @web-a priority 110
    @web-b priority 100
    advert_int 1
    @web-a unicast_src_ip 192.0.2.11
    @web-b unicast_src_ip 192.0.2.12
    unicast_peer {
        @web-a 192.0.2.12
        @web-b 192.0.2.11
    }
    track_process {
        nginx
    }
    virtual_ipaddress {
        192.0.2.10
    }
}
"""


def judged(*texts: str, **options: object) -> list[Diagnostic]:
    sources = [Source(f"node{number}.conf", text) for number, text in enumerate(texts)]
    found = lint(sources, LintOptions(**options)).diagnostics  # type: ignore[arg-type]
    return [diagnostic for diagnostic in found if diagnostic.code != "KC022"]


def codes(diagnostics: list[Diagnostic]) -> Counter[str]:
    return Counter(diagnostic.code for diagnostic in diagnostics)


def shared(files: list[Path]) -> str:
    """The files of nodes as one, each line for its node."""
    lines = [f"@{file.stem} {line}" for file in files for line in file.read_text().splitlines() if line.strip()]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("case", FOLDERS, ids=name_of)
def test_shared_file_is_judged_as_the_files_of_its_nodes(case: Path) -> None:
    files = sorted(case.rglob("*.conf"))
    apart = codes(lint([Source.read(file) for file in files], LintOptions(as_cluster=True)).diagnostics)
    together = codes(judged(shared(files), as_cluster=True))
    if apart.keys() & {"CL115", "KC370"}:
        apart["KC204"] = together["KC204"] = 0  # not said in a file with these, and here it is one file for all nodes
    assert together == apart


def test_clean_cluster_in_one_file() -> None:
    assert judged(WEB) == []


def test_fault_that_all_nodes_read_is_said_once_and_is_mended() -> None:
    text = WEB.replace("state BACKUP", "state BACKUP\n    nopremt")
    [found] = judged(text)
    assert (found.code, found.span.text, found.notes) == ("KC101", "nopremt", ())
    assert fix([Source("shared.conf", text)]).sources[0].text == text.replace("nopremt", "nopreempt")


def test_fault_that_one_node_reads_says_so_and_is_left_alone() -> None:
    text = WEB.replace("state BACKUP", "state BACKUP\n    @web-b nopremt")
    [found] = judged(text)
    assert (found.code, found.span.text) == ("KC101", "nopremt")
    assert found.notes == ("as web-b reads the file",)
    assert fix([Source("shared.conf", text)], unsafe=True).sources[0].text == text


def test_nodes_are_compared() -> None:
    [found] = judged(WEB.replace("@web-b 192.0.2.11", "@web-b 192.0.2.21"))
    assert (found.code, found.span.text) == ("CL203", "192.0.2.21")
    assert found.fix is None
    assert "web-a" in found.message


def test_all_but_one_is_a_node_too() -> None:
    text = WEB.replace("@web-b ", "@^web-a ").replace("@^web-a priority 100", "@^web-a priority 110")
    [found] = judged(text)
    assert (found.code, found.message) == ("CL107", "priority 110 is also that of web-a")


def test_copy_on_every_node_is_one_cluster() -> None:
    assert judged(WEB, WEB) == []
    wrong = WEB.replace("@web-b priority 100", "@web-b priority 110")
    assert codes(judged(wrong, wrong)) == {"CL107": 1}


def test_id_that_is_given_is_the_only_one() -> None:
    assert codes(judged(WEB.replace("@web-b priority 100", "@web-b priorty 100"), config_id="web-a")) == Counter()


def test_keepalived_reports_what_a_host_of_another_name_reads() -> None:
    text = WEB.replace("state BACKUP", "state BACKUP\n    @web-b nopremt\n    accep")
    said = {diagnostic.span.text: diagnostic.keepalived for diagnostic in judged(text)}
    assert said == {"nopremt": False, "accep": True}


def test_ids_of_an_included_file(tmp_path: Path) -> None:
    (tmp_path / "web.inc").write_text(WEB.replace("@web-b priority 100", "@web-b priority 110"))
    (tmp_path / "shared.conf").write_text("include web.inc\n")
    found = lint([Source.read(tmp_path / "shared.conf")]).diagnostics
    assert [d.message for d in found if d.code.startswith("CL")] == ["priority 110 is also that of web-a"]


def test_suppression_before_the_lines_of_two_nodes() -> None:
    text = WEB.replace("@web-a priority 110", "# havipcfg: ignore[CL107]\n    @web-a priority 110")
    assert judged(text.replace("@web-b priority 100", "@web-b priority 110")) == []


SHARED = [(each.name, path) for each in clusters() for path in each.nodes if "\n    @" in each.files[path]]


@pytest.mark.parametrize(("name", "path"), SHARED, ids=[f"{name}-{path}" for name, path in SHARED])
def test_an_id_misspelt_once_is_one_finding(name: str, path: str) -> None:
    text = next(each for each in clusters() if each.name == name).files[path]
    for place in re.finditer(r"(?<=@)\^?(\w+)", text):
        first, last = place.span(1)
        if last - first < 3:
            continue
        wrong = text[:first] + text[first + 1] + text[first] + text[first + 2 :]
        found = judged(wrong)
        assert [(d.code, d.span.start) for d in found] == [("KC023", first)], (place[1], text.count("\n", 0, first) + 1)
        assert fix([Source("shared.conf", wrong)], unsafe=True).sources[0].text == text
