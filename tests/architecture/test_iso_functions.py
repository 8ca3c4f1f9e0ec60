"""The thirty functions that ISO 9001 asks of the software: each has a screen that is there and a test that holds it.

The page `docs/reference/iso-functions.md` is written from the table below with KHCN_WRITE_CONFORMANCE=1.
"""

import os
import re
from pathlib import Path

from django.urls import get_resolver

ROOT = Path(__file__).resolve().parents[2]
PAGE, WRITES = ROOT / "docs" / "reference" / "iso-functions.md", "KHCN_WRITE_CONFORMANCE"
QMS, DESK, ENGINE = "src/khcn/domains/qms/tests", "src/khcn/domains/onestop/tests", "src/khcn/kernel/procedures/tests"
VIEWS = f"{QMS}/test_views.py"
LISTED = f"{VIEWS}::test_lists_open_for_the_secretary_with_filter_order_and_export"
WRITTEN = f"{VIEWS}::test_registers_add_change_and_remove_in_the_browser"
YEAR = (
    "tests/browser/test_year_of_quality.py::test_agency_goes_from_a_drawn_procedure_to_effective_and_moves_the_target"
)
#: code → clause, function, names of screens, tests
FUNCTIONS: dict[str, tuple[str, str, tuple[str, ...], tuple[str, ...]]] = {
    "F1": ("4.1", "Bối cảnh: vấn đề bên trong, bên ngoài, ngày xem lại", ("qms_context_list",), (LISTED, WRITTEN)),
    "F2": ("4.2", "Các bên quan tâm, yêu cầu, cách theo dõi", ("qms_party_list",), (LISTED,)),
    "F3": (
        "4.3", "Phạm vi, điều không áp dụng; đổi phạm vi thì nhắc công bố lại",
        ("qms_system_edit", "qms_exclusion_list", "qms_announcement_page"),
        (
            f"{QMS}/test_documents.py::test_scope_difference_after_the_announcement_tells_the_secretary",
            f"{QMS}/test_rules.py::test_compare_added_and_removed_need_a_new_announcement_and_a_reissue_does_not",
        ),
    ),
    "F4": (
        "4.4", "Bản đồ quá trình vẽ từ dữ liệu, nêu quá trình đứng riêng",
        ("qms_process_map", "qms_process_list", "qms_link_list"),
        (f"{QMS}/test_rules.py::test_lay_out_boxes_never_overlap_and_orphans_are_named",),
    ),
    "F5": (
        "5.2", "Chính sách chất lượng có phiên bản, mọi người đọc và xác nhận", ("qms_document_list", "qms_read"),
        (
            f"{QMS}/test_documents.py"
            "::test_bring_into_effect_closes_the_earlier_revision_and_asks_everybody_to_read",
            f"{QMS}/test_links.py::test_newcomer_is_asked_to_read_policy_and_own_units_documents_once",
        ),
    ),
    "F6": (
        "5.3", "Phân công, quyền hạn rút từ bảng bước", ("qms_raci",),
        (
            f"{QMS}/test_documents.py::test_responsibilities_are_read_from_step_tables",
            f"{QMS}/test_links.py::test_responsibilities_tell_who_takes_over",
        ),
    ),
    "F7": (
        "6.1", "Rủi ro và cơ hội, thang 5 × 5, trước và sau xử lý, gắn với bước", ("qms_risk_list",),
        (f"{QMS}/test_rules.py::test_level_of_bands", LISTED),
    ),
    "F8": (
        "6.2", "Mục tiêu đo tự động từ hồ sơ hoặc ghi tay", ("qms_objective_list", "qms_objectives_compute"),
        (f"{QMS}/test_effectiveness.py::test_measure_objectives_counts_the_engine_and_repeats_without_doubling",),
    ),
    "F9": (
        "6.3", "Yêu cầu thay đổi: tác động đến tài liệu, đào tạo, hồ sơ đang chạy",
        ("qms_change_list", "version_migration"),
        (
            f"{QMS}/test_links.py::test_change_that_moves_dossiers_is_not_done_before_they_are_moved",
            f"{QMS}/test_documents.py::test_change_request_decided_by_whoever_asked_is_refused",
        ),
    ),
    "F10": (
        "7.1.5", "Phương tiện đo, kiểm định, hiệu chuẩn", ("qms_instrument_list", "qms_calibration_list"), (LISTED,),
    ),
    "F11": ("7.1.6", "Tri thức của cơ quan", ("qms_knowledge_list",), (LISTED,)),
    "F12": (
        "7.2", "Năng lực theo vị trí, chỗ thiếu, đào tạo, chứng chỉ có hạn",
        ("qms_skills", "qms_training_list", "qms_certificate_list"),
        (
            f"{VIEWS}::test_pages_of_the_agency_open_for_the_secretary",
            f"{QMS}/test_improvement.py::test_plan_audit_with_a_certificate_that_ends_before_is_refused",
        ),
    ),
    "F13": ("7.4", "Trao đổi thông tin", ("qms_communication_list",), (LISTED,)),
    "F14": (
        "7.5", "Kiểm soát tài liệu: một bản hiệu lực, dấu kiểm soát, đọc và xác nhận",
        ("qms_document_list", "qms_revision_page", "qms_revision_copy"),
        (
            f"{QMS}/test_documents.py::test_effective_revision_a_second_one_is_refused_by_the_database",
            f"{QMS}/test_documents.py::test_copy_for_every_page_carries_the_mark_of_its_state", YEAR,
        ),
    ),
    "F15": (
        "7.5", "Biểu mẫu: bản hiệu lực, nơi sử dụng, ô có kiểu", ("qms_document_page", "version_forms"),
        (
            f"{QMS}/test_documents.py::test_withdraw_recalls_copies_and_where_used_names_who_uses_the_form",
            f"{QMS}/test_documents.py::test_approve_with_an_ended_legal_basis_or_a_form_not_in_effect_is_refused",
        ),
    ),
    "F16": (
        "7.5", "Bảng quản lý hồ sơ: thời hạn lưu, tạm giữ, xử lý", ("qms_records_list", "qms_folder_dispose"),
        (f"{QMS}/test_documents.py::test_dispose_folder_held_or_early_is_refused",),
    ),
    "F17": (
        "8.2", "Danh mục dịch vụ: thủ tục và việc nội bộ, yêu cầu, phí, thời hạn công khai",
        ("qms_services", "tthc_list", "public_procedures"),
        (f"{QMS}/test_analysis.py::test_services_page_shows_what_lacks_a_procedure", YEAR),
    ),
    "F18": (
        "8.4", "Nhà cung cấp, đánh giá lần đầu và hằng năm", ("qms_supplier_list", "qms_supplieryear_list"), (LISTED,),
    ),
    "F19": (
        "8.5, 8.6", "Thực hiện có kiểm soát: bước, mã hồ sơ, bản chính của người dân, ký duyệt",
        ("dossier_page", "step_page", "original_take"),
        (f"{DESK}/test_campaigns.py::test_originals_are_given_back_before_the_result", YEAR),
    ),
    "F20": (
        "8.7", "Kết quả không phù hợp: sửa, thu hồi, xin lỗi, chấp nhận", ("qms_output_list",),
        (f"{QMS}/test_links.py::test_extension_is_noted_once_as_a_result_that_did_not_come_when_promised",),
    ),
    "F21": (
        "9.1.2", "Khảo sát từng hồ sơ và theo đợt, phản ánh, kiến nghị",
        ("public_track", "campaign_list", "complaint_list"),
        (
            f"{DESK}/test_campaigns.py::test_campaign_answers_count_in_the_agencys_satisfaction",
            f"{DESK}/test_voices_and_figures.py::test_complaint_goes_its_way_with_a_limit_for_each_step", YEAR,
        ),
    ),
    "F22": (
        "9.1.3", "Phân tích: xu hướng, Pareto lượt trả lại, điểm nghẽn", ("qms_analysis", "procedure_statistics"),
        (f"{QMS}/test_analysis.py::test_analysis_page_shows_the_few_and_hands_out_each_table",),
    ),
    "F23": (
        "9.2", "Chương trình đánh giá năm theo rủi ro", ("qms_programme_page",),
        (
            f"{QMS}/test_rules.py::test_weight_grows_with_each_fact_and_the_heaviest_comes_first",
            f"{QMS}/test_improvement.py::test_approve_programme_by_its_drafter_is_refused",
        ),
    ),
    "F24": (
        "9.2", "Kế hoạch đợt đánh giá, thông báo trước ít nhất 7 ngày", ("qms_audit_new", "qms_audit_page"),
        (f"{QMS}/test_improvement.py::test_notify_audit_six_days_before_is_refused_and_seven_is_not",),
    ),
    "F25": (
        "9.2", "Bảng câu hỏi: điều khoản × quy trình × hồ sơ thật lấy mẫu", ("qms_checklist_prepare",),
        (
            f"{QMS}/test_improvement.py::test_prepare_checklist_samples_real_dossiers_that_can_be_drawn_again",
            f"{QMS}/test_rules.py::test_draw_same_seed_gives_the_same_sample_in_any_order",
        ),
    ),
    "F26": (
        "9.2", "Phát hiện năm loại, ghi trên điện thoại", ("qms_item_page",),
        (f"{VIEWS}::test_audit_checklist_on_the_phone_leads_to_the_next_point",),
    ),
    "F27": (
        "9.2", "Báo cáo đánh giá, mỗi lỗi thành một phiếu", ("qms_audit_report",),
        (f"{QMS}/test_improvement.py::test_audit_runs_to_its_end_and_faults_become_nonconformities", YEAR),
    ),
    "F28": (
        "10.2", "Sự không phù hợp: nguyên nhân, hành động, kiểm tra hiệu lực; bước quá hạn tự mở phiếu",
        ("qms_nc_page", "qms_nc_board"),
        (
            f"{QMS}/test_improvement.py::test_close_needs_thirty_days_and_somebody_else_than_the_owner",
            f"{QMS}/test_jobs.py::test_hear_of_overdue_step_opens_a_draft_once_the_month_has_three", YEAR,
        ),
    ),
    "F29": (
        "9.3", "Xem xét của lãnh đạo: đầu vào a–f tự điền, kết luận thành việc", ("qms_review_page",),
        (f"{QMS}/test_effectiveness.py::test_freeze_inputs_fills_a_to_f_and_sign_refuses_altered_inputs", YEAR),
    ),
    "F30": (
        "10.3", "Sáng kiến, cải tiến; việc cần nghiên cứu thành đề xuất nhiệm vụ",
        ("qms_idea_list", "qms_idea_propose"),
        (f"{QMS}/test_links.py::test_idea_is_proposed_once_by_those_who_keep_the_system_and_only_for_research",),
    ),
}  # fmt: skip


