"""Who may run a project: its committee."""

import rules

from households.rules.offices import is_committee

rules.add_perm("households.start_project", is_committee)
rules.add_perm("households.write_plan_parts", is_committee)
rules.add_perm("households.record_stage", is_committee)
rules.add_perm("households.advance_project", is_committee)
rules.add_perm("households.freeze_roster", is_committee)
rules.add_perm("households.set_signing_terms", is_committee)
rules.add_perm("households.set_allowance_rule", is_committee)
rules.add_perm("households.compute_allowances", is_committee)
rules.add_perm("households.publicise_plan", is_committee)
