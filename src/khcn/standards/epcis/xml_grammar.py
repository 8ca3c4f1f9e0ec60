"""What may stand where in EPCIS XML: the content models of 2.0 and 1.2 in a notation of our own, and their reader.

The official schemas are the oracle of the tests and no part of the product. A type is written `Name | content |
attributes`. Content is a sequence of `tag:Type` with `?`, `*` or `+`, `other*` and `local+` for elements of foreign
and of no namespace, `one*( … )` for a choice and `group?( … )` for a sequence inside; or `=value` for a simple
value, `=anything`, or nothing. Attributes are `name:value`, `!` where required, and `any`.
"""

import re
from dataclasses import dataclass, field

_COMMON = """
DocumentExtension  | local+ | any
Header2 | sbdh:StandardBusinessDocumentHeader:Sbdh? extension:HeaderExtension? | any
Header1 | sbdh:StandardBusinessDocumentHeader:Sbdh extension:HeaderExtension? other* | any
HeaderExtension | EPCISMasterData:MasterData? extension:Locals? | any
MasterData | VocabularyList:VocabularyList extension:LocalsBare? |
VocabularyList | Vocabulary:Vocabulary* |
Vocabulary | VocabularyElementList:VocabularyElementList? extension:Locals? other* | type:anyURI! any
VocabularyElementList | VocabularyElement:VocabularyElement+ |
VocabularyElement | attribute:VocabularyAttribute* children:IdList? extension:Locals? other* | id:anyURI! any
VocabularyAttribute | =anything | id:anyURI! any
IdList | id:Uri* | any
Locals | local+ | any
LocalsBare | local+ |
Others | other+ | any
Uri | =anyURI |
Text | =string |
Stamp | =stamp |
Moment | =dateTime |
Action | =action |
Boolean | =boolean |
Int | =int |
Integer | =integer |
Anything | =anything | any
EpcList | epc:Text* |
QuantityList | quantityElement:QuantityElement* |
QuantityElement | epcClass:Uri group?( quantity:Quantity uom:Text? ) |
Quantity | =decimal | nil
Place | id:Uri extension:Locals? other* |
Transaction | =anyURI | type:anyURI
TransactionList | bizTransaction:Transaction+ |
Party | =anyURI | type:anyURI!
SourceList | source:Party+ |
DestinationList | destination:Party+ |
Ilmd | extension:Locals? other* | any
CorrectiveEventIDs | correctiveEventID:Uri* |
ErrorDeclaration2 | one*( declarationTime:Stamp reason:Uri correctiveEventIDs:CorrectiveEventIDs extension:Locals
    other ) | any
ErrorDeclaration1 | declarationTime:Moment reason:Uri? correctiveEventIDs:CorrectiveEventIDs? extension:Locals?
    other* | any
Persistent | unset:Uri* set:Uri* |
SensorMetadata | =string | time:stamp deviceID:anyURI deviceMetadata:anyURI rawData:anyURI startTime:stamp
    endTime:stamp bizRules:anyURI dataProcessingMethod:anyURI any
SensorReport | =string | type:anyURI value:double component:anyURI stringValue:string booleanValue:boolean
    hexBinaryValue:hexBinary uriValue:anyURI uom:string minValue:double maxValue:double sDev:double
    chemicalSubstance:anyURI microorganism:anyURI deviceID:anyURI deviceMetadata:anyURI rawData:anyURI time:stamp
    meanValue:double percRank:double percValue:double dataProcessingMethod:anyURI coordinateReferenceSystem:anyURI
    exception:anyURI any
SensorElement | sensorMetadata:SensorMetadata? sensorReport:SensorReport+ extension:Locals? other* |
SensorElementList | sensorElement:SensorElement+ extension:Locals? |
Sbdh | sbdh:HeaderVersion:Text sbdh:Sender:Partner+ sbdh:Receiver:Partner+
    sbdh:DocumentIdentification:Identification sbdh:Manifest:Manifest? sbdh:BusinessScope:BusinessScope? |
Partner | sbdh:Identifier:PartnerIdentification sbdh:ContactInformation:Contact* |
PartnerIdentification | =string | Authority:string
Contact | sbdh:Contact:Text sbdh:EmailAddress:Text? sbdh:FaxNumber:Text? sbdh:TelephoneNumber:Text?
    sbdh:ContactTypeIdentifier:Text? |
Identification | sbdh:Standard:Text sbdh:TypeVersion:Text sbdh:InstanceIdentifier:Text sbdh:Type:Text
    sbdh:MultipleType:Boolean? sbdh:CreationDateAndTime:Moment |
Manifest | sbdh:NumberOfItems:Integer sbdh:ManifestItem:ManifestItem+ |
ManifestItem | sbdh:MimeTypeQualifierCode:Text sbdh:UniformResourceIdentifier:Uri sbdh:Description:Text?
    sbdh:LanguageCode:Text? |
BusinessScope | sbdh:Scope:Scope* |
Scope | sbdh:Type:Text sbdh:InstanceIdentifier:Text sbdh:Identifier:Text? one*(
    sbdh:CorrelationInformation:Correlation sbdh:BusinessService:BusinessService ) |
Correlation | sbdh:RequestingDocumentCreationDateTime:Moment? sbdh:RequestingDocumentInstanceIdentifier:Text?
    sbdh:ExpectedResponseDateTime:Moment? |
BusinessService | sbdh:BusinessServiceName:Text? sbdh:ServiceTransaction:ServiceTransaction? |
ServiceTransaction | | TypeOfServiceTransaction:serviceTransaction IsNonRepudiationRequired:string
    IsAuthenticationRequired:string IsNonRepudiationOfReceiptRequired:string IsIntegrityCheckRequired:string
    IsApplicationErrorResponseRequested:string TimeToAcknowledgeReceipt:string TimeToAcknowledgeAcceptance:string
    TimeToPerform:string Recurrence:string
Empty | |
Texts | string:Text* |
QueryName | queryName:Text |
SubscriptionName | subscriptionID:Text |
QueryParams | param:QueryParam* |
QueryParam | name:Text value:Anything |
Poll | queryName:Text params:QueryParams |
Schedule | second:Text? minute:Text? hour:Text? dayOfMonth:Text? month:Text? dayOfWeek:Text? extension:Locals?
    other* |
QueryResults | queryName:Text subscriptionID:Text? resultsBody:ResultsBody extension:Locals? other* |
ResultsBody | one( EventList:EventList VocabularyList:VocabularyList ) |
Reason | reason:Text |
TooLarge | reason:Text queryName:Text? subscriptionID:Text? |
Implementation | reason:Text severity:Severity queryName:Text? subscriptionID:Text? |
Severity | =severity |
Subscribe | queryName:Text params:QueryParams dest:Uri controls:Controls subscriptionID:Text |
QueryBody | one( q:GetQueryNames:Empty q:GetQueryNamesResult:Texts q:Subscribe:Subscribe q:SubscribeResult:Empty
    q:Unsubscribe:SubscriptionName q:UnsubscribeResult:Empty q:GetSubscriptionIDs:QueryName
    q:GetSubscriptionIDsResult:Texts q:Poll:Poll q:GetStandardVersion:Empty q:GetStandardVersionResult:Text
    q:GetVendorVersion:Empty q:GetVendorVersionResult:Text q:DuplicateNameException:Reason
    q:InvalidURIException:Reason q:NoSuchNameException:Reason q:NoSuchSubscriptionException:Reason
    q:DuplicateSubscriptionException:Reason q:QueryParameterException:Reason q:QueryTooLargeException:TooLarge
    q:QueryTooComplexException:Reason q:SubscriptionControlsException:Reason
    q:SubscribeNotPermittedException:Reason q:SecurityException:Reason q:ValidationException:Reason
    q:ImplementationException:Implementation q:QueryResults:QueryResults ) |
"""

