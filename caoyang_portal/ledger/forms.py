"""The shape of what is asked of the ledger."""

from django import forms
from django.utils.translation import gettext_lazy as _


class EntrySearchForm(forms.Form):
    """By chain, act or day (查台账)."""

    chain = forms.CharField(
        label=_("链"), max_length=80, required=False, help_text=_("如 household:编号")
    )
    act = forms.CharField(label=_("事项"), max_length=80, required=False)
    day = forms.DateField(
        label=_("日期"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def clean(self):
        for name in ("chain", "act"):
            if "\0" in self.cleaned_data.get(name, ""):
                self.cleaned_data[name] = ""
        return self.cleaned_data


class RetryDeliveryForm(forms.Form):
    """No more than the press of a button (重投)."""
