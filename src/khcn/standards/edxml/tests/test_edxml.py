"""Round trips in both attachment encodings, foreign layouts written by hand here, and hostile input of every kind."""

import base64
import io
import zipfile
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from khcn.standards.edxml import (
    Agency,
    Attachment,
    BusinessKind,
    DocumentMessage,
    DocumentReference,
    EdxmlRefused,
    Packing,
    Priority,
    ReadLimits,
    ReceiverChange,
    Replacement,
    Staff,
    StatusCode,
    StatusMessage,
    Trace,
    read_edxml,
    write_document,
    write_status,
)

PDF = b"%PDF-1.7\n" + bytes(range(256)) + b"\n%%EOF"
SENDER = Agency(
    "000.00.16.H10", "Sở Khoa học và Công nghệ", "Ủy ban nhân dân tỉnh", "Đồng Xoài", "a@example.vn", "0271"
)
LETTER = DocumentMessage(
    document_id=DocumentReference("000.00.16.H10", date(2022, 10, 13), "267/SKHCN-QLKH"),
    sender=SENDER,
    receivers=(Agency("000.00.04.G14", "Văn phòng", "Bộ"), Agency("H10.05", "Sở Tài chính")),
    number="267",
    notation="SKHCN-QLKH",
    place="Bình Phước",
    promulgated_on=date(2022, 10, 13),
    subject="V/v lấy ý kiến <dự thảo> & góp ý",
    type_name="Công văn",
    type_code=18,
    content="Nội dung “đặc biệt”",
    signer_name="Nguyễn Thị Ánh",
    signer_position="Giám đốc",
    signer_competence="KT.",
    priority=Priority.URGENT,
    sphere="Liên thông",
    typist="TVC",
    copies=5,
    pages=3,
    due_on=date(2022, 10, 20),
    steering=1,
    to_places=("Như trên", "Lưu: VT"),
    responds_to=("000.00.04.G14,2022/09/01,12/BKHCN-TCCB",),
    reason="Văn bản mới",
    paper=True,
    staff=Staff("Phòng Quản lý", "Lê Văn Ẩn", "09", "b@example.vn"),
    traces=(Trace("000.00.16.H10", datetime.fromisoformat("2022-10-13T09:30:15")),),
    attachments=(
        Attachment("267.pdf", PDF, "application/pdf", "c1", "Văn bản"),
        Attachment("phu luc.txt", b"", "text/plain", "c2"),
    ),
)


@pytest.mark.parametrize("packing", list(Packing))
def test_document_written_and_read_is_the_same(packing: Packing) -> None:
    assert read_edxml(write_document(LETTER, packing=packing)) == LETTER


def test_document_of_every_business_kind_round_trips() -> None:
    recall = replace(LETTER, kind=BusinessKind.RECALL, subject_id=LETTER.document_id.text, attachments=())
    update = replace(
        LETTER,
        kind=BusinessKind.UPDATE,
        subject_id=LETTER.document_id.text,
        changed_receivers=(ReceiverChange("H10.07", 0), ReceiverChange("H10.05", 1)),
    )
    substitute = replace(
        LETTER, kind=BusinessKind.REPLACE, replacements=(Replacement(LETTER.document_id.text, ("H10.05",)),)
    )

    for message in (recall, update, substitute):
        assert read_edxml(write_document(message)) == message


@pytest.mark.parametrize("code", list(StatusCode))
def test_status_written_and_read_is_the_same(code: StatusCode) -> None:
    status = StatusMessage(
        LETTER.document_id,
        SENDER,
        code,
        datetime.fromisoformat("2022-10-14T08:00:01"),
        "ghi chú",
        Staff("Văn thư", "Đỗ Ý"),
        "000.00.04.G14",
    )

    assert read_edxml(write_status(status)) == status


def test_writer_equal_messages_give_equal_bytes_with_the_prefix_inside_the_envelope() -> None:
    written = write_document(LETTER, packing=Packing.ZIP)

    assert written == write_document(LETTER, packing=Packing.ZIP)
    assert b"<edXML:MessageHeader>" in written
    assert b"QCVN_102_2016" in written
    assert b"<edXML:PromulgationDate>2022/10/13</edXML:PromulgationDate>" in written


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=80).map(str.strip),
    st.binary(max_size=300),
)
@settings(max_examples=60, deadline=None)
def test_document_any_text_and_bytes_survive(subject: str, content: bytes) -> None:
    assume(not content.startswith(b"PK\x03\x04"))  # a lone archive under another name reads as a damaged wrapping
    subject = " ".join(subject.split())
    message = replace(
        LETTER, subject=subject, content="x", attachments=(Attachment("tep.bin", content, content_id="c"),)
    )

    for packing in Packing:
        assert read_edxml(write_document(message, packing=packing)) == message