_BASE_2 = (
    "eventTime:Stamp recordTime:Stamp? eventTimeZoneOffset:Text eventID:Uri? errorDeclaration:ErrorDeclaration2? "
    "certificationInfo:Uri? baseExtension:Others? "
)
_PLACE = "bizStep:Uri? disposition:Uri? readPoint:Place? bizLocation:Place? "
_TAIL_2 = (
    "sourceList:SourceList? destinationList:DestinationList? sensorElementList:SensorElementList? "
    "persistentDisposition:Persistent? "
)
_END_2 = "extension:Others? other* | any"
_TRANSFORMED = (
    "inputEPCList:EpcList? inputQuantityList:QuantityList? outputEPCList:EpcList? outputQuantityList:QuantityList? "
    "transformationID:Uri? " + _PLACE + "bizTransactionList:TransactionList? "
)
_DOCUMENT = "| schemaVersion:decimal! creationDate:dateTime! any"

GRAMMAR_2 = (
    _COMMON
    + f"""
EPCISDocument | EPCISHeader:Header2? EPCISBody:Body extension:DocumentExtension? other* {_DOCUMENT}
EPCISQueryDocument | EPCISHeader:Header2? EPCISBody:QueryBody extension:DocumentExtension? other* {_DOCUMENT}
EPCISMasterDataDocument | EPCISHeader:Header2? EPCISBody:MasterBody extension:DocumentExtension? other* {_DOCUMENT}
Body | EventList:EventList? extension:Locals? other* | any
MasterBody | VocabularyList:VocabularyList? extension:Locals? other* | any
EventList | one*( ObjectEvent:ObjectEvent AggregationEvent:AggregationEvent
    TransformationEvent:TransformationEvent TransactionEvent:TransactionEvent AssociationEvent:AssociationEvent
    extension:Others ) | any
ObjectEvent | {_BASE_2}epcList:EpcList? action:Action {_PLACE}bizTransactionList:TransactionList?
    quantityList:QuantityList? {_TAIL_2}ilmd:Ilmd? {_END_2}
AggregationEvent | {_BASE_2}parentID:Uri? childEPCs:EpcList? action:Action
    {_PLACE}bizTransactionList:TransactionList? childQuantityList:QuantityList? {_TAIL_2}{_END_2}
TransactionEvent | {_BASE_2}bizTransactionList:TransactionList parentID:Uri? epcList:EpcList? action:Action
    {_PLACE}quantityList:QuantityList? {_TAIL_2}{_END_2}
TransformationEvent | {_BASE_2}{_TRANSFORMED}{_TAIL_2}ilmd:Ilmd? {_END_2}
AssociationEvent | {_BASE_2}parentID:Uri childEPCs:EpcList? childQuantityList:QuantityList? action:Action
    {_PLACE}bizTransactionList:TransactionList? {_TAIL_2}{_END_2}
EPCISCaptureJob | captureErrorBehaviour:Behaviour createdAt:Stamp? finishedAt:Stamp? one?( errors:JobErrors
    errorFile:Uri ) other* | running:boolean! success:boolean! captureID:string! any
Behaviour | =behaviour |
JobErrors | error:EPCISException+ |
EPCISException | type:Uri title:Text status:Int? detail:Text? instance:Uri? other* |
Controls | schedule:Schedule? trigger:Uri? initialRecordTime:Stamp? reportIfEmpty:Boolean extension:Locals? other* |
"""
)

