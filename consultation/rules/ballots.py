"""Who may vote (表决): whoever stands on the roll, or their agent as instructed; no office by itself."""

import rules
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.ledger.wording import label_acts
from consultation.models import Proxy
from households.rules.offices import is_committee


@rules.predicate
def answers_for_the_entry(user, entry):
    """Stands on the roll there, or belongs to the home as the poll's electorate asks."""
    return user.is_authenticated and entry.is_answered_by(user)


@rules.predicate
def does_not_answer_for_it(user, mark):
    """A worker does not operate or witness a vote of their own."""
    return not answers_for_the_entry(user, mark.entry)


@rules.predicate
def holds_the_proxy(user, proxy):
    return (
        user.is_authenticated
        and Proxy.objects.live(timezone.localdate()).filter(pk=proxy.pk, agent=user).exists()
    )


@rules.predicate
def did_not_record_it(user, proxy):
    return proxy.recorded_by_id != user.pk


@rules.predicate
def answers_for_its_entry(user, proxy):
    return answers_for_the_entry(user, proxy.entry)


@rules.predicate
def is_superuser(user, subject):
    return user.is_superuser


# The machine's keeper votes for nobody, not even with a home's papers in hand.
may_vote = ~is_superuser & answers_for_the_entry
rules.add_perm("consultation.ask_vote_code", may_vote)
rules.add_perm("consultation.cast_online", may_vote)
rules.add_perm("consultation.ask_proxy_code", ~is_superuser & holds_the_proxy)
rules.add_perm("consultation.cast_by_proxy", ~is_superuser & holds_the_proxy)
rules.add_perm("consultation.cast_on_tablet", is_committee & does_not_answer_for_it)
rules.add_perm("consultation.witness_vote", is_committee & does_not_answer_for_it)
rules.add_perm("consultation.record_proxy", is_committee)
rules.add_perm("consultation.approve_proxy", is_committee & did_not_record_it)
rules.add_perm("consultation.revoke_proxy", is_committee | answers_for_its_entry)

label_acts(
    {
        "consultation.cast_ballot": _("投票"),
        "consultation.record_proxy": _("登记表决委托"),
        "consultation.approve_proxy": _("复核表决委托"),
        "consultation.revoke_proxy": _("撤销表决委托"),
    }
)
