"""Everything that is done with a publicity (公示)."""

from .clock import follow_clock, print_certificates
from .objections import answer_objection, enter_objection, hide_objection, object_to_publicity
from .places import add_posting_place, put_up_notice, remove_posting_place, take_off_notice
from .publicities import (
    add_publicity_file,
    draft_publicity,
    edit_publicity,
    extend_publicity,
    order_certificate,
    post_publicity,
    publish_again,
    remove_publicity_file,
    take_down_publicity,
    withdraw_publicity,
)

__all__ = [
    "add_posting_place",
    "add_publicity_file",
    "answer_objection",
    "draft_publicity",
    "edit_publicity",
    "enter_objection",
    "extend_publicity",
    "follow_clock",
    "hide_objection",
    "object_to_publicity",
    "order_certificate",
    "post_publicity",
    "print_certificates",
    "publish_again",
    "put_up_notice",
    "remove_posting_place",
    "remove_publicity_file",
    "take_down_publicity",
    "take_off_notice",
    "withdraw_publicity",
]
