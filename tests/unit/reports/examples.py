"""Plans, outcomes and drift that the tests of the reports render."""

from dataclasses import replace

from reconciler.domain import (
    Action,
    Call,
    Drift,
    Entry,
    FieldChange,
    Finding,
    IdOf,
    ItemName,
    Modified,
    Path,
    Place,
    Plan,
    Resalt,
    ResourceKey,
    Review,
    Severity,
    Sort,
    Source,
    Step,
    Trace,
    Verb,
    WayBack,
    Writer,
)

CHECKOUT = ResourceKey("Gate", "checkout_v2")
VALUE = ResourceKey("EntityPropertySource", "Customer value")
ONE_PAGE = ResourceKey("Experiment", "one_page")
SALE = ResourceKey("Gate", "spring_sale")
ANNA = Modified("anna@northwind.example", 1_795_183_405_000)
BETA: Path = ("rules", ItemName("Beta"))
FILE = Place("manifests/checkout.yaml", 1, ("spec",), 4, 1)

NOTE = Finding("PLAN/rollout", "the percentage follows a rollout", "write it down", FILE, CHECKOUT, Severity.NOTE)
WARNING = Finding("PRUNE/in-use", "Gate/spring_sale stays", "take it out", key=SALE, severity=Severity.WARNING)
ERROR = Finding("GUARD/removals", "the plan removes 12 objects, and 3 are allowed", "raise the limit to 12")

CREATE = Step(
    ONE_PAGE,
    Verb.CREATE,
    (
        Call("POST", "/experiments", {"id": "one_page", "allocation": 50.0}),
        Call("PATCH", "/experiments/one_page", {"controlGroupID": IdOf("groups", "Control")}),
        Call("PUT", "/experiments/one_page/start"),
    ),
    (
        FieldChange(("status",), Action.ADD, None, "active"),
        FieldChange(("allocation",), Action.ADD, None, 50.0),
        FieldChange(("controlGroup",), Action.ADD, None, "Control"),
    ),
    Place("manifests/checkout.yaml", 2, (), 20, 1),
    frozenset({CHECKOUT, VALUE}),
    back=WayBack((Call("DELETE", "/experiments/one_page"),)),
)
UPDATE = Step(
    CHECKOUT,
    Verb.UPDATE,
    (Call("PATCH", "/gates/checkout_v2", {"rules": []}),),
    (
        FieldChange((*BETA, "passPercentage"), Action.SET, 10.0, 25.0),
        FieldChange(("tags",), Action.SET, ["legacy"], ["growth"]),
    ),
    FILE,
    modified=ANNA,
)
ADOPT = Step(
    VALUE,
    Verb.ADOPT,
    (Call("PATCH", "/experiments/entity_property/Customer%20value", {"tags": ["managed-by-git"]}),),
    (FieldChange(("tags",), Action.SET, ["finance"], ["finance", "managed-by-git"]),),
    Place("manifests/data.yaml"),
)
ARCHIVE = Step(
    SALE,
    Verb.ARCHIVE,
    (Call("PUT", "/gates/spring_sale/archive", {}),),
    (FieldChange(("status",), Action.SET, "launched", "archived"),),
    modified=Modified(None, 1_795_183_405_000),
)
HELD = Step(
    ResourceKey("Experiment", "old_test"),
    Verb.UPDATE,
    (),
    (FieldChange(("status",), Action.SET, "abandoned", "active"),),
    Place("manifests/old.yaml", 0, (), 1, 1),
    modified=Modified("Jo"),
)
UNDER_REVIEW = Step(
    ResourceKey("Gate", "wallet"),
    Verb.UPDATE,
    (),
    (FieldChange(("description",), Action.SET, "Pay", "Pay later"),),
    Place("manifests/wallet.yaml", 0, (), 3, 1),
    modified=ANNA,
    review=Review("r-17", "PENDING", "Pay later for all"),
)
NEEDS_IT = Step(
    ResourceKey("Gate", "wallet_beta"),
    Verb.CREATE,
    (),
    (FieldChange(("status",), Action.ADD, None, "launched"),),
    needs=frozenset({UNDER_REVIEW.key}),
)
UNMANAGED = (
    (ResourceKey("Gate", "support_chat"), ANNA),
    (ResourceKey("DynamicConfig", "opening_hours"), Modified()),
)
PLAN = Plan(
    steps=(UPDATE, CREATE, ADOPT, ARCHIVE),
    unchanged=(ResourceKey("Gate", "b"), ResourceKey("Gate", "a")),
    held=(HELD,),
    unmanaged=UNMANAGED,
    findings=(NOTE, WARNING),
)
DRIFT = Drift(
    changed=(Step(CHECKOUT, Verb.UPDATE, (), UPDATE.fields, FILE, modified=ANNA),),
    gone=(replace(CREATE, calls=()),),
    unmanaged=UNMANAGED,
    same=44,
    findings=(NOTE,),
)
ANNAS = Writer("Anna", "anna@northwind.example", "u-anna")
SCRIPT = Writer("CONSOLE API", "", "u-17")
AT = 1_795_183_405_000
NAMED_DRIFT = Drift(
    changed=(
        Step(CHECKOUT, Verb.UPDATE, (), UPDATE.fields, FILE, modified=ANNA, taints=frozenset({ONE_PAGE})),
        Step(VALUE, Verb.UPDATE, (), ADOPT.fields, ADOPT.where),
        Step(UNDER_REVIEW.key, Verb.UPDATE, (), (FieldChange(("status",), Action.SET, "disabled", "launched"),), FILE),
    ),
    gone=DRIFT.gone,
    same=44,
    salts=(
        Resalt((CHECKOUT, ResourceKey("DynamicConfig", "checkout_v2")), Entry("e", "x", "config_resalt", ANNAS, AT)),
    ),
    sorts={CHECKOUT: Sort.ROLLOUT, VALUE: Sort.OTHER, UNDER_REVIEW.key: Sort.OFF},
    traces={
        CHECKOUT: (
            Trace(Source.VERSIONS, (ANNAS,), AT, certain=True, version=7),
            Trace(Source.LOG, (ANNAS, SCRIPT), AT, note="one of them, in the same second"),
        ),
        VALUE: (Trace(note="the audit log could not be read: the service answered 403: Insufficient permissions."),),
        UNDER_REVIEW.key: (Trace(Source.VERSIONS, (SCRIPT,), AT, certain=True, version=3),),
        ONE_PAGE: (Trace(Source.LOG, (ANNAS,), AT, certain=True),),
    },
    digest="5f" * 32,
)
