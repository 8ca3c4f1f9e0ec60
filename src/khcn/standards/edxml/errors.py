"""Why a message was not read: one exception with a code for programs and a Vietnamese sentence for people."""


class EdxmlRefused(ValueError):
    """The bytes are no acceptable edXML message.

    code: not_xml, doctype, too_large, too_deep, not_edxml, field, attachment, archive. path: the element concerned.
    """

    def __init__(self, code: str, message: str, *, path: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.path = path
