"""What can be wrong with references to keepalived's own definitions. Each function is one rule."""

from __future__ import annotations

from havipcfg.findings import ERROR, INFO, Finding, diagnosis
from havipcfg.source import Span


@diagnosis("KC012", "invalid-random", ERROR, keepalived=True)
def invalid_random(place: Span, problem: str, reported: bool = True) -> Finding:
    """A ${_RANDOM …} with bounds that make no sense.

    ## What it does
    Reports bounds that are no decimal numbers, too many of them, or a lowest above the highest.

    ## Why it matters
    keepalived 2.4 reports it and leaves the text as it is, or uses the first bound. Earlier
    versions produce a number outside the bounds, or crash.

    ## Example
    ```keepalived
    vrrp_instance web {
        priority ${_RANDOM 100 50}       # expect: KC012
    }
    ```

    ## Use instead
    ```keepalived
    vrrp_instance web {
        priority ${_RANDOM 50 100}
    }
    ```

    ## References
    - keepalived.conf(5), "Parameter substitution"
    """
    return Finding(
        place,
        problem,
        why="keepalived leaves the text as it is, or takes another number",
        advice="write ${_RANDOM LOWEST HIGHEST}",
        keepalived=reported,
    )


@diagnosis("KC013", "environment-not-given", INFO)
def environment_not_given(place: Span, name: str) -> Finding:
    """A value from the environment that is not known here.

    ## What it does
    Says that `${_ENV NAME}` was taken as unset: the environment is not read unless asked for.

    ## Why it matters
    keepalived replaces it by the variable's value, so that the file may mean something else on
    the node.

    ## Example
    ```keepalived
    global_defs {
        router_id ${_ENV SITE}-a         # expect: KC013
    }
    ```

    ## Use instead
    `SITE=east havipcfg lint --env FILE`

    ## References
    - keepalived.conf(5), "Parameter substitution" (since 2.4.0)
    """
    return Finding(
        place,
        f"the environment variable {name} is judged as unset",
        why="on the node keepalived puts the variable's value there",
        advice="pass --env to use the environment",
    )


@diagnosis("KC014", "environment-without-name", ERROR, keepalived=True)
def environment_without_name(place: Span) -> Finding:
    """${_ENV} without the name of a variable.

    ## What it does
    Reports `${_ENV}` and `$_ENV`, which name no variable.

    ## Why it matters
    keepalived 2.4 crashes at this line.

    ## Example
    ```keepalived
    global_defs {
        router_id ${_ENV}                # expect: KC014
    }
    ```

    ## Use instead
    ```keepalived
    global_defs {
        router_id ${_ENV SITE}
    }
    ```

    ## References
    - keepalived 2.4.3, measured
    """
    return Finding(
        place, "${_ENV} names no variable", why="keepalived crashes at this line", advice="write ${_ENV NAME}"
    )