_BASE_1 = "eventTime:Moment recordTime:Moment? eventTimeZoneOffset:Text baseExtension:BaseExtension? "
GRAMMAR_1 = (
    _COMMON
    + f"""
EPCISDocument | EPCISHeader:Header1? EPCISBody:Body extension:DocumentExtension? other* {_DOCUMENT}
EPCISQueryDocument | EPCISHeader:Header1? EPCISBody:QueryBody extension:DocumentExtension? other* {_DOCUMENT}
EPCISMasterDataDocument | EPCISHeader:Header1? EPCISBody:MasterBody extension:DocumentExtension? other* {_DOCUMENT}
Body | EventList:EventList? extension:Locals? other* | any
MasterBody | VocabularyList:VocabularyList? extension:Locals? other* | any
EventList | one*( ObjectEvent:ObjectEvent AggregationEvent:AggregationEvent QuantityEvent:QuantityEvent
    TransactionEvent:TransactionEvent extension:EventListExtension ) | any
EventListExtension | one( TransformationEvent:TransformationEvent extension:Locals ) |
BaseExtension | eventID:Uri? errorDeclaration:ErrorDeclaration1? extension:Locals? | any
ObjectEvent | {_BASE_1}epcList:EpcList action:Action {_PLACE}bizTransactionList:TransactionList?
    extension:ObjectExtension? other* | any
ObjectExtension | quantityList:QuantityList? sourceList:SourceList? destinationList:DestinationList? ilmd:Ilmd?
    extension:Locals? | any
AggregationEvent | {_BASE_1}parentID:Uri? childEPCs:EpcList action:Action
    {_PLACE}bizTransactionList:TransactionList? extension:AggregationExtension? other* | any
AggregationExtension | childQuantityList:QuantityList? sourceList:SourceList? destinationList:DestinationList?
    extension:Locals? | any
QuantityEvent | {_BASE_1}epcClass:Uri quantity:Int {_PLACE}bizTransactionList:TransactionList? extension:Locals?
    other* | any
TransactionEvent | {_BASE_1}bizTransactionList:TransactionList parentID:Uri? epcList:EpcList action:Action
    {_PLACE}extension:TransactionExtension? other* | any
TransactionExtension | quantityList:QuantityList? sourceList:SourceList? destinationList:DestinationList?
    extension:Locals? | any
TransformationEvent | {_BASE_1}{_TRANSFORMED}sourceList:SourceList? destinationList:DestinationList? ilmd:Ilmd?
    extension:Locals? other* | any
Controls | schedule:Schedule? trigger:Uri? initialRecordTime:Moment? reportIfEmpty:Boolean extension:Locals?
    other* |
"""
)

