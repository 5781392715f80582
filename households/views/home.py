"""My home (我的家): the first page of a resident."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_GET

from caoyang_portal.notices.models import Notice
from households.queries.home import home_of, homes_of

NEWEST = 5


@require_GET
@login_required
def home(request):
    """The stage of my home, what to do next, my papers, my messages."""
    homes = list(homes_of(request.user))
    if not homes:
        return render(request, "households/signing/no_home.html")
    asked = request.GET.get("home")
    chosen = next((h for h in homes if str(h.pk) == asked), None)
    if chosen is None and len(homes) > 1:
        return render(request, "households/signing/homes.html", {"homes": homes})
    chosen = chosen or homes[0]
    notices = Notice.objects.visible_to(request.user).order_by("-created_at")[:NEWEST]
    return render(
        request,
        "households/signing/home.html",
        {"home": home_of(chosen, request.user), "homes": homes, "notices": list(notices)},
    )
