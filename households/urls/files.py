"""Addresses: household files, their people and papers, and the residents' own pages of them."""

from django.urls import path

from households.views import files, letters, listing, mandates, mine, people, readings, selection

HOME = "households/<uuid:pk>/"

urlpatterns = [
    path("households/", listing.household_list, name="household_list"),
    path("households/filters/", listing.save_filter, name="save_filter"),
    path("households/filters/<uuid:pk>/drop/", listing.drop_filter, name="drop_filter"),
    path("households/assign/", selection.assign_responsible, name="assign_responsible"),
    path("households/contact-day/", selection.plan_contact, name="plan_contact"),
    path("households/export/", selection.export_households, name="export_households"),
    path(
        "households/filters/<uuid:pk>/default/",
        listing.set_default_filter,
        name="set_default_filter",
    ),
    path("households/look/", listing.keep_look, name="keep_look"),
    path("households/exports/<uuid:pk>/", selection.export_detail, name="export_detail"),
    path(
        "households/exports/<uuid:pk>/download/", selection.download_export, name="download_export"
    ),
    path("households/tags/", selection.tag_households, name="tag_households"),
    path("households/tags/undo/", selection.undo_tags, name="undo_tags"),
    path("households/messages/", selection.message_households, name="message_households"),
    path("households/messages/<uuid:pk>/", selection.group_message, name="group_message"),
    path(
        "households/messages/<uuid:pk>/cancel/",
        selection.cancel_group_message,
        name="cancel_group_message",
    ),
    path("households/readings/", readings.reading_list, name="reading_list"),
    path("households/letters/", letters.letter_jobs, name="letter_jobs"),
    path("households/letters/issue/", selection.issue_letters, name="issue_letters"),
    path("households/letters/<uuid:pk>/", letters.letter_job, name="letter_job"),
    path(
        "households/letters/<uuid:pk>/download/",
        letters.download_letters,
        name="download_letters",
    ),
    path("households/waiting/", letters.residency_queue, name="residency_queue"),
    path("households/corrections/", mine.correction_list, name="correction_list"),
    path("households/corrections/<uuid:pk>/", mine.settle_correction, name="settle_correction"),
    path(HOME, files.household_detail, name="household_detail"),
    path(f"{HOME}timeline/", files.household_timeline, name="household_timeline"),
    path(f"{HOME}print/", files.print_file, name="print_file"),
    path(f"{HOME}edit/", files.edit_household, name="edit_household"),
    path(f"{HOME}edit/<slug:only>/", files.edit_household, name="edit_fact"),
    path(f"{HOME}facts/<slug:only>/", files.show_fact, name="show_fact"),
    path(f"{HOME}special/", files.mark_special, name="mark_special"),
    path(f"{HOME}strategy/", files.write_strategy, name="write_strategy"),
    path(f"{HOME}care/", readings.read_care_tags, name="read_care_tags"),
    path(f"{HOME}care/add/", people.add_care_tag, name="add_care_tag"),
    path(f"{HOME}care/<uuid:tag_pk>/remove/", people.remove_care_tag, name="remove_care_tag"),
    path(f"{HOME}visits/add/", people.add_visit, name="add_visit"),
    path(f"{HOME}contacts/add/", people.add_contact, name="add_contact"),
    path(
        f"{HOME}contacts/<uuid:contact_pk>/remove/", people.remove_contact, name="remove_contact"
    ),
    path(
        f"{HOME}contacts/<uuid:contact_pk>/phone/", readings.unmask_contact, name="unmask_contact"
    ),
    path(f"{HOME}members/add/", people.add_member, name="add_member"),
    path(f"{HOME}members/<uuid:member_pk>/", people.edit_member, name="edit_member"),
    path(f"{HOME}members/<uuid:member_pk>/leave/", people.end_membership, name="end_membership"),
    path(f"{HOME}members/<uuid:member_pk>/death/", people.record_death, name="record_death"),
    path(
        f"{HOME}members/<uuid:member_pk>/phone/",
        readings.unmask_number,
        {"what": "phone"},
        name="unmask_phone",
    ),
    path(
        f"{HOME}members/<uuid:member_pk>/id-number/",
        readings.unmask_number,
        {"what": "id_number"},
        name="unmask_id_number",
    ),
    path(f"{HOME}counter/", letters.link_at_counter, name="link_at_counter"),
    path(
        f"{HOME}residencies/<uuid:residency_pk>/decline/",
        letters.decline_residency,
        name="decline_residency",
    ),
    path(
        f"{HOME}residencies/<uuid:residency_pk>/end/",
        letters.end_residency,
        name="end_residency",
    ),
    path(f"{HOME}mandates/add/", mandates.record_mandate, name="record_mandate"),
    path(
        f"{HOME}mandates/<uuid:mandate_pk>/approve/",
        mandates.approve_mandate,
        name="approve_mandate",
    ),
    path(
        f"{HOME}mandates/<uuid:mandate_pk>/revoke/",
        mandates.revoke_mandate,
        name="revoke_mandate",
    ),
    path(
        f"{HOME}mandates/<uuid:mandate_pk>/document/",
        mandates.read_mandate_document,
        name="read_mandate_document",
    ),
    path("link/", letters.link, name="link"),
    path("link/counter/", letters.counter_needed, name="counter_needed"),
    path("link/not-mine/", letters.disown_letter, name="disown_letter"),
    path("home/file/", mine.my_file, name="my_file"),
    path("home/correction/", mine.ask_correction, name="ask_correction"),
]
