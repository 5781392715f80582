"""What a row of the matrix says (矩阵): an address, its methods, and who is told what."""

from collections.abc import Callable
from dataclasses import dataclass, field

AWAY = "away"  # a redirect that does not lead to signing in
LOGIN = "login"
THROUGH = {"GET": {200}, "POST": {200, AWAY, 409, 422}}

Thing = Callable[[object], dict]


@dataclass(frozen=True)
class Row:
    name: str
    methods: str
    may: str
    thing: Thing | None = None
    sees: str = ""  # told 403: they know the thing, and have no right
    away: str = ""  # led to a page of their own
    stranger: object = 404
    data: Thing | None = None  # what is posted
    query: Thing | None = None
    answers: dict = field(default_factory=dict)  # to those who get through, by method
    passerby: object = LOGIN
    shared: bool = False  # one for the neighbourhood: own and other are the same

    @property
    def targets(self) -> tuple[str, ...]:
        if not (self.thing or self.data or self.query):
            return ("own",)
        return ("own", "next") if self.shared else ("own", "other", "next")


def of(pk: str, **more: str) -> Thing:
    """The kwargs of an address, each a path into the target."""

    def kwargs(target) -> dict:
        return {name: _at(target, path) for name, path in {"pk": pk, **more}.items()}

    return kwargs


def _at(target, path: str):
    for name in path.split("."):
        target = getattr(target, name)
    return getattr(target, "pk", target)


def rows(names: str, methods: str, may: str, **more) -> list[Row]:
    return [Row(name, methods, may, **more) for name in names.split()]


def prefixed(prefix: str, names: str, methods: str, may: str, **more) -> list[Row]:
    return [Row(prefix + name, methods, may, **more) for name in names.split()]
