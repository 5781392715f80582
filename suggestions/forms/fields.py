"""Fields that several nouns use."""

from django import forms


def area_field(label, rows=4, **more):
    more.setdefault("max_length", 2000)
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **more)
