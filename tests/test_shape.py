"""The shape of the code itself: what every app promises its readers."""

import importlib
import inspect
import pkgutil
import re

import pytest
import rules
from django.apps import apps

OUR_APPS = [
    "households",
    "consultation",
    "suggestions",
    "community",
    "ledger",
    "notices",
    "uploads",
    "calendars",
    "publicity",
]
WITH_ACTS = {
    "households": "households",
    "consultation": "consultation",
    "suggestions": "suggestions",
    "community": "caoyang_portal.community",
    "ledger": "caoyang_portal.ledger",
    "notices": "caoyang_portal.notices",
    "calendars": "caoyang_portal.calendars",
    "publicity": "caoyang_portal.publicity",
}


def modules_of(app: str, name: str):
    """``app.name`` and, where it is a package, the modules in it."""
    try:
        module = importlib.import_module(f"{app}.{name}")
    except ModuleNotFoundError:
        return []
    if not hasattr(module, "__path__"):
        return [module]
    return [
        importlib.import_module(f"{module.__name__}.{found.name}")
        for found in pkgutil.iter_modules(module.__path__)
    ]


def acts(app: str):
    """Public functions of the app's actions that somebody does."""
    for module in modules_of(app, "actions"):
        for name, function in inspect.getmembers(module, inspect.isfunction):
            home = inspect.unwrap(function)
            if home.__module__ != module.__name__ or name.startswith("_"):
                continue
            if "by" in inspect.signature(home).parameters:
                yield name, home


@pytest.mark.parametrize("label", OUR_APPS)
def test_every_model_is_in_its_app_s_glossary(label):
    config = apps.get_app_config(label)
    glossary = config.module.__doc__
    missing = [m.__name__ for m in config.get_models() if m.__name__ not in glossary]
    assert missing == []


@pytest.mark.parametrize("label", WITH_ACTS)
def test_every_act_somebody_does_has_a_rule(label):
    """``record_…`` helpers that only write a row for another act are named in their own module."""
    missing = [
        name
        for name, function in acts(WITH_ACTS[label])
        if f'record("{label}.{name}"' in _squeezed(function)
        and not rules.perm_exists(f"{label}.{name}")
    ]
    assert missing == []


@pytest.mark.parametrize("label", WITH_ACTS)
def test_whatever_is_recorded_was_asked_for_under_its_own_name(label):
    """An act with a ``by`` that enters the ledger asks the rule of the same name first."""
    wrong = []
    for name, function in acts(WITH_ACTS[label]):
        source = _squeezed(function)
        recorded = f'record("{label}.{name}"' in source
        asked = f'require(by, "{label}.{name}"' in source
        if recorded and not asked:
            wrong.append(name)
        if asked and recorded and source.index("require(by") > source.rindex("record("):
            wrong.append(f"{name}: asks too late")
    assert wrong == []


@pytest.mark.parametrize("label", WITH_ACTS)
def test_every_rule_is_tried_on_everyone(label):
    """Each rule of the app stands in a WHO_MAY table that is tried on every person we know."""
    tried = set()
    package = f"tests.{label}"
    for module in pkgutil.iter_modules(importlib.import_module(package).__path__):
        loaded = importlib.import_module(f"{package}.{module.name}")
        tables = [value for name, value in vars(loaded).items() if name.startswith("WHO_MAY")]
        tried |= {act.removeprefix(f"{label}.") for table in tables for act in table}
    named = {
        perm.removeprefix(f"{label}.")
        for perm in rules.permissions.permissions
        if perm.startswith(f"{label}.")
    }
    assert named - tried == set()


MAY_POINT_AT = {
    "uploads": {"uploads"},
    "calendars": {"calendars", "uploads"},
    "ledger": {"ledger", "uploads"},
    "community": {"community", "uploads"},
    "notices": {"notices", "ledger", "community"},
    "publicity": {"publicity", "community", "uploads"},
    "households": {"households", "community", "uploads", "ledger"},
    "consultation": {"consultation", "households", "community", "uploads", "ledger"},
    "suggestions": {"suggestions", "households", "community", "uploads", "ledger"},
}


@pytest.mark.parametrize("label", OUR_APPS)
def test_foreign_keys_point_downwards(label):
    """String references dodge import-linter; this catches them. Whoever acts is the one exception."""
    targets = {
        field.related_model._meta.app_label
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.get_fields()
        if field.is_relation
        and not field.auto_created
        and field.related_model
        and field.related_model._meta.label != "community.User"
    }
    assert targets <= MAY_POINT_AT[label]


def test_every_business_row_names_its_neighbourhood():
    """Rows that belong to another row's tenant by a cascade, and the places themselves, are named here."""
    without = {
        model.__name__
        for model in apps.get_app_config("households").get_models()
        if "neighbourhood" not in {field.name for field in model._meta.get_fields()}
    }
    assert without <= {"ImportRow", "GenerationFailure", "GenerationBatch"}


def test_no_state_changes_past_the_acts():
    """Views, forms, tasks and subscribers do not write rows of their own."""
    writes = re.compile(r"\.(save|create|bulk_create|update_or_create|get_or_create)\(")
    found = []
    for app in WITH_ACTS.values():
        for part in ("views", "forms", "tasks", "notices", "rules", "queries"):
            for module in modules_of(app, part):
                for number, line in enumerate(inspect.getsource(module).splitlines(), 1):
                    if writes.search(line) and "# writes:" not in line:
                        found.append(f"{module.__name__}:{number} {line.strip()}")
    assert found == []


def _squeezed(function) -> str:
    """The source with line breaks inside calls taken out, so that formatting does not hide a name."""
    return re.sub(r"\(\s+", "(", inspect.getsource(function)).replace("\n        ", " ")