def routes() -> dict[str, str]:
    """The address of each screen by its name, placeholders as they are written."""
    found = {}
    for name, ways in get_resolver().reverse_dict.lists():
        if isinstance(name, str):
            path = ways[0][0][0][0]
            found[name] = "/" + re.sub(r"%\((\w+)\)s", r"<\1>", path)
    return found


def drawn() -> str:
    """The page that the table gives."""
    addresses = routes()
    lines = [
        "# Functions of the quality system, clause by clause",
        "",
        "Which screen does what ISO 9001 asks for, and which test holds it. Written by "
        "`tests/architecture/test_iso_functions.py`",
        f"with `{WRITES}=1`; {len(FUNCTIONS)} functions.",
        "",
        "| Function | Clause | What | Screens | Tests |",
        "| --- | --- | --- | --- | --- |",
    ]
    for code, (clause, what, screens, tests) in FUNCTIONS.items():
        shown = "<br>".join(f"`{addresses[name]}`" for name in screens)
        held = "<br>".join(f"`{test.rpartition('/')[2].replace('.py::', ': ')}`" for test in tests)
        lines.append(f"| {code} | {clause} | {what} | {shown} | {held} |")
    return "\n".join(lines) + "\n"


def test_every_function_has_screens_that_are_there_and_tests_that_are_written():
    known = routes()

    lacking = [f"{code}: {name}" for code, row in FUNCTIONS.items() for name in row[2] if name not in known]
    for code, row in FUNCTIONS.items():
        for test in row[3]:
            file, _colons, name = test.partition("::")
            path = ROOT / file
            if not path.is_file() or f"def {name}(" not in path.read_text("utf-8"):
                lacking.append(f"{code}: {test}")

    assert list(FUNCTIONS) == [f"F{number}" for number in range(1, 31)]
    assert lacking == []
    assert all(row[2] and row[3] for row in FUNCTIONS.values())


def test_page_says_what_the_table_says():
    page = drawn()
    if os.environ.get(WRITES):
        PAGE.write_text(page, "utf-8")

    assert PAGE.read_text("utf-8") == page, f"write it again: {WRITES}=1"
