"""Granian beside gunicorn, the same pages in turns: why ``deploy/run`` prefers one (网页服务器)."""

from django.urls import reverse

from households.models import Project
from tests.bench import load, servers

NAMES = ("granian", "gunicorn")
ROUNDS = 3


def measure(count: int) -> dict:
    """Rates at 8 clients of the least the portal answers, of a figure for screens, and of a page."""
    project = Project.objects.get(neighbourhood__code="bench-1")
    pages = {
        "livez": "/livez",
        "board.json": reverse("households:board_json", args=[project.code]),
        "public board": reverse("households:public_board", args=[project.code]),
    }
    figures: dict = {}
    with servers.web(server=NAMES[0]) as first, servers.web(server=NAMES[1]) as second:
        ports = dict(zip(NAMES, (first, second), strict=True))
        for page, path in pages.items():
            asked = [load.Request("GET", path, "", {"Host": "localhost"})] * count
            turns: dict[str, list[load.Run]] = {name: [] for name in NAMES}
            for turn in range(ROUNDS + 1):
                for name, port in ports.items():
                    done = load.run(port, asked, clients=8)
                    if turn:  # the first warms up
                        turns[name].append(done)
            figures[page] = {name: load.together(runs).figures() for name, runs in turns.items()}
    figures["granian/gunicorn"] = {
        page: round(by["granian"]["per_second"] / by["gunicorn"]["per_second"], 2)
        for page, by in figures.items()
    }
    return figures
