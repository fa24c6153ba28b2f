"""Text that tries to be more than text, wherever a report shows text from outside."""

from reconciler.domain import (
    Action,
    Allowance,
    Call,
    FieldChange,
    Finding,
    ItemName,
    Modified,
    Place,
    Plan,
    ResourceKey,
    Review,
    Step,
    Verb,
    WayBack,
)
from reconciler.reports.told import Origin, Told

HOSTILE = [
    "<script>owned=1</script>",
    '"><img src=x onerror=owned=1>',
    "</summary></details></style></script><script>owned=1</script>",
    "' onfocus=owned=1 autofocus x='",
    "javascript:owned=1",
    "{{ 7 * 7 }}{% raw %}",
    "]]><svg onload=owned=1>",
    "\u202egnp.exe\x00\x1b[31m",
    "<!--",
]


def hostile(text: str) -> Told:
    """A plan that says `text` everywhere."""
    key = ResourceKey("Gate", text)
    base = {
        "status": "In Progress",
        "rules": [{"name": text, "id": "r", "passPercentage": 1, "conditions": [{"type": text, "targetValue": text}]}],
        "owner": {"ownerName": text},
    }
    body = {"rules": [{"name": text, "conditions": [{"type": "passes_gate", "targetValue": f"{text}2"}]}]}
    fields = (
        FieldChange(("rules", ItemName(text), "passPercentage"), Action.SET, 1, 100),
        FieldChange((text,), Action.SET, text, {text: [text, f"{text}\n{text}"]}),
        FieldChange(("description",), Action.RENAME, text, f"{text}3"),
    )
    where = Place(f"{text}.yaml", 0, (), 1, 1)
    step = Step(
        key,
        Verb.UPDATE,
        (Call("PATCH", f"/gates/{text}", body),),
        fields,
        where,
        frozenset({ResourceKey("Tag", text)}),
        Modified(text, 1_795_183_405_000),
        base,
        WayBack((), (text,)),
        frozenset({ResourceKey("Experiment", text)}),
        labels={"team": text},
    )
    waiting = Step(ResourceKey("Gate", f"{text}4"), Verb.UPDATE, (), fields, where, review=Review(text, text, text))
    finding = Finding(f"GUARD/{text}", text, text, where, key, allowed=Allowance(text, text))
    plan = Plan((step,), (), (waiting,), ((key, Modified(text)),), (finding,), (waiting,))
    return Told("plan", 1, plan, text, origin=Origin(text, text, text), findings=(Finding("X", text, text, key=key),))
