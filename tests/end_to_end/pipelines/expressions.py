"""The expressions of GitHub Actions that our workflows use: ``steps.plan.outcome != 'skipped' && always()``."""

from __future__ import annotations

import re
from collections.abc import Mapping

from reconciler.domain import Json, Tree

_TOKEN = re.compile(r"\s*('(?:[^']|'')*'|&&|\|\||==|!=|[()!]|[\w.-]+)")
_PLACEHOLDER = re.compile(r"\$\{\{(.*?)\}\}")


class Expression:
    """One expression. `functions`: what ``failure()`` and the like say just now."""

    def __init__(self, text: str, context: Tree, functions: Mapping[str, bool]) -> None:
        self.context, self.functions, self.tokens = context, functions, _TOKEN.findall(text.strip())
        self.tokens.reverse()

    def value(self) -> Json:
        found = self._conjunction()
        while self._take("||"):
            other = self._conjunction()
            found = found or other
        return found

    def _conjunction(self) -> Json:
        found = self._comparison()
        while self._take("&&"):
            other = self._comparison()
            found = found and other
        return found

    def _comparison(self) -> Json:
        found = self._single()
        if self._take("=="):
            return found == self._single()
        if self._take("!="):
            return found != self._single()
        return found

    def _single(self) -> Json:
        if self._take("!"):
            return not self._single()
        if self._take("("):
            found = self.value()
            assert self._take(")")
            return found
        token = self.tokens.pop()
        if self._take("("):
            assert self._take(")"), "functions without arguments alone"
            return self.functions[token]
        return token[1:-1].replace("''", "'") if token.startswith("'") else self._looked_up(token)

    def _looked_up(self, path: str) -> Json:
        found: Json = self.context
        for name in path.split("."):
            found = found.get(name) if isinstance(found, dict) else None
        return found

    def _take(self, token: str) -> bool:
        if self.tokens and self.tokens[-1] == token:
            self.tokens.pop()
            return True
        return False


def filled(text: Json, context: Tree, functions: Mapping[str, bool]) -> str:
    """The text with each ``${{ }}`` replaced."""

    def shown(match: re.Match[str]) -> str:
        found = Expression(match[1], context, functions).value()
        return "" if found is None else str(found).lower() if isinstance(found, bool) else str(found)

    return _PLACEHOLDER.sub(shown, str(text))


def holds(condition: Json, context: Tree, functions: Mapping[str, bool]) -> bool:
    """Whether a step with this ``if`` runs: after a failure only where the condition asks about failures."""
    if condition is None:
        return functions["success"]
    text = str(condition).strip().removeprefix("${{").removesuffix("}}")
    asks = any(f"{name}()" in text for name in functions)
    return bool(Expression(text, context, functions).value()) and (asks or functions["success"])