def wrapped(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def foreign(
    attachment: bytes, name: str, *, business: str = "<Bussiness><BussinessDocType>0</BussinessDocType></Bussiness>"
) -> bytes:
    """A message as another program writes it: another prefix, other order, ids only in the manifest."""
    return f"""<?xml version="1.0" encoding="utf-8"?>
<q:edXML xmlns:q="http://www.mic.gov.vn/TBT/QCVN_102_2016"><q:edXMLEnvelope><q:edXMLHeader><q:MessageHeader>
<q:Subject>Mời họp</q:Subject><q:To><q:OrganId>H10.16</q:OrganId></q:To>
<q:From><q:OrganId>H10.05</q:OrganId><q:OrganName>Sở Tài chính</q:OrganName></q:From>
<q:Code><q:CodeNumber>9</q:CodeNumber><q:CodeNotation>STC-NS</q:CodeNotation></q:Code>
<q:PromulgationInfo><q:PromulgationDate>2022-11-02T00:00:00</q:PromulgationDate></q:PromulgationInfo>
</q:MessageHeader><q:TraceHeaderList>{business.replace("<", "<q:").replace("<q:/", "</q:")}</q:TraceHeaderList>
</q:edXMLHeader>
<q:edXMLBody><q:edXMLManifest><q:Reference><q:ContentId>cid:x1</q:ContentId><q:AttachmentName>{name}</q:AttachmentName>
</q:Reference></q:edXMLManifest></q:edXMLBody></q:edXMLEnvelope>
<q:AttachmentEncoded><q:Attachment><q:ContentId>x1</q:ContentId>
<q:ContentTransferEncoded>{base64.encodebytes(attachment).decode()}</q:ContentTransferEncoded></q:Attachment>
</q:AttachmentEncoded></q:edXML>""".encode()


def test_reader_foreign_prefix_and_missing_parts_are_read() -> None:
    message = read_edxml(foreign(wrapped("moi.pdf", PDF), "moi.pdf"))

    assert isinstance(message, DocumentMessage)
    assert message.document_id.text == "H10.05,2022/11/02,9/STC-NS"
    assert message.attachments == (Attachment("moi.pdf", PDF, content_id="x1"),)


def test_reader_word_file_is_a_zip_but_not_wrapped() -> None:
    word = wrapped("word/document.xml", b"<w/>")

    raw = read_edxml(foreign(word, "to trinh.docx"))
    packed = read_edxml(foreign(wrapped("to trinh.docx", word), "to trinh.docx"))

    assert raw.attachments[0].content == word
    assert packed.attachments[0].content == word


def test_reader_flat_older_variant_is_read() -> None:
    content = """<edXML><From><OrganId>000.00.16.H10</OrganId><OrganName>Sở</OrganName></From>
<To><OrganId>H10.05</OrganId></To>
<Code><CodeNumber>12</CodeNumber><CodeNotation>SKHCN</CodeNotation></Code><PromulgationDate>13/10/2022</PromulgationDate>
<Subject>Báo cáo</Subject><DocumentId>000.00.16.H10,2022/10/13,12/SKHCN</DocumentId></edXML>""".encode()

    message = read_edxml(content)

    assert (message.subject, message.promulgated_on, message.number) == ("Báo cáo", date(2022, 10, 13), "12")


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    b"<edXML><Subject>&c;</Subject></edXML>"
)
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><edXML><Subject>&x;</Subject></edXML>'
)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_xml"),
        (b"khong phai xml", "not_xml"),
        (PDF, "not_xml"),
        (b"<edXML><Subject>", "not_xml"),
        (BOMB, "doctype"),
        (OUTSIDE, "doctype"),
        (b"<!DOCTYPE edXML><edXML><Subject>a</Subject></edXML>", "doctype"),
        (b"<html><body/></html>", "not_edxml"),
        (b"<a>" * 60 + b"</a>" * 60, "too_deep"),
        (b"<edXML><Subject>x</Subject></edXML>", "field"),
        (foreign(b"x", "a.pdf", business="<Bussiness><BussinessDocType>9</BussinessDocType></Bussiness>"), "field"),
        (foreign(b"x", "a.pdf", business="<Bussiness><BussinessDocType>x</BussinessDocType></Bussiness>"), "field"),
        (foreign(b"PK\x03\x04rubbish", "a.pdf"), "archive"),
        (foreign(b"x", "a.pdf").replace(b"eA==", b"!!!="), "attachment"),
        (foreign(b"x", "a.pdf").replace(b"2022-11-02", b"2022-13-02"), "field"),
    ],
)
def test_reader_hostile_or_broken_input_is_refused_with_its_code(content: bytes, code: str) -> None:
    with pytest.raises(EdxmlRefused) as refused:
        read_edxml(content)

    assert refused.value.code == code
    assert refused.value.message.endswith(".")


def test_reader_archive_bomb_is_refused_before_it_unpacks() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.pdf", bytes(3_000_000))

    with pytest.raises(EdxmlRefused) as refused:
        read_edxml(foreign(buffer.getvalue(), "a.pdf"), ReadLimits(max_attachment_bytes=1_000_000))

    assert refused.value.code == "archive"


def test_reader_too_many_or_too_much_is_refused() -> None:
    with pytest.raises(EdxmlRefused, match="quá nhiều"):
        read_edxml(write_document(LETTER), ReadLimits(max_attachments=1))
    with pytest.raises(EdxmlRefused, match="quá lớn"):
        read_edxml(write_document(LETTER), ReadLimits(max_bytes=100))


def test_reader_attachment_names_lose_their_folders() -> None:
    assert read_edxml(foreign(b"x", "../../etc/passwd")).attachments[0].name == "passwd"


def outcome(content: bytes) -> str:
    """What became of the bytes: the kind of message, or the code of the refusal."""
    try:
        return type(read_edxml(content)).__name__
    except EdxmlRefused as refused:
        return refused.code


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_reader_any_bytes_give_a_message_or_a_refusal(content: bytes) -> None:
    assert outcome(b"<edXML>" + content)


@given(st.integers(0, 10_000), st.integers(0, 255))
@settings(max_examples=200, deadline=None)
def test_reader_one_changed_byte_never_escapes_as_another_error(place: int, byte: int) -> None:
    good = bytearray(write_document(replace(LETTER, attachments=())))
    good[place % len(good)] = byte

    assert outcome(bytes(good))
