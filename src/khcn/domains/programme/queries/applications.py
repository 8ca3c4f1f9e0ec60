"""Reads application dossiers: what one still lacks, the list, and sums of its estimate."""

from typing import Any, Final

from khcn.domains.programme.choices import (
    ApplicationState,
    BudgetLineKind,
    FundingSourceKind,
    ProductType,
    Purpose,
    Sector,
    WorkTitle,
)
from khcn.domains.programme.models import Application
from khcn.domains.programme.queries.norms import reckoning_words
from khcn.kernel.documents.models import Document
from khcn.kernel.orgs.models import Person
from khcn.lib.labelled import Labelled

#: Papers of a dossier that somebody else signs, so that they are attached; the rest is written here.
#: (code, name, when). Source: TT 20/2023/TT-BKHCN, Điều 5.
PAPERS: Final = (
    ("TCPL", "Tài liệu chứng minh tư cách pháp lý của tổ chức", "always"),
    ("B1-3-LLTC", "Tóm tắt hoạt động khoa học và công nghệ của tổ chức (Biểu B1-3-LLTC)", "always"),
    ("B1-4-LLCN", "Lý lịch khoa học của chủ nhiệm và thành viên chính (Biểu B1-4-LLCN)", "always"),
    ("B1-5-PHNC", "Xác nhận phối hợp thực hiện (Biểu B1-5-PHNC, B1-6-LLTCPHNC)", "partners"),
    ("VDU", "Phương án huy động và giấy tờ chứng minh vốn đối ứng", "counterpart"),
)
_CLASSES: Final = (("type", ProductType), ("purpose", Purpose), ("sector", Sector))
#: States in which the host may still write.
OPEN_TO_HOST: Final = frozenset({ApplicationState.DRAFT, ApplicationState.SELECTED, ApplicationState.APPRAISED})


def required_papers(application: Application) -> list[tuple[str, str]]:
    """(code, name) of the papers that this dossier must have."""
    due = {"always"}
    if application.counterpart_vnd:
        due.add("counterpart")
    if application.partners.exists():
        due.add("partners")
    return [(code, name) for code, name, when in PAPERS if when in due]


def attached_papers(application: Application) -> set[str]:
    """Codes of the papers attached here, or sent on paper as the host ticked."""
    attached = Document.objects.filter(
        subject_type=application._meta.label_lower, subject_uid=application.uid
    ).values_list("role", flat=True)
    on_paper = application.dossier.get("papers", {})
    return set(attached) | {code for code, sent in on_paper.items() if sent}


def missing_parts(application: Application) -> list[str]:
    """Names of the parts that the dossier still lacks before it may be submitted."""
    dossier = application.dossier
    lacking = []
    for key, name in (("objective", "mục tiêu"), ("contents", "nội dung công việc"), ("products", "sản phẩm"),
                      ("budget", "dự toán kinh phí")):  # fmt: skip
        if not dossier.get(key):
            lacking.append(name)
    if not application.summary.strip():
        lacking.append("tóm tắt thuyết minh")
    if dossier.get("budget") and budget_sums(application) != (application.state_vnd, application.counterpart_vnd):
        lacking.append("dự toán khớp với tổng kinh phí đề nghị")
    attached = attached_papers(application)
    lacking += [name for code, name in required_papers(application) if code not in attached]
    return lacking


def budget_sums(application: Application) -> tuple[int, int]:
    """(state money, other money) of the estimate's lines, in đồng."""
    state = other = 0
    for line in application.dossier.get("budget", ()):
        if line["source"] == FundingSourceKind.S4_COUNTERPART:
            other += int(line["amount_vnd"])
        else:
            state += int(line["amount_vnd"])
    return state, other


def people_of(application: Application) -> dict[str, Person]:
    """Names of the team's members by uid."""
    uids = [row["person"] for row in application.dossier.get("team", ())]
    return {str(person.uid): person for person in Person.objects.filter(uid__in=uids)}


def shown_products(application: Application) -> list[dict[str, Any]]:
    """The dossier's products with the labels of their classification."""
    return [
        {**row, "labels": [_label(enum, row[name]) for name, enum in _CLASSES if row.get(name)]}
        for row in application.dossier.get("products", ())
    ]


def shown_budget(application: Application) -> list[dict[str, Any]]:
    """The estimate's lines with labels and what the appraisal team said of each."""
    comments = (application.appraisal or {}).get("line_comments", {})
    return [
        {
            **row, "kind_label": _label(BudgetLineKind, row["kind"]),
            "source_label": _label(FundingSourceKind, row["source"]), "comment": comments.get(str(number), ""),
            "reckoning_words": reckoning_words(row),
        }
        for number, row in enumerate(application.dossier.get("budget", ()))
    ]  # fmt: skip


def shown_team(application: Application) -> list[dict[str, Any]]:
    """The team with names and titles; people who are no longer known keep their line."""
    people = people_of(application)
    return [
        {**row, "name": str(people.get(row["person"], "–")), "title_label": _label(WorkTitle, row["title"])}
        for row in application.dossier.get("team", ())
    ]


def _label(enum: type[Labelled], value: str) -> str:
    return enum(value).label if value in enum.values() else value
