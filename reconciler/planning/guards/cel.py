"""Expressions of the Common Expression Language, run within bounds: they come with pull requests.

The library's own bounds hold: 10,000 rounds of all loops together, 32 levels of nesting; patterns are RE2, which take
linear time. Texts and values of a step that are long are left out of what an expression sees (see `policies`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reconciler.domain import Json

if TYPE_CHECKING:
    from cel_expr_python import cel


class NoCelError(Exception):
    """The library is not installed."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why an expression has no result."""

    why: str


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that was compiled, and is true or false."""

    environment: cel.Env
    compiled: cel.Expression

    def holds(self, values: Mapping[str, Json]) -> bool | Trouble:
        """Whether it is true of the values of its variables."""
        try:
            result = self.compiled.eval(self.environment.Activation(values)).value()
        except (RuntimeError, TypeError, ValueError, MemoryError) as error:
            return Trouble(_first_line(error))
        return result if isinstance(result, bool) else Trouble(_first_line(result))


def compile_cel(text: str, variables: tuple[str, ...]) -> Expression | Trouble:
    """The expression over these variables, or why it is none. Raises NoCelError."""
    cel = _library()
    environment = cel.NewEnv(variables=dict.fromkeys(variables, cel.Type.DYN))
    try:
        compiled = environment.compile(text)
    except (RuntimeError, TypeError, ValueError, MemoryError) as error:
        return Trouble(_first_line(error))
    kind = compiled.return_type()
    if kind not in (cel.Type.BOOL, cel.Type.DYN):
        return Trouble(f"it is neither true nor false, but {kind.name()}")
    return Expression(environment, compiled)


def _library() -> Any:  # noqa: ANN401 - it ships no types that a checker would find
    try:
        from cel_expr_python import cel  # noqa: PLC0415 - heavy, an extra, and most projects have no policy
    except ImportError:
        raise NoCelError from None
    return cel


def _first_line(said: object) -> str:
    """What the library says, without the drawing below it and without the name of its status."""
    line = str(said).splitlines()[0] if str(said) else type(said).__name__
    for status in ("INVALID_ARGUMENT: ", "ERROR: ", "<input>:"):
        line = line.removeprefix(status)
    return line.split(" [INVALID_ARGUMENT]", maxsplit=1)[0]
