"""Which steps a version of a procedure may take: one table."""

from dataclasses import dataclass

from khcn.kernel.procedures.choices import VersionState as S


@dataclass(frozen=True, slots=True)
class VersionStep:
    """One step of a version: the states it leaves, the state it reaches, its name for people."""

    sources: tuple[S, ...]
    target: S
    label: str


VERSION_STEPS: dict[str, VersionStep] = {
    "submit": VersionStep((S.DRAFT,), S.IN_REVIEW, "Trình phê duyệt"),
    "return": VersionStep((S.IN_REVIEW,), S.DRAFT, "Trả lại để sửa"),
    "approve": VersionStep((S.IN_REVIEW,), S.APPROVED, "Phê duyệt"),
    "deploy": VersionStep((S.APPROVED,), S.EFFECTIVE, "Cho có hiệu lực"),
    "supersede": VersionStep((S.EFFECTIVE,), S.SUPERSEDED, "Thay thế"),
    "withdraw": VersionStep((S.DRAFT, S.IN_REVIEW, S.APPROVED, S.EFFECTIVE), S.WITHDRAWN, "Thu hồi"),
}
