"""Writing and publishing the text of agreements (协议范本)."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from households.models import AgreementTemplate, Project
from households.queries.templates import blockers, clean, sha256_of, unknown_slots


@transaction.atomic
def draft_template(
    project: Project, *, name: str, body: str, key_points: str, changes: str = "", by: User
) -> AgreementTemplate:
    """Begin the next version of a project's agreement text (起草范本)."""
    project = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    last = AgreementTemplate.objects.filter(project=project).aggregate(last=Max("version"))["last"]
    template = AgreementTemplate(
        neighbourhood=project.neighbourhood,
        project=project,
        name=name,
        version=(last or 0) + 1,
        key_points=key_points,
        body=clean(body),
        changes=changes,
        written_by=by,
    )
    require(by, "households.draft_template", template)
    if AgreementTemplate.objects.filter(project=project, published_at=None).exists():
        raise Refused(_("上一版还没有发布，请接着改那一版。"))
    _refuse_unknown(template)
    template.save()
    record("households.draft_template", template, by=by, version=template.version)
    return template


@transaction.atomic
def edit_template(
    template: AgreementTemplate, *, name: str, body: str, key_points: str, changes: str, by: User
) -> AgreementTemplate:
    """Change a draft (修改范本); a published text is never changed."""
    template = _locked(template)
    require(by, "households.edit_template", template)
    if template.published_at:
        raise Refused(_("已发布的范本不能修改，请起草新的一版。"))
    template.name, template.key_points, template.changes = name, key_points, changes
    template.body = clean(body)
    _refuse_unknown(template)
    template.save(update_fields=["name", "key_points", "changes", "body"])
    record(
        "households.edit_template",
        template,
        by=by,
        version=template.version,
        body_sha256=sha256_of(template.body),
    )
    return template


@transaction.atomic
def publish_template(template: AgreementTemplate, *, by: User) -> AgreementTemplate:
    """Make a draft the text that agreements are made from (发布范本)."""
    template = _locked(template)
    require(by, "households.publish_template", template)
    if template.published_at:
        raise Refused(_("这一版已经发布。"))
    if problems := blockers(template):
        raise Refused(problems[0])
    template.published_at = timezone.now()
    template.sha256 = sha256_of(template.body)
    template.save(update_fields=["published_at", "sha256"])
    record(
        "households.publish_template",
        template,
        by=by,
        version=template.version,
        sha256=template.sha256,
    )
    return template


def _refuse_unknown(template: AgreementTemplate) -> None:
    for name in unknown_slots(template):
        raise Refused(_("占位符“%(name)s”不认识，请从清单里选。") % {"name": name})


def _locked(template: AgreementTemplate) -> AgreementTemplate:
    return (
        AgreementTemplate.objects.select_for_update(of=("self",))
        .select_related("project", "neighbourhood")
        .get(pk=template.pk)
    )
