"""What a member pays for a cause on a day, and whether it has."""

from datetime import date

from khcn.domains.marks.choices import FeeCause, UseAct
from khcn.domains.marks.models import FeeRate, MarkParameter, Right, UseRight

_THRESHOLD = {FeeCause.GRANT: "use.fee_vnd", FeeCause.RENEW: "use.renew_fee_vnd"}
_ACT = {FeeCause.GRANT: UseAct.GRANT, FeeCause.RENEW: UseAct.RENEW}


def fee_on(right: Right, cause: FeeCause, on: date) -> tuple[int, str]:
    """(đồng, where it is said) on a day: the right's own rate, else the threshold of the office."""
    rate = FeeRate.objects.valid_on(on).filter(right=right, cause=cause).order_by("-valid_from").first()
    if rate is not None:
        return rate.amount_vnd, rate.basis
    row = MarkParameter.objects.valid_on(on).filter(key=_THRESHOLD[cause]).order_by("-valid_from").first()
    return (int(row.value), row.citation) if row is not None else (0, "")


def owes(use: UseRight, cause: FeeCause, on: date) -> bool:
    """Whether what is asked for the next such act was not paid yet."""
    amount, _basis = fee_on(use.right, cause, on)
    paid = use.fees.filter(cause=cause, paid_on__isnull=False).count()
    return amount > 0 and paid <= use.steps.filter(act=_ACT[cause]).count()
