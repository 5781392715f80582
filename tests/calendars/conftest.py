import pytest

from caoyang_portal.calendars.models import SpecialDay
from caoyang_portal.calendars.seeding import seed


@pytest.fixture
def announced(db):
    """The holidays of 2020 to 2026, as announced."""
    seed(SpecialDay)
