"""Every form on an existing record asks for the version that it was filled from, or says why it need not.

The forms are found by reading the views (`flows.edit_forms`), so that a new one without a version fails here: give it
the `state_mark` of the record and, where it shows what is stored, a scene in flows/edit_scenes.py. Where nothing can be
written over, give the reason below.
"""

import flows.edit_scenes_of_goods
import flows.edit_scenes_of_maps
import flows.edit_scenes_of_marks
import flows.edit_scenes_of_stations
import flows.edit_scenes_of_warnings
from flows.edit_forms import edit_forms
from flows.edit_scenes import SCENES

assert flows.edit_scenes_of_goods  # registers its scenes
assert flows.edit_scenes_of_maps
assert flows.edit_scenes_of_marks
assert flows.edit_scenes_of_stations
assert flows.edit_scenes_of_warnings

_ADDS = "adds a record of its own"
_STEP = "a step that its state allows once; the second is refused with the state it found"
_OWN = "what only one person writes: an own ballot, review, declaration or draft"
_APART = "told apart in its own way"
NOTHING_TO_WRITE_OVER: dict[str, str] = {
    **dict.fromkeys(
        (
            "account_page",
            "application_new",
            "assignment_page",
            "call_new",
            "campaign_answer",
            "case_new",
            "council_new",
            "council_seat_new",
            "dossier_receive",
            "level_table_draft",
            "map_import_new",
            "mark_area_new",
            "mark_control_plan",
            "mark_evidence_new",
            "mark_holder_new",
            "mark_incident_new",
            "mark_paper_new",
            "mark_rate_new",
            "mark_spec_new",
            "mark_stamp_design_new",
            "mark_stamp_issue",
            "mark_stamp_order_new",
            "mark_stamp_void",
            "mark_use_new",
            "mark_year_new",
            "software_screen_new",
            "software_source",
            "order_add",
            "original_take",
            "payment_file_attach",
            "payment_file_new",
            "pipeline_filter_save",
            "public_report",
            "public_submit",
            "qms_audit_new",
            "qms_copy_new",
            "qms_folder_new",
            "qms_inspection_finding_new",
            "qms_objective_measure",
            "qms_question_new",
            "qms_revision_new",
            "sensor_new",
            "sta_resource",
            "station_entry",
            "stream_new",
            "version_new",
            "issue_act:don-doc",
            "issue_act:tinh-hinh",
            "task_act:ban-giao",
            "task_act:bao-cao-tien-do",
            "task_act:de-nghi-dieu-chinh",
            "task_act:do-hieu-qua",
            "task_act:ghi-so",
            "task_act:ke-hoach-kiem-tra",
            "task_act:ke-khai-tai-san",
            "task_act:nop-hoan-tra",
            "task_act:phieu-ung-dung",
            "task_act:von-doi-ung",
            "plan_measure",
            "plan_values",
            "trace_border_import",
            "trace_border_new",
            "trace_evidence_new",
            "trace_field_form",
            "trace_field_sheet",
            "trace_field_walk",
            "trace_goods_fake",
            "trace_lot_labels",
            "trace_plot_paper_new",
            "trace_product_new",
            "trace_recall_new",
            "trace_site_new",
            "trace_statement_new",
            "warning_begin",
        ),
        _ADDS,
    ),
    **dict.fromkeys(
        (
            "appointment_end",
            "arrival_page",
            "call_opening",
            "clock_finish",
            "delivery_receipt",
            "look_up_page",
            "mark_fee_pay",
            "mark_stamp_receive",
            "mark_year_issue",
            "control_field_visit",
            "software_move",
            "order_remove",
            "original_return",
            "public_act",
            "qms_complaint_answer",
            "qms_decision_done",
            "qms_folder_dispose",
            "report_with_reason",
            "run_complete",
            "step_act",
            "trace_record_withdraw",
            "tthc_end",
            "version_act",
            "warning_drop",
        ),
        _STEP,
    ),
    **dict.fromkeys(
        (
            "council_act:bao-xung-dot",
            "council_act:bo-phieu",
            "council_act:cam-ket",
            "council_act:nhan-xet",
            "council_act:thu-ky-ky",
            "step_draft",
        ),
        _OWN,
    ),
    "annex_import": "shows every change by code before it is taken in",
    "annex_mapping": "shows every change by code before it is taken in",
    "map_import_page": "asks for the version; what differs is another reading of the file, which it shows whole",
    "map_change_new": "a proposal keeps the state it starts from and is not applied once the object has another",
    "mark_incident_act": "its acts ask for the version of the report themselves",
    "mark_fault_act": "its acts ask for the version of the nonconformity themselves",
    "mark_stamp_used": "a count read off the roll, entered anew as often as one likes; the log keeps each",
    "mark_use_act": "decisions ask for the version themselves; its other acts add records of their own",
    "budget_new": f"{_APART}: a new estimate names the one that it was drawn from and is refused beside another",
    "paper_token": f"{_APART}: the signing session pins the version of the paper",
    "token_finish": f"{_APART}: the signing session pins the version of the paper",
    "run_assign": "who does a step is given anew as often as one likes; the log keeps each",
    "step_page": f"{_APART}: the form carries what it showed of the case and says what changed",
    "version_migration": "shows each case before it is moved, and moves only those that still map",
    "qms_act": "the forms of its steps are found one by one",
}
FORMS = {form.name: form for form in edit_forms()}


def test_every_form_on_a_record_asks_for_the_version_or_says_why_not() -> None:
    silent = {name for name, form in FORMS.items() if not form.asks_version}

    assert silent - NOTHING_TO_WRITE_OVER.keys() == set(), "give the form the record's version (`state_mark`)"
    assert NOTHING_TO_WRITE_OVER.keys() - FORMS.keys() == set(), "no such form any more"
    assert all(NOTHING_TO_WRITE_OVER.values())


def test_every_form_filled_from_a_record_has_its_scene() -> None:
    filled = {name for name, form in FORMS.items() if form.shows_stored}

    assert filled - SCENES.keys() - NOTHING_TO_WRITE_OVER.keys() == set(), "write its scene in flows/edit_scenes.py"
    assert SCENES.keys() - FORMS.keys() == set(), "no such form any more"
