"""Authentication of adverts."""

from __future__ import annotations

from collections.abc import Iterator

from havipcfg.cluster.context import Context
from havipcfg.diagnostics import Label
from havipcfg.findings import ERROR, INFO, WARNING, Finding
from havipcfg.keepalived.effective import OWNER
from havipcfg.keepalived.vrrp_authentication import Authentication
from havipcfg.keepalived.vrrp_instance import VrrpInstance
from havipcfg.rules.edits import removal, word_fix
from havipcfg.rules.registry import rule
from havipcfg.rules.strict import strict_label

SAMPLES = frozenset(("1111", "1234", "12345", "123456", "12345678", "password", "passw0rd", "secret", "changeme"))
"""Passwords that stand in published examples."""


@rule("KC340", "authentication-ignored", WARNING, of=VrrpInstance, given="authentication", keepalived=True, fix="safe")
def authentication_ignored(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """`authentication` where keepalived drops it.

    ## What it does
    Reports an `authentication` block in an instance of VRRP version 3, which all IPv6
    instances are, in strict mode, or beside `auth_hmac`.

    ## Why it matters
    The adverts carry no password. A node that still expects one refuses them, and both hold
    the address.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        version 3
        authentication {        # expect: KC340
            auth_type PASS
            auth_pass k3Ym8xQa
        }
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    Leave the block out, on every node.
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        version 3
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## References
    - RFC 5798, section 9; keepalived.conf(5), "authentication"
    """
    block = instance.authentication
    if block is None or not block.auth_type:
        return
    inforce = context.effective(instance)
    related: tuple[Label, ...] = ()
    if inforce.version == 3:
        reason = "VRRP version 3 has no authentication"
    elif inforce.strict:
        reason = "strict mode allows no authentication"
        related = strict_label(instance, context)
    elif instance.auth_hmac is not None:
        reason = "adverts are signed with auth_hmac"
        related = (Label(instance.at("auth_hmac"), "signed"),)
    else:
        return
    yield Finding(
        instance.at("authentication"),
        f"keepalived drops the authentication of {instance.name}: {reason}",
        why="a node that still expects the password refuses the adverts, and both hold the address",
        advice="leave the block out, on every node",
        related=related,
        fix=removal("leave the block out", instance.place("authentication")),
    )


@rule("KC341", "no-password", ERROR, of=VrrpInstance, given="authentication", keepalived=True)
def no_password(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """`auth_type` without `auth_pass`.

    ## What it does
    Reports an `authentication` block that names a type and gives no password.

    ## Why it matters
    keepalived drops the block: the adverts carry no password, and a node that has one refuses them.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        authentication {
            auth_type PASS      # expect: KC341
        }
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        authentication {
            auth_type PASS
            auth_pass k3Ym8xQa
        }
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## References
    - keepalived.conf(5), "authentication"
    """
    block = instance.authentication
    inforce = context.effective(instance)
    if block is None or not block.auth_type or block.auth_pass or inforce.version == 3 or inforce.strict:
        return
    yield Finding(
        block.at("auth_type"),
        f"{instance.name} has auth_type {block.auth_type}, but no auth_pass",
        why="keepalived drops the authentication: a node that has a password refuses the adverts",
        advice="add auth_pass, the same on every node, or leave the block out",
    )


@rule("KC342", "no-authentication-type", WARNING, of=Authentication, given="auth_pass")
def no_authentication_type(block: Authentication, context: Context) -> Iterator[Finding]:
    """`auth_pass` without `auth_type`.

    ## What it does
    Reports an `authentication` block that gives a password and names no type.

    ## Why it matters
    keepalived sends no password, without a word. A node that names the type refuses the adverts.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        authentication {
            auth_pass k3Ym8xQa      # expect: KC342
        }
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        authentication {
            auth_type PASS
            auth_pass k3Ym8xQa
        }
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## References
    - keepalived.conf(5), "authentication"
    """
    del context
    if block.place("auth_type") is None:
        yield Finding(
            block.at("auth_pass"),
            "auth_pass has no effect without auth_type",
            why="keepalived sends no password, without a word: a node that names the type refuses the adverts",
            advice="add auth_type PASS, on every node",
        )


@rule("KC343", "ah-with-state-master", WARNING, of=VrrpInstance, given="authentication", keepalived=True, fix="safe")
def ah_with_state_master(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """`auth_type AH` together with `state MASTER`.

    ## What it does
    Reports an instance that has both, unless its priority is 255.

    ## Why it matters
    keepalived starts it as BACKUP.

    ## Example
    ```keepalived
    vrrp_instance web {
        state MASTER            # expect: KC343
        interface eth0
        virtual_router_id 61
        priority 100
        authentication {
            auth_type AH
            auth_pass k3Ym8xQa
        }
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    Write `state BACKUP`.

    ## References
    - keepalived.conf(5), "authentication"
    """
    inforce = context.effective(instance)
    if instance.state != "MASTER" or inforce.priority == OWNER:
        return
    if inforce.authentication is not None and inforce.authentication[0] == "AH" and instance.auth_hmac is None:
        yield Finding(
            instance.at("state"),
            f"keepalived starts {instance.name} as BACKUP: it has auth_type AH",
            why="the priority decides who starts",
            advice="write state BACKUP",
            fix=word_fix("write state BACKUP", instance.place("state"), 1, "BACKUP"),
        )


@rule("KC344", "sample-password", INFO, of=VrrpInstance, given="authentication")
def sample_password(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """A password from a published example.

    ## What it does
    Reports `auth_pass` with one of the values that stand in guides, such as 1111.

    ## Why it matters
    Another cluster set up from the same guide, perhaps with the same `virtual_router_id`, has
    the same password: each takes the adverts of the other for its own.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        authentication {
            auth_type PASS
            auth_pass 1111      # expect: KC344
        }
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    Eight random characters, the same on every node.

    ## References
    - RFC 3768, section 10
    """
    inforce = context.effective(instance).authentication
    if inforce is not None and inforce[1].lower() in SAMPLES and instance.authentication is not None:
        yield Finding(
            instance.authentication.at("auth_pass"),
            f"the password of {instance.name} is one that published examples use",
            why="a cluster set up from the same guide takes these adverts for its own",
            advice="use eight random characters, the same on every node",
        )


@rule("KC346", "password-cut-by-comment", WARNING, of=VrrpInstance, given="authentication")
def password_cut_by_comment(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """A password with a `#` or `!` in it that begins a comment.

    ## What it does
    Reports `auth_pass` whose value is directly followed by `#` or `!`.

    ## Why it matters
    Outside of double quotes these begin a comment wherever they stand. The password is what
    comes before: shorter than meant, and another one than other software makes of the same text.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        authentication {
            auth_type PASS
            auth_pass x7#kQ2vd  # expect: KC346
        }
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    Double quotes around it: `auth_pass "x7#kQ2vd"`.

    ## References
    - keepalived.conf(5), "COMMENTS"
    """
    del context
    block = instance.authentication
    line = block.place("auth_pass") if block is not None else None
    if block is None or line is None or len(line.words) < 2:
        return
    word = line.word_span(1)
    if (sign := word.source.text[word.end : word.end + 1]) in ("#", "!"):
        yield Finding(
            word,
            f"the password of {instance.name} ends before the {sign}, which begins a comment",
            why="it is shorter than meant; a node that quotes it has another one",
            advice="put the password in double quotes, on every node",
        )


@rule("KC345", "no-active-key", ERROR, of=VrrpInstance, given="auth_hmac", keepalived=True)
def no_active_key(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """`auth_hmac` whose active key is not defined.

    ## What it does
    Reports `auth_hmac` without `active_key`, or with a number that no `key` line defines.

    ## Why it matters
    keepalived signs nothing and checks nothing: a node that does refuses the adverts.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        auth_hmac {
            key 1 0123456789abcdef0123456789abcdef
            active_key 2        # expect: KC345
        }
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    The number of a key that is defined.

    ## References
    - keepalived.conf(5), "auth_hmac"
    """
    del context
    block = instance.auth_hmac
    if block is None or (block.active_key is None and block.place("active_key") is not None):
        return
    if block.active_key is None and not block.key:
        return
    if not any(key.name == block.active_key for key in block.key):
        yield Finding(
            block.at("active_key") if block.active_key is not None else instance.at("auth_hmac"),
            f"auth_hmac of {instance.name} defines no key {block.active_key}"
            if block.active_key is not None
            else f"auth_hmac of {instance.name} has no active_key",
            why="keepalived signs nothing and checks nothing: a node that does refuses the adverts",
            advice="name a key that is defined",
        )
