"""Migrations that make many tables."""

from collections.abc import Sequence

from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation


class CreateModels(Operation):
    """Make the tables of an app together.

    Django builds every model of the portal anew after each ``CreateModel``: a hundred tables took
    half a minute on every start and in every test run. Here they are built once. Foreign keys may
    point at tables further down, so circles need no ``AddField`` of their own.
    """

    serialization_expand_args = ["operations"]

    def __init__(self, operations: Sequence[CreateModel]):
        self.operations = operations

    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)  # built again, whole, when it is next asked for
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self):
        return f"Create {len(self.operations)} models"
