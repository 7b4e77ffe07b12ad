"""``recist doctor``: see whether everything is here that the toolkit needs."""

from __future__ import annotations

import typer

from recist.cli.screen import say, say_table


def command() -> None:
    """Check Python, the extras, name clashes, image codecs and the screen, and say how to mend what is missing.

    Example: `recist doctor`
    """
    from recist.doctor import examine

    findings = examine()
    say_table(
        "What the toolkit found here",
        ("", "part", "found", "what to do"),
        [("ok" if finding.is_well else "!!", finding.part, finding.found, finding.advice) for finding in findings],
    )
    if all(finding.is_well for finding in findings):
        say("All is well.")
    else:
        raise typer.Exit(3)
