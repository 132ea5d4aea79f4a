"""Completion in the real shells, with the script that ``--show-completion`` prints there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.process import environment, on_terminal
from tests.conftest import tool


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``havipcfg`` of this checkout on it, as PATH finds it."""
    folder = tmp_path_factory.mktemp("bin")
    script = folder / "havipcfg"
    script.write_text(f"#!{sys.executable}\nfrom havipcfg.cli import main\nmain()\n")
    script.chmod(0o755)
    return folder


def path(program: Path) -> str:
    return f"{program}:{environment()['PATH']}"


def asked(shell: str, script: str, program: Path, home: Path) -> list[str]:
    done = subprocess.run(
        [tool(shell), "-c", script], env=environment(PATH=path(program), HOME=str(home), COLUMNS="200"),
        cwd=home, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout.split("\n")


BASH = """
source <(havipcfg --show-completion)
COMP_WORDS=({words}); COMP_CWORD=$(({count} - 1))
_havipcfg_completion havipcfg
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


def by_bash(program: Path, home: Path, *words: str) -> list[str]:
    quoted = " ".join(f"'{word}'" for word in ("havipcfg", *words))
    return [line for line in asked("bash", BASH.format(words=quoted, count=len(words) + 1), program, home) if line]


def test_bash_completes_commands_codes_and_choices(program: Path, tmp_path: Path) -> None:
    assert by_bash(program, tmp_path, "li") == ["lint"]
    assert {"lint", "verify", "rehearse", "generate", "import", "fmt"} <= set(by_bash(program, tmp_path, ""))
    codes = by_bash(program, tmp_path, "lint", "--select", "KC10")
    assert "KC101" in codes
    assert all(code.startswith("KC10") for code in codes)
    assert by_bash(program, tmp_path, "lint", "--ignore", "CL,kc101") == ["CL,kc101"]
    assert by_bash(program, tmp_path, "lint", "--format", "g") == ["github", "gitlab"]
    assert by_bash(program, tmp_path, "verify", "--format", "") == ["text", "json", "html"]
    assert "--unsafe-fixes" in by_bash(program, tmp_path, "lint", "--un")
    assert by_bash(program, tmp_path, "explain", "virtual_router_i") == ["virtual_router_id"]


def test_bash_completes_files_where_a_person_presses_tab(program: Path, tmp_path: Path) -> None:
    (tmp_path / "keepalived.conf").write_text("")
    (tmp_path / "start").write_text("source <(havipcfg --show-completion)\nPS1=\n")
    words = [tool("bash"), "--rcfile", str(tmp_path / "start"), "-i"]
    typed = b"havipcfg lint --fix keepal\t\nhavipcfg lint --select KC203,KC90\t none\nexit\n"
    _, shown = on_terminal(tmp_path, words, [(b"", typed)], PATH=path(program), HOME=str(tmp_path))
    assert b"lint --fix keepalived.conf" in shown
    assert b"KC203,KC901" in shown


def test_installing_it_for_bash_is_enough(program: Path, tmp_path: Path) -> None:
    asked("bash", "havipcfg --install-completion >/dev/null; true", program, tmp_path)
    script = "shopt -s expand_aliases; source ~/.bashrc; complete -p havipcfg"
    assert "complete -o default -F _havipcfg_completion havipcfg" in asked("bash", script, program, tmp_path)


def test_zsh_offers_codes_with_the_names_of_their_rules(program: Path, tmp_path: Path) -> None:
    assert asked("zsh", "havipcfg --show-completion; true", program, tmp_path)[0] == "#compdef havipcfg"
    script = """
        _arguments() { print -r -- "$@" }
        _describe() { print -r -- "$@" }
        eval $(env _TYPER_COMPLETE_ARGS="havipcfg lint --select KC10" _HAVIPCFG_COMPLETE=complete_zsh havipcfg)
    """
    shown = "\n".join(asked("zsh", script, program, tmp_path))
    assert "KC101" in shown
    assert "unknown-keyword" in shown


def test_fish_completes(program: Path, tmp_path: Path) -> None:
    def offered(line: str) -> list[str]:
        found = asked("fish", f"havipcfg --show-completion | source; complete -C '{line}'", program, tmp_path)
        return [each.partition("\t")[0] for each in found if each]

    (tmp_path / "keepalived.conf").write_text("")
    assert offered("havipcfg li") == ["lint"]
    assert "KC101" in offered("havipcfg lint --select KC10")
    assert offered("havipcfg lint keepa") == ["keepalived.conf"]
