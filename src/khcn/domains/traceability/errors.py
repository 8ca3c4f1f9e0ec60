"""What the repository refuses, as the exception types of EPCIS 2.0 name it.

EpcisRefusal (Failure)
├── ValidationRefused           epcisException:ValidationException             400
├── QueryRefused                epcisException:QueryParameterException         400
├── QueryUnsound                epcisException:QueryValidationException        400
├── SubscriptionRefused         epcisException:SubscriptionControlsException   400
├── NotAuthenticated            epcisException:SecurityException               401
├── NotAllowed                  epcisException:SecurityException               403
├── NoSuchResource              epcisException:NoSuchResourceException         404
├── NoSuchName                  epcisException:NoSuchNameException             404
├── NotAcceptable               epcisException:NotAcceptableException          406
├── AlreadyExists               epcisException:ResourceAlreadyExistsException  409
├── CaptureTooLarge             epcisException:CaptureLimitExceededException   413
├── QueryTooLarge               epcisException:QueryTooLargeException          413
├── QueryTooComplex             epcisException:QueryTooComplexException        413
├── AddressTooLong              epcisException:URITooLongException             414
└── MediaRefused                epcisException:UnsupportedMediaTypeException   415
"""

from typing import ClassVar

from khcn.lib.failure import Failure


class EpcisRefusal(Failure):
    """A refusal with the exception type and status that the REST binding gives it."""

    exception: ClassVar[str] = "ImplementationException"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "The server could not fulfil the request."


class ValidationRefused(EpcisRefusal):
    """The document or event is not valid."""

    exception, status, title = "ValidationException", 400, "The document is not valid."


class QueryRefused(EpcisRefusal):
    """A parameter that the query language does not know, or a value it cannot take."""

    exception, status, title = "QueryParameterException", 400, "A query parameter is not acceptable."


class QueryUnsound(EpcisRefusal):
    """A named query whose definition cannot be kept."""

    exception, status, title = "QueryValidationException", 400, "The query definition is not valid."


class SubscriptionRefused(EpcisRefusal):
    """Controls of a subscription that contradict themselves."""

    exception, status, title = "SubscriptionControlsException", 400, "The subscription controls are not valid."


class NotAuthenticated(EpcisRefusal):
    """No key, or one that is not known."""

    exception, status, title = "SecurityException", 401, "An API key is needed."


class NotAllowed(EpcisRefusal):
    """The client may not do this, or not with these identifiers."""

    exception, status, title = "SecurityException", 403, "The client may not do this."


class NoSuchResource(EpcisRefusal):
    """There is no such thing, or the client may not see it."""

    exception, status, title = "NoSuchResourceException", 404, "There is no such resource."


class NoSuchName(EpcisRefusal):
    """There is no query of that name."""

    exception, status, title = "NoSuchNameException", 404, "There is no query of that name."


class NotAcceptable(EpcisRefusal):
    """No form that the client accepts, or a version that is not served."""

    exception, status, title = "NotAcceptableException", 406, "The asked form or version is not served."


class AlreadyExists(EpcisRefusal):
    """Something of that identity exists."""

    exception, status, title = "ResourceAlreadyExistsException", 409, "The resource exists already."


class CaptureTooLarge(EpcisRefusal):
    """More events or bytes than one capture may hold."""

    exception, status, title = "CaptureLimitExceededException", 413, "The capture exceeds the limits."


class QueryTooLarge(EpcisRefusal):
    """More events than maxEventCount or the client may get."""

    exception, status, title = "QueryTooLargeException", 413, "The query gives too many events."


class QueryTooComplex(EpcisRefusal):
    """A query that would have to read too much."""

    exception, status, title = "QueryTooComplexException", 413, "The query is too complex."


class AddressTooLong(EpcisRefusal):
    """An address beyond what the server reads."""

    exception, status, title = "URITooLongException", 414, "The address is too long."


class MediaRefused(EpcisRefusal):
    """A body of a type that capture does not take."""

    exception, status, title = "UnsupportedMediaTypeException", 415, "The media type is not supported."
