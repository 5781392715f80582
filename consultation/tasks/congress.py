"""The clock of the congress: the ten are taken up, periods of written opinions are watched."""

from celery import shared_task

from consultation.actions import congress_ballot, opinion_clocks


@shared_task(name="consultation.watch_congress")
def watch_congress():
    """Every quarter of an hour: what an area published is added up; who is late is told, each once."""
    congress_ballot.take_up_due()
    opinion_clocks.follow_clocks()
