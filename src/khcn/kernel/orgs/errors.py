"""Refusals of the orgs room.

Refused
  ├─ AppointmentRefused   appointment_refused   dates or holders that cannot be
  ├─ DelegationRefused    delegation_refused    power that the giver does not hold, or cannot hand on
  └─ AccountRefused       account_refused       a second account, a taken name, one's own account
"""

from khcn.lib.failure import Refused


class AppointmentRefused(Refused):
    code = "appointment_refused"
    default = "Không ghi được chức vụ này."


class DelegationRefused(Refused):
    code = "delegation_refused"
    default = "Không ghi được ủy quyền này."


class AccountRefused(Refused):
    code = "account_refused"
    default = "Không thực hiện được với tài khoản này."
