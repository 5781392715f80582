"""Shape of input: one sheet of notes as it was written, and on which text."""

from django import forms

from consultation.models import AgendaItem


class NoteForm(forms.Form):
    item = forms.ModelChoiceField(AgendaItem.objects.none(), required=False)
    text = forms.CharField(required=False, strip=False)
    base = forms.IntegerField(min_value=0, max_value=2**31 - 1)
    settles = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False)

    def __init__(self, *args, meeting, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = meeting.agenda.all()

    def clean_text(self):
        return self.cleaned_data["text"].replace("\r\n", "\n")

    def clean_settles(self):
        return self.cleaned_data["settles"] or 0
