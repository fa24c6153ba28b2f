"""Pages of ``docs/`` as they are played: one script writes the files that a page shows and runs the commands in it.

A block under a line that is a file's name and a colon is that file. In a block of the language ``console`` each line
that begins with ``$`` is a command (``>`` goes on with it), and what follows is what it must print: ``...`` stands for
anything on its line, and alone on a line for any lines.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r"(?:^`([^`\n]+)`:\n\n)?^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_ENDED = "-- ended with"
_PROLOGUE = f"""
ended() {{ local code=$?; printf '\\n{_ENDED} %s\\n' "$code"; return "$code"; }}
trap 'kill $(jobs -p)' EXIT
"""
_LISTENING = """ > emulator.out 2>&1 &
for _ in {1..600}; do grep -q Console emulator.out 2> /dev/null && break; sleep 0.1; done; cat emulator.out"""
_AUTHOR = {"NAME": "Somebody", "EMAIL": "somebody@example.com"}


@dataclass(frozen=True, slots=True)
class Command:
    """A command, and what the page shows of what it prints; "" for a command of which nothing is shown."""

    words: str
    shown: str


@dataclass(frozen=True, slots=True)
class Ended:
    """What a command printed, and its exit code."""

    printed: str
    code: int


def commands(page: str) -> list[Command]:
    """The commands of a page, in order."""
    return [each for _, language, text in _BLOCK.findall(page) if language == "console" for each in _commands(text)]


def _commands(block: str) -> Iterator[Command]:
    for text in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        lines = text.splitlines()
        more = next((at for at, line in enumerate(lines[1:], 1) if not line.startswith("> ")), len(lines))
        words = [lines[0], *(line.removeprefix("> ") for line in lines[1:more])]
        yield Command("\n".join(words), "\n".join(lines[more:]).strip())


def play(page: str, folder: Path, port: int) -> list[Ended]:
    """Run the page in a folder, with this port where the page says 3006."""
    steps = "\n".join(_steps(page)).replace("3006", str(port))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        ["bash", "-c", _PROLOGUE + steps],  # noqa: S607 - the shell of whoever reads the page
        cwd=folder,
        env={**_environment(), "PATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    parts = re.split(rf"\n{_ENDED} (\d+)\n", ran.stdout.replace(str(port), "3006"))
    return [Ended(text.strip(), int(code)) for text, code in zip(parts[::2], parts[1::2], strict=False)]


def _environment() -> dict[str, str]:
    """That of this process, with somebody who commits, and without what makes each command slow or differ."""
    author = {f"GIT_{role}_{name}": text for role in ("AUTHOR", "COMMITTER") for name, text in _AUTHOR.items()}
    kept = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, **author, "GIT_CONFIG_GLOBAL": os.devnull, "COLUMNS": "120"}


def _steps(page: str) -> Iterator[str]:
    for name, language, text in _BLOCK.findall(page):
        if name:
            yield f"mkdir -p {shlex.quote(str(Path(name).parent))}"
            yield f"cat > {shlex.quote(name)} <<'END OF FILE'\n{text}END OF FILE"
        elif language == "console":
            for command in _commands(text):
                yield command.words + (_LISTENING if command.words.startswith("reconciler emulator") else "")
                yield "ended"


def fits(shown: str, printed: str) -> bool:
    """Whether a command printed what is shown of it."""
    pattern = re.escape(shown + "\n")
    pattern = re.sub(r"^(?:\\ )*\\\.\\\.\\\.\\\n", r"(?:.*\\n)*?", pattern, flags=re.MULTILINE).replace(r"\.\.\.", ".*")
    return bool(re.fullmatch(pattern, printed + "\n"))
