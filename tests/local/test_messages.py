"""Translations without gettext: what is marked is found, what is missing or stale is told."""

import textwrap

import polib
import pytest

from local import messages

PAGE = """
{% load i18n %}
<h1>{% translate "签约率" %}</h1>
<c-panel heading="{% translate "本户意见" context "表头" %}">
<p>{% blocktranslate trimmed with n=households|length %}
  共 {{ n }} 户，
  已签 100%
{% endblocktranslate %}</p>
<p>{% blocktranslate count n=left %}还差 {{ n }} 户{% plural %}还差 {{ n }} 户{% endblocktranslate %}</p>
<a title="{{ _("帮助") }}">{% if x == _("无") %}…{% endif %}</a>
{# translate "注释里的不算" #}
"""

CODE = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext

LABEL = gettext_lazy("居委" "干部")
def told(n, name):
    _("%(n)s 户") % {"n": n}
    ngettext("%(n)s 人", "%(n)s 人", n)
    _(LABEL)
    return _(f"{name}您好")
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A small project with one app, one page and no catalogue."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(PAGE)
    (tmp_path / "homes").mkdir()
    (tmp_path / "homes" / "views.py").write_text(textwrap.dedent(CODE))
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "APPS", ("homes",))
    monkeypatch.setattr(messages, "CATALOGUE", tmp_path / "locale/en/LC_MESSAGES/django.po")
    return tmp_path


def _translate_all():
    catalogue = polib.pofile(str(messages.CATALOGUE))
    for entry in catalogue:
        if entry.msgid_plural:
            entry.msgstr_plural = {0: "%(n)s of it", 1: "%(n)s of them"}
        else:
            placeholders = messages.PLACEHOLDER.findall(entry.msgid)
            entry.msgstr = " ".join(["English", *placeholders])
    catalogue.save()


def test_every_marked_text_is_found(project):
    found, problems = messages.collect()
    assert set(found) == {
        (None, "签约率"),
        ("表头", "本户意见"),
        (None, "共 %(n)s 户， 已签 100%%"),
        (None, "还差 %(n)s 户"),
        (None, "帮助"),
        (None, "无"),
        (None, "居委干部"),
        (None, "%(n)s 户"),
        (None, "%(n)s 人"),
    }
    assert found[None, "还差 %(n)s 户"].plural == "还差 %(n)s 户"
    assert problems == ["homes/views.py:9: only a plain text can be translated"]


def test_a_catalogue_is_complete_only_when_every_text_has_its_english(project):
    found, _ = messages.collect()
    assert len(messages.problems_of(found)) == len(found) == 9
    messages.update(found)
    assert {why.split(": ")[1] for why in messages.problems_of(found)} == {"no English"}
    _translate_all()
    assert messages.problems_of(found) == []


def test_an_update_keeps_translations_and_drops_what_nobody_uses(project):
    found, _ = messages.collect()
    messages.update(found)
    _translate_all()
    page = project / "templates" / "page.html"
    page.write_text(page.read_text().replace("签约率", "签约的比例"))
    found, _ = messages.collect()
    assert messages.problems_of(found) == [
        "stale, nobody uses it: 签约率",
        "templates/page.html: not in the catalogue: 签约的比例",
    ]
    kept = {entry.msgid: entry.msgstr for entry in messages.update(found)}
    assert "签约率" not in kept
    assert (kept["签约的比例"], kept["居委干部"]) == ("", "English")


@pytest.mark.parametrize(
    ("english", "fault"),
    [
        ("%(m)s households", "English has a placeholder the text lacks"),
        ("households", "English lacks a placeholder"),
        ("  ", "no English"),
    ],
)
def test_a_translation_has_the_placeholders_of_its_text(english, fault, project):
    found, _ = messages.collect()
    messages.update(found)
    _translate_all()
    catalogue = polib.pofile(str(messages.CATALOGUE))
    catalogue.find("%(n)s 户").msgstr = english
    catalogue.save()
    assert messages.problems_of(found) == [f"homes/views.py: {fault}: %(n)s 户"]


def test_a_fuzzy_translation_is_none(project):
    found, _ = messages.collect()
    messages.update(found)
    _translate_all()
    catalogue = polib.pofile(str(messages.CATALOGUE))
    catalogue.find("居委干部").flags.append("fuzzy")
    catalogue.save()
    assert messages.problems_of(found) == ["homes/views.py: fuzzy: 居委干部"]


def test_compiling_again_follows_the_catalogue(project):
    found, _ = messages.collect()
    messages.update(found)
    _translate_all()
    messages.compile_catalogues()
    compiled = polib.mofile(str(messages.CATALOGUE.with_suffix(".mo")))
    assert compiled.find("签约率").msgstr == "English"
