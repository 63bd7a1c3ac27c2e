"""Once a day, offers that nobody answered by their day lapse: of every commissioner and place that has one."""

from __future__ import annotations

from remit.contract.participation import State
from remit.service import clock
from remit.service.offers.following import lapse
from remit.service.offers.models import Participation
from remit.service.organisations.models import Organisation
from remit.service.scope import reach
from remit.service.scope.acting import acting
from remit.service.scope.scope import EVERYTHING


def lapse_everywhere() -> int:
    """Let what is past its day lapse; how many. Several workers may look at once, and the second finds nothing."""
    today = clock.today()
    with acting(EVERYTHING):
        past = Participation.objects.filter(state=State.OFFERED.value, respond_by__lt=today).values("organisation")
        organisations = list(Organisation.objects.filter(pk__in=past).order_by("pk"))
    count = 0
    for one in organisations:
        with acting(reach.of_service(one, today)):
            count += lapse(one, today)
    return count
