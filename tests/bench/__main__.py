"""``python -m tests.bench``: called by ``./dev bench`` with throw-away, durable servers."""

import argparse
import json
import os
import sys

import django


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="only the figures, as JSON")
    parser.add_argument(
        "--quick", action="store_true", help="up to 150,000 households, fewer runs"
    )
    parser.add_argument(
        "--only", default="servers,acts,board,documents,import,polls,suggestions,pages"
    )
    options = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "caoyang_portal.settings"
    os.environ["LOG_LEVEL"] = "ERROR"
    django.setup()
    figures = _measure(options.only.split(","), quick=options.quick)
    if options.json:
        json.dump(figures, sys.stdout, ensure_ascii=False, indent=1)
    else:
        _table(figures)
    return 0


def _measure(wanted: list[str], *, quick: bool) -> dict:
    from django.core.management import call_command

    from caoyang_portal.community.models import Neighbourhood
    from tests.bench import acts, board, generated, pages, papers, polls, suggestions, web_servers

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    figures = {}
    # bench-1 is looked at, in bench-2 to bench-14 they sign, bench-15 has its board polled.
    first, *sizes = [1499, 150_000] if quick else [1499, 150_000, 1_500_000]
    looks = 100 if quick else 300
    generated.neighbourhoods(1, 1)
    if "pages" in wanted:
        _say(f"pages at {first} households")
        figures["pages"] = {first: pages.measure(looks)}
    if "servers" in wanted:
        _say("web servers")
        figures["web servers"] = web_servers.measure(300 if quick else 2000)
    generated.neighbourhoods(2, 15)
    if "acts" in wanted:
        _say("signing acts")
        figures["signing"] = acts.measure(150 if quick else 600)
    if "board" in wanted:
        _say("the board")
        place = Neighbourhood.objects.get(code="bench-15")
        figures["board"] = board.measure(500 if quick else 3000, place)
    if "polls" in wanted:
        _say("polls")
        figures["polls"] = polls.measure(quick=quick)
    if "suggestions" in wanted:
        _say("suggestions")
        figures["suggestions"] = suggestions.measure(quick=quick)
    if "documents" in wanted:
        _say("documents")
        figures["documents"] = papers.documents(10 if quick else 30)
        figures["minutes of a meeting"] = papers.minutes(10 if quick else 30)
    if "import" in wanted:
        _say("imports")
        figures["import"] = papers.imports([1499, 20_000])
    for size in sizes if "pages" in wanted else ():
        _say(f"pages at {size} households")
        figures["pages"][size] = pages.at(size, looks)
    if "pages" in wanted:
        figures["growth of p50"] = pages.growth(figures["pages"])
    return figures


def _say(what: str) -> None:
    sys.stderr.write(f"measuring {what} …\n")
    sys.stderr.flush()


def _table(figures: dict, indent: int = 0) -> None:
    for name, value in figures.items():
        if isinstance(value, dict) and all(not isinstance(v, dict) for v in value.values()):
            cells = "  ".join(f"{key} {number}" for key, number in value.items())
            sys.stdout.write(f"{' ' * indent}{name!s:<24} {cells}\n")
        elif isinstance(value, dict):
            sys.stdout.write(f"{' ' * indent}{name}\n")
            _table(value, indent + 2)
        else:
            sys.stdout.write(f"{' ' * indent}{name}: {value}\n")


if __name__ == "__main__":
    sys.exit(main())
