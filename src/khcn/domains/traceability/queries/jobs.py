"""Capture jobs of a client."""

from uuid import UUID

from khcn.domains.traceability.errors import NoSuchResource
from khcn.domains.traceability.models import CaptureJob, Client


def jobs_of(*, client: Client, per_page: int, after: int | None = None) -> tuple[list[CaptureJob], int | None]:
    """The client's jobs, the latest first, and what continues the list."""
    jobs = CaptureJob.objects.filter(client=client).defer("document").order_by("-id")
    if after is not None:
        jobs = jobs.filter(id__lt=after)
    found = list(jobs[: per_page + 1])
    return found[:per_page], found[per_page - 1].id if len(found) > per_page else None


def job_by_uid(*, client: Client, uid: str) -> CaptureJob:
    """Raises NoSuchResource."""
    try:
        found = CaptureJob.objects.filter(client=client, uid=UUID(uid)).defer("document").first()
    except ValueError:
        found = None
    if found is None:
        raise NoSuchResource("Không có lần ghi mang mã này.")
    return found
