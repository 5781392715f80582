"""Who may take a roster in: the neighbourhood's committee, and whoever runs the machine itself."""

import rules

from households.rules.offices import is_committee


@rules.predicate
def is_the_machine(user, subject):
    """Nobody signed in: a command on the server. No request comes without a user."""
    return user is None


is_staff = ~is_the_machine & is_committee

rules.add_perm("households.upload_roster", is_the_machine | is_staff)
rules.add_perm("households.check_roster", is_the_machine | is_staff)
rules.add_perm("households.choose_columns", is_staff)
rules.add_perm("households.start_import", is_staff)
rules.add_perm("households.import_batch", is_the_machine | is_staff)
rules.add_perm("households.undo_import", is_staff)
rules.add_perm("households.discard_batch", is_staff)
rules.add_perm("households.take_snapshot", is_the_machine | is_staff)
