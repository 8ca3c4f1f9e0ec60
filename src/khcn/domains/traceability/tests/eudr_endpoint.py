"""A stand-in for the EU's information system: it checks the account, the message and the plots, and keeps statements.

Built from the Commission's API reference of 29 May 2026: the members of requests, answers and faults are those of its
samples. What a test wants to go wrong is said by `refuse` and `is_silent`.
"""

import base64
import json
from datetime import datetime
from uuid import uuid4

from lxml import etree

from khcn.standards.eudr import statements as dds
from khcn.standards.eudr.geometry_checks import read_plots
from khcn.standards.eudr.limits import Limits

_ERROR = "http://ec.europa.eu/sanco/tracesnt/error/v01"


class SimulatedSystem:
    """`ask` answers a SOAP message as the system would; `statements` is what it keeps, by identifier."""

    def __init__(self, limits: Limits) -> None:
        self.access = dds.Access("user", "authentication-key", "eudr-test")
        self.limits = limits
        self.statements: dict[str, dict[str, str]] = {}
        self.status = "AVAILABLE"
        self.refuse: tuple[str, str] | None = None
        self.is_silent = False
        self.seen: set[str] = set()

    def ask(self, message: bytes) -> dds.Answer:
        """Through bytes both ways, as over the wire."""
        if self.is_silent:
            raise OSError("no answer")
        return dds.read_answer(self._answered(etree.fromstring(message)))

    def _answered(self, root: etree._Element) -> bytes:
        if not self._knows(root):
            return self._fault("EUDR-WEBSERVICE-USER-ACTIVITY-NOT-ALLOWED", "The user is not known.")
        if self.refuse:
            return self._fault(*self.refuse)
        request = root.find("{*}Body")[0]
        match etree.QName(request).localname:
            case "SubmitDdsRequest":
                return self._submit(request)
            case "GetDdsRequest":
                return self._get([one.text for one in request.iter("{*}uuidList")])
            case "WithdrawDdsRequest":
                uuid = request.findtext("{*}uuid")
                self.statements[uuid]["status"] = "WITHDRAWN"
                return self._message("WithdrawDdsResponse", f"<d:uuid>{uuid}</d:uuid><d:status>WITHDRAWN</d:status>")
        return self._fault("UNKNOWN", "No such operation.")

    def _knows(self, root: etree._Element) -> bool:
        token = root.find("{*}Header/{*}Security/{*}UsernameToken")
        created, nonce = token.findtext("{*}Created"), base64.b64decode(token.findtext("{*}Nonce"))
        stamp = root.find("{*}Header/{*}Security/{*}Timestamp")
        begins, ends = (datetime.fromisoformat(stamp.findtext("{*}" + name)) for name in ("Created", "Expires"))
        fresh = token.findtext("{*}Nonce") not in self.seen
        self.seen.add(token.findtext("{*}Nonce"))
        expected = dds.password_digest(self.access.key, nonce, created)
        return (
            fresh and begins < ends and token.findtext("{*}Username") == self.access.username
            and token.findtext("{*}Password") == expected
            and root.findtext("{*}Header/{*}WebServiceClientId") == self.access.client_id
        )  # fmt: skip

    def _submit(self, request: etree._Element) -> bytes:
        for encoded in request.iter("{*}geometryGeojson"):
            raw = base64.b64decode(encoded.text)
            found = [one for one in read_plots(raw, self.limits, countries=frozenset({"VN"})) if one.is_fatal]
            if found or not json.loads(raw)["features"]:
                return self._fault("EUDR-GEOMETRY", found[0].code if found else "empty")
        if request.findtext("{*}statement/{*}commodities/{*}descriptors/{*}goodsMeasure/{*}netWeight") is None:
            return self._fault("EUDR-NET-MASS", "The net mass is mandatory.")
        uuid = str(uuid4())
        number = f"26DE{len(self.statements):010d}"
        self.statements[uuid] = {"status": "SUBMITTED", "number": number, "sent": etree.tostring(request).decode()}
        return self._message("SubmitDdsResponse", f"<d:uuid>{uuid}</d:uuid>")

    def _get(self, uuids: list[str]) -> bytes:
        parts = []
        for uuid in uuids:
            kept = self.statements[uuid]
            kept["status"] = self.status
            parts.append(
                f"<d:ddsOverviewList><c:uuid>{uuid}</c:uuid><c:referenceNumber>{kept['number']}</c:referenceNumber>"
                f"<c:verificationNumber>SFFCB4Y3</c:verificationNumber><c:status>{self.status}</c:status>"
                "</d:ddsOverviewList>"
            )
        return self._message("GetDdsResponse", "".join(parts))

    def _message(self, name: str, inner: str) -> bytes:
        return (
            f'<S:Envelope xmlns:S="{dds.SOAP}"><S:Body><d:{name} xmlns:d="{dds.DDS}" xmlns:c="{dds.COMMON}">{inner}'
            f"</d:{name}></S:Body></S:Envelope>"
        ).encode()

    def _fault(self, code: str, text: str) -> bytes:
        return (
            f'<S:Envelope xmlns:S="{dds.SOAP}"><S:Body><S:Fault><faultcode>S:Client</faultcode><faultstring>{text}'
            f'</faultstring><detail><x:BusinessRulesValidationException xmlns:x="{dds.DDS}" xmlns:e="{_ERROR}">'
            f"<e:Error><e:ID>{code}</e:ID><e:Message>{text}</e:Message></e:Error>"
            "</x:BusinessRulesValidationException></detail>"
            "</S:Fault></S:Body></S:Envelope>"
        ).encode()
