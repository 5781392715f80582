"""What suggestions may be looked for by (查找建议), on the public list and over the interface."""

from django import forms
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Building, Neighbourhood, Organisation
from suggestions.models import Category, Suggestion
from suggestions.queries.finding import ORDERS, units_of

EVERYWHERE = "all"
MOST_PLACES = 60  # to choose from; of a whole city one knows one's own
STATES = [c for c in Suggestion.State.choices if c[0] != Suggestion.State.WITHDRAWN]
ORDER_WORDS = {
    "new": _("最新提出的在前"),
    "supported": _("最多人提的在前"),
    "answered": _("刚答复的在前"),
}


class SearchForm(forms.Form):
    """The words of a list's address; anything strange finds everything."""

    q = forms.CharField(label=_("查找建议"), required=False, max_length=100)
    place = forms.ChoiceField(label=_("哪个居民区"), required=False)
    category = forms.ChoiceField(
        label=_("关于哪方面"), required=False, choices=[("", _("各个方面")), *Category.choices]
    )
    state = forms.ChoiceField(
        label=_("走到哪一步"), required=False, choices=[("", _("每一步的都看")), *STATES]
    )
    building = forms.ModelChoiceField(
        Building.objects.none(), label=_("哪一幢"), required=False, empty_label=_("整个小区和各幢")
    )
    unit = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("谁办理"), required=False, empty_label=_("各个单位")
    )
    year = forms.TypedChoiceField(label=_("哪一年"), required=False, coerce=int, empty_value=None)
    order = forms.ChoiceField(label=_("排列"), required=False, choices=list(ORDER_WORDS.items()))

    def __init__(self, data, *, homes, years):
        super().__init__(data)
        places = homes or list(Neighbourhood.objects.order_by("name")[:MOST_PLACES])
        self.places = {str(place.pk): place for place in places}
        own = [("", _("我的居民区"))] if homes else []
        self.fields["place"].choices = [
            *own,
            (EVERYWHERE, _("所有居民区")),
            *((key, place.name) for key, place in self.places.items()),
        ]
        chosen = self.places.get(self.data.get("place", ""))
        at = [chosen] if chosen else homes
        self.fields["building"].queryset = Building.objects.filter(neighbourhood__in=at)
        self.fields["unit"].queryset = units_of(at)
        self.fields["year"].choices = [("", _("各年")), *((year, year) for year in years)]

        for field in self.fields.values():
            field.widget.attrs["aria-label"] = field.label

    @property
    def choices_shown(self) -> list:
        """The selections beside the words; one that offers nothing is left out."""
        bound = [self[name] for name in self.fields if name != "q"]
        return [field for field in bound if len(field.field.choices) > 1]

    @property
    def is_chosen(self) -> bool:
        """Whether one of them is not as it stands at first."""
        as_at_first = {None, "", next(iter(ORDERS))}
        return any(self.data.get(field.name) not in as_at_first for field in self.choices_shown)

    def wanted(self) -> dict:
        """What was asked for and is well formed."""
        self.is_valid()
        given = {name: self.cleaned_data.get(name) or "" for name in self.fields}
        return given | {
            "order": given["order"] if given["order"] in ORDERS else next(iter(ORDERS))
        }


class SaveViewForm(forms.Form):
    name = forms.CharField(max_length=40, required=False)
    query = forms.CharField(max_length=500, required=False)


class DeskFindForm(forms.Form):
    """What a desk looks for; anything strange finds everything."""

    q = forms.CharField(required=False, max_length=100)
    state = forms.ChoiceField(required=False, choices=Suggestion.State.choices)
    category = forms.ChoiceField(required=False, choices=Category.choices)
    year = forms.IntegerField(required=False, min_value=2000, max_value=2200)
    late = forms.BooleanField(required=False)
    mine = forms.BooleanField(required=False)

    def wanted(self) -> dict:
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in self.fields}


class InterfaceForm(forms.Form):
    """The same for programs: whatever is strange is said to be wrong."""

    q = forms.CharField(required=False, max_length=100)
    neighbourhood = forms.ModelChoiceField(
        Neighbourhood.objects.all(), required=False, to_field_name="code"
    )
    category = forms.ChoiceField(required=False, choices=Category.choices)
    state = forms.ChoiceField(required=False, choices=STATES)
    year = forms.IntegerField(required=False, min_value=2000, max_value=2200)
    order = forms.ChoiceField(required=False, choices=[(order, order) for order in ORDERS])
    limit = forms.IntegerField(required=False, min_value=1, max_value=100)
    after = forms.CharField(required=False, max_length=100)


class FiguresForm(forms.Form):
    """Whose figures, and of which year; anything strange is one's own place, this year."""

    place = forms.ModelChoiceField(
        Neighbourhood.objects.order_by("name"),
        label=_("哪个居民区"),
        required=False,
        empty_label=None,
    )
    year = forms.IntegerField(label=_("哪一年"), required=False, min_value=2000, max_value=2200)
