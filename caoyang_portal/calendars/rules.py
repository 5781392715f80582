"""Who may change the calendar: administrators; everybody may read it."""

import rules


@rules.predicate
def is_administrator(user) -> bool:
    return user.is_authenticated and user.holds("administrator")


rules.add_perm("calendars.set_special_day", is_administrator)
rules.add_perm("calendars.remove_special_day", is_administrator)
rules.add_perm("calendars.import_special_days", is_administrator)
