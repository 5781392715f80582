"""Who takes notes at a meeting, keeps photos and recordings, and may look behind a label."""

import rules
from django.utils.translation import gettext_lazy as _

from caoyang_portal.ledger.wording import label_acts

from .attendance import runs_the_hall
from .meetings import takes_its_notes

NOTING = (
    "see_record", "save_note", "add_contribution", "correct_contribution", "strike_contribution",
    "note_decision", "edit_decision", "strike_decision", "add_meeting_photo",
    "remove_meeting_photo", "attach_audio", "download_audio", "destroy_audio",
)  # fmt: skip
for act in NOTING:
    rules.add_perm(f"consultation.{act}", runs_the_hall)
rules.add_perm("consultation.see_unnamed_speakers", takes_its_notes)

label_acts(
    {
        "consultation.save_note": _("存现场笔记"),
        "consultation.add_contribution": _("记发言"),
        "consultation.correct_contribution": _("更正发言"),
        "consultation.strike_contribution": _("划掉发言"),
        "consultation.note_decision": _("记会上决定"),
        "consultation.edit_decision": _("修改会上决定"),
        "consultation.strike_decision": _("划掉会上决定"),
        "consultation.add_meeting_photo": _("存现场照片"),
        "consultation.remove_meeting_photo": _("删现场照片"),
        "consultation.attach_audio": _("存会议录音"),
        "consultation.download_audio": _("听会议录音"),
        "consultation.destroy_audio": _("销毁会议录音"),
        "consultation.see_unnamed_speakers": _("查看不署名发言人"),
        "consultation.forget_unnamed_speakers": _("忘记不署名发言人是谁"),
    }
)