SBDH = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
UNBOUNDED = 1 << 30


@dataclass(frozen=True, slots=True)
class Particle:
    """One place in a sequence: an element (tag and type), a wildcard, or a group of particles."""

    kind: str
    tag: str = ""
    type_name: str = ""
    least: int = 1
    most: int = 1
    members: tuple["Particle", ...] = ()


@dataclass(frozen=True, slots=True)
class XmlType:
    """What an element holds: `value` names a simple check, `anything` is mixed and lax."""

    particles: tuple[Particle, ...] = ()
    value: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    any_attribute: bool = False
    nillable: bool = False


_MARK = re.compile(r"(?:one|group)[?*+]?\(|\)|\S+")
_TIMES = {"?": (0, 1), "*": (0, UNBOUNDED), "+": (1, UNBOUNDED)}


def _particles(marks: list[str], query_namespace: str) -> tuple[Particle, ...]:
    found: list[Particle] = []
    while marks:
        mark = marks.pop(0)
        if mark == ")":
            break
        if mark.endswith("("):
            least, most = _TIMES.get(mark[-2], (1, 1))
            kind = mark[:-1].rstrip("?*+")
            found.append(Particle(kind, least=least, most=most, members=_particles(marks, query_namespace)))
            continue
        least, most = _TIMES.get(mark[-1], (1, 1))
        word = mark.rstrip("?*+")
        if word in ("other", "local"):
            found.append(Particle(word, least=least, most=most))
            continue
        *names, type_name = word.split(":")
        namespace = {"sbdh": SBDH, "q": query_namespace}.get(names[0], "") if len(names) == 2 else ""
        tag = f"{{{namespace}}}{names[-1]}" if namespace else names[-1]
        found.append(Particle("element", tag, type_name, least, most))
    return tuple(found)


def read_grammar(text: str, query_namespace: str) -> dict[str, XmlType]:
    """The types of a grammar by name."""
    types = {}
    for line in filter(None, text.replace("\n    ", " ").splitlines()):
        name, content, attributes = (part.strip() for part in line.split("|"))
        words = attributes.split()
        named = {word.split(":")[0]: word.split(":")[1].rstrip("!") for word in words if ":" in word}
        types[name] = XmlType(
            particles=() if content.startswith("=") else _particles(_MARK.findall(content), query_namespace),
            value=content[1:] if content.startswith("=") else "",
            attributes=named,
            required=frozenset(word.split(":")[0] for word in words if word.endswith("!")),
            any_attribute="any" in words,
            nillable="nil" in words,
        )
    return types
