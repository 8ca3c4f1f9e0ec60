"""The root of errors that a person may read: a Vietnamese sentence, a code, and the field it concerns."""


class Failure(Exception):
    """A refusal with a whole sentence that says what is wrong and what to do.

    code: stable key for programs and tests. field: form field or JSON pointer, empty when it concerns the whole.
    """

    code = "failure"
    default = "Không thực hiện được."

    def __init__(self, message: str = "", *, field: str = "", code: str = "") -> None:
        self.message = message or self.default
        self.field = field
        if code:
            self.code = code
        super().__init__(self.message)


class Forbidden(Failure):
    """The actor may not do this."""

    code = "forbidden"
    default = "Bạn không có quyền thực hiện việc này."


class Refused(Failure):
    """A rule of the field forbids this now."""

    code = "refused"


class Stale(Failure):
    """Somebody else changed the record since it was read.

    difference: list of (label, theirs, yours) to show; nothing was overwritten. None: what differs was not compared, so
    that nothing may be said of it (`is_compared`).
    """

    code = "stale"
    default = "Hồ sơ vừa được người khác sửa. Xem phần khác nhau bên dưới rồi lưu lại."

    def __init__(self, message: str = "", *, difference: list[tuple[str, str, str]] | None = None) -> None:
        super().__init__(message)
        self.difference = difference or []
        self.is_compared = difference is not None


class ApiRefusal(Refused):
    """A request of an open interface that is answered with a status of its own."""

    code = "api_refusal"
    status = 400


class NotSignedIn(ApiRefusal):
    """The key is wrong, or the act needs one."""

    code = "not_signed_in"
    status = 401


class NoSuchThing(ApiRefusal):
    """What is not there, or may not be seen."""

    code = "no_such_thing"
    status = 404
    default = "Không có tài nguyên này."
