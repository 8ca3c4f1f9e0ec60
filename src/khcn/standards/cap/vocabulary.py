"""The words of CAP 1.2: namespaces, code values and the form of times. Source: CAP 1.2, section 3 and its schema."""

import re
from typing import Final

NAMESPACE: Final = "urn:oasis:names:tc:emergency:cap:1.2"
EARLIER_NAMESPACES: Final = ("urn:oasis:names:tc:emergency:cap:1.1", "http://www.incident.com/cap/1.0")
SIGNATURE_NAMESPACE: Final = "http://www.w3.org/2000/09/xmldsig#"

STATUSES: Final = ("Actual", "Exercise", "System", "Test", "Draft")
MESSAGE_TYPES: Final = ("Alert", "Update", "Cancel", "Ack", "Error")
SCOPES: Final = ("Public", "Restricted", "Private")
CATEGORIES: Final = (
    "Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE", "Other",
)  # fmt: skip
RESPONSE_TYPES: Final = (
    "Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None",
)  # fmt: skip
URGENCIES: Final = ("Immediate", "Expected", "Future", "Past", "Unknown")
SEVERITIES: Final = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
CERTAINTIES: Final = ("Observed", "Likely", "Possible", "Unlikely", "Unknown")

#: What the schema's pattern lets through; the comma is the schema's own slip, kept so that the verdicts agree.
SCHEMA_TIME: Final = re.compile(r"\d\d\d\d-\d\d-\d\dT\d\d:\d\d:\d\d[-,+]\d\d:\d\d", re.ASCII)
DEFAULT_LANGUAGE: Final = "en-US"
MESSAGE_TYPES_WITH_REFERENCES: Final = ("Update", "Cancel", "Ack", "Error")
