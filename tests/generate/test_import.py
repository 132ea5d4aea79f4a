"""import: what the files of a cluster mean is what the cluster file makes of them again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from havipcfg.generator.adopt import NotACluster, adopt
from havipcfg.generator.changes import compare
from havipcfg.generator.job import generate
from havipcfg.keepalived.load import read
from havipcfg.source import Source

NODE = """\
! a comment
global_defs {
    router_id %(name)s
    notification_email {
        ops@example.net
    }
    enable_script_security
}
static_routes {
    198.51.100.0/24 via 192.0.2.1 dev eth0
}
vrrp_script chk_web {
    script "/usr/local/bin/check web"
    interval 3
    weight -30
    user nobody
}
vrrp_script only_%(name)s {
    script "/bin/true"
}
track_file drain {
    file /run/drain
}
vrrp_sync_group both {
    group {
        inside
        outside
    }
    notify_master "/usr/local/bin/moved here"
    track_script {
        chk_web
    }
}
vrrp_instance inside {
    state %(state)s
    interface eth0
    virtual_router_id 61
    priority %(priority)s
    authentication {
        auth_type PASS
        auth_pass heron77
    }
    unicast_src_ip %(own)s
    unicast_peer {
        %(peer)s
    }
    virtual_ipaddress {
        192.0.2.100/24 dev eth0 label eth0:1
    }
    track_file {
        drain weight 2
    }
    garp_master_refresh 60
}
vrrp_instance outside {
    state BACKUP
    interface eth1
    virtual_router_id 62
    priority %(priority)s
    advert_int 2
    virtual_ipaddress {
        198.51.100.9
    }
    virtual_ipaddress_excluded {
        2001:db8::9/64
    }
    track_interface {
        eth2 weight -40
    }
}
virtual_server 192.0.2.100 80 {
    delay_loop 6
    lb_algo rr
    lb_kind NAT
    protocol TCP
    real_server 192.0.2.21 80 {
        weight %(digit)s
        HTTP_GET {
            url {
                path /health
                status_code 200
            }
            connect_timeout 3
        }
    }
    real_server 192.0.2.22 80 {
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
"""
ALONE = """\
vrrp_instance alone {
    interface eth3
    virtual_router_id 71
    virtual_ipaddress {
        203.0.113.1
    }
}
"""
ONE = {"name": "lb1", "state": "MASTER", "priority": "150", "own": "192.0.2.11", "peer": "192.0.2.12", "digit": "1"}
TWO = {"name": "lb2", "state": "BACKUP", "priority": "120", "own": "192.0.2.12", "peer": "192.0.2.11", "digit": "2"}


def run(*words: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "havipcfg", *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | env,
    )


def files(folder: Path) -> None:
    folder.mkdir()
    (folder / "lb1.conf").write_text(NODE % ONE + ALONE)
    (folder / "lb2.conf").write_text(NODE % TWO)


def test_import_generate_diff_is_empty(tmp_path: Path) -> None:
    files(tmp_path / "old")
    done = run("import", "old/lb1.conf", "old/lb2.conf", "-o", "cluster.yaml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "cluster.yaml").read_text()
    assert "heron77" not in text + done.stdout + done.stderr
    assert (tmp_path / "cluster.inside.password").stat().st_mode & 0o777 == 0o600
    made = run("generate", "cluster.yaml", "-o", "new", "--force", cwd=tmp_path)
    assert (tmp_path / "new" / "lb1" / "keepalived.conf").exists(), made.stderr
    plan = run("diff", "old", "new", cwd=tmp_path)
    assert plan.stdout.startswith("lb1, lb2\n  no change in meaning\n"), text + plan.stdout
    assert "nothing to apply" in plan.stdout


def test_what_the_nodes_share_is_said_once() -> None:
    made = adopt([Source("lb1.conf", NODE % ONE), Source("lb2.conf", NODE % TWO)])
    assert made.lost == []
    assert made.contradictions == []
    assert made.text.count("garp_master_refresh") == 1
    assert made.text.count("path: /health") == 2
    assert "only_lb1" in made.text
    assert "only_lb2" in made.text


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("_id 61", "_id 63", "CL101"),
        ("heron77", "egret77", "CL102"),
        ("advert_int 2", "advert_int 3", "CL103"),
        ("192.0.2.100/24", "192.0.2.101/24", "CL104"),
    ],
)
def test_contradictions_name_both_files_and_write_nothing(old: str, new: str, code: str, tmp_path: Path) -> None:
    files(tmp_path / "old")
    second = tmp_path / "old" / "lb2.conf"
    second.write_text(second.read_text().replace(old, new))
    done = run("import", "old/lb1.conf", "old/lb2.conf", "-o", "cluster.yaml", cwd=tmp_path)
    assert done.returncode == 1
    assert code in done.stderr
    assert "lb1.conf:" in done.stderr
    assert "lb2.conf:" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["old"]
    forced = run("import", "old/lb1.conf", "old/lb2.conf", "-o", "cluster.yaml", "--force", cwd=tmp_path)
    assert forced.returncode == 1
    written = (tmp_path / "cluster.yaml").read_text()
    assert "heron77" not in written
    assert "egret77" not in written


def test_an_owner_is_the_preferred_node() -> None:
    text = """vrrp_instance web {{
    state {0}
    interface eth0
    virtual_router_id 61
    priority {1}
    virtual_ipaddress {{
        192.0.2.100/24
    }}
}}
"""
    sources = [Source("a.conf", text.format("BACKUP", 200)), Source("b.conf", text.format("MASTER", 255))]
    made = adopt(sources)
    assert (made.refusals, made.lost) == ([], [])
    assert "prefer: b" in made.text
    again = generate(Source("cluster.yaml", made.text), prove=False).outputs
    assert again is not None
    before = {node: read(source).conf for node, source in zip("ab", sources, strict=True)}
    assert not any(compare(before, again.configurations).changes.values())


def test_one_file_is_no_cluster() -> None:
    with pytest.raises(NotACluster, match="two nodes"):
        adopt([Source("lb1.conf", NODE % ONE)])


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    files(tmp_path / "old")
    (tmp_path / "cluster.yaml").write_text("mine\n")
    done = run("import", "old/lb1.conf", "old/lb2.conf", "-o", "cluster.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert (tmp_path / "cluster.yaml").read_text() == "mine\n"
    (tmp_path / "other.inside.password").write_text("mine\n")
    assert run("import", "old/lb1.conf", "old/lb2.conf", "-o", "other.yaml", cwd=tmp_path).returncode == 2
    assert (tmp_path / "other.inside.password").read_text() == "mine\n"
    assert not (tmp_path / "other.yaml").exists()


def test_real_pairs_come_back_the_same(shared: Path) -> None:
    """Every pair that agrees with itself and whose addresses keepalived can read."""
    same, differ, none = 0, [], 0
    for folder in sorted((shared / "corpus" / "pairs").iterdir()):
        try:
            made = adopt([Source.read(path) for path in sorted(folder.glob("*.conf"))])
        except NotACluster:
            none += 1
            continue
        renamed = all("as the cluster file calls it" in sentence for sentence in made.lost)
        if made.contradictions or (made.lost and renamed):
            continue
        if made.lost:
            differ.append((folder.name, made.lost))
        else:
            same += 1
        secrets = dict(made.passwords)
        again = generate(Source("cluster.yaml", made.text), environment=secrets)
        assert again.file is not None
        assert "auth_pass" not in made.text
        assert "literal" not in made.text
    assert differ == []
    assert same > 70
    assert none < 10
