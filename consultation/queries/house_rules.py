"""House rules compared, and what still keeps a version from its next step (守则)."""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from consultation.models import ArticleComment, RulesAcknowledgement, RulesArticle, RulesVersion
from households.models import Household

State = RulesVersion.State
ABOUT = "consultation.rules_version"  # what the publicity of adopted rules is about
_WORD = re.compile(r"[A-Za-z0-9]+|\s+|.", re.DOTALL)


def articles_of(version: RulesVersion) -> list[RulesArticle]:
    """Those that stand, in their order."""
    return list(version.articles.filter(position__isnull=False).order_by("position"))


def voting(version: RulesVersion) -> list[str]:
    """What keeps a version from the vote; empty when nothing does."""
    missing = []
    if not version.articles.filter(position__isnull=False).exists():
        missing.append(_("还没有条款"))
    before = version.based_on
    was_commented = version.state == State.COMMENTED or (
        before is not None and before.state == State.COMMENTED
    )
    if not was_commented:
        missing.append(_("还没有征求过意见"))
    waiting = unanswered(version)
    if waiting:
        missing.append(_("还有 %(n)s 条意见没有答复") % {"n": waiting})
    return missing


def unanswered(version: RulesVersion) -> int:
    """Comments without an answer, on this version and on the one it came from."""
    versions = [version.pk, version.based_on_id]
    return ArticleComment.objects.filter(version__in=versions, taken=None).count()


@dataclass(frozen=True)
class Piece:
    """Some words: "same", "gone" from the earlier, or "new" in the later version."""

    kind: str
    text: str


@dataclass(frozen=True)
class ArticleChange:
    """One article in two versions."""

    kind: str  # same, changed, added, removed
    before: RulesArticle | None
    after: RulesArticle | None
    heading: list[Piece]
    text: list[Piece]
    moved: bool = False

    @property
    def old_text(self) -> list[Piece]:
        return [piece for piece in self.text if piece.kind != "new"]

    @property
    def new_text(self) -> list[Piece]:
        return [piece for piece in self.text if piece.kind != "gone"]


def compare(old: RulesVersion, new: RulesVersion) -> list[ArticleChange]:
    """Article by article, in the order of the newer; what was struck out stands at the end."""
    earlier = {article.line: article for article in articles_of(old)}
    later = {article.line: article for article in articles_of(new)}
    stayed = _stayed(list(earlier), list(later))
    found = [
        _change(earlier.get(line), article, line in stayed) for line, article in later.items()
    ]
    gone = [article for line, article in earlier.items() if line not in later]
    return found + [_change(article, None, stayed=True) for article in gone]


def _stayed(old: Sequence[UUID], new: Sequence[UUID]) -> set[UUID]:
    """The articles that kept their place among the others."""
    blocks = difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_matching_blocks()
    return {line for block in blocks for line in old[block.a : block.a + block.size]}


def _change(
    before: RulesArticle | None, after: RulesArticle | None, stayed: bool
) -> ArticleChange:
    heading = words(before.heading if before else "", after.heading if after else "")
    text = words(before.text if before else "", after.text if after else "")
    if before is None:
        return ArticleChange("added", None, after, heading, text)
    if after is None:
        return ArticleChange("removed", before, None, heading, text)
    is_same = (before.heading, before.text) == (after.heading, after.text)
    return ArticleChange(
        "same" if is_same else "changed", before, after, heading, text, moved=not stayed
    )


def words(old: str, new: str) -> list[Piece]:
    """What stayed, what went, what came; Chinese by the character, other words whole."""
    return list(_pieces(_WORD.findall(old), _WORD.findall(new)))


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    matcher = difflib.SequenceMatcher(a=old, b=new, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(old[i:j]))
            continue
        if i < j:
            yield Piece("gone", "".join(old[i:j]))
        if k < m:
            yield Piece("new", "".join(new[k:m]))


def homes_under(version: RulesVersion) -> QuerySet[Household]:
    """The households for whom the rules hold, with whether each has taken note."""
    homes = Household.objects.filter(neighbourhood_id=version.neighbourhood_id)
    if version.rules.building_id:
        homes = homes.filter(building_id=version.rules.building_id)
    noted = RulesAcknowledgement.objects.filter(version=version, household=OuterRef("pk"))
    return (
        homes.annotate(has_noted=Exists(noted))
        .select_related("building")
        .order_by("building__number", "door", "room", "part")
    )


def full_text(version: RulesVersion) -> str:
    """The rules as they are posted, in Chinese."""
    parts = [version.preface] if version.preface else []
    parts += [
        f"第{article.position}条　{article.heading}\n{article.text}"
        for article in articles_of(version)
    ]
    return "\n\n".join(parts)
