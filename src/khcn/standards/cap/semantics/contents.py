"""Rules on info blocks and their resources. Source: CAP 1.2 sections 3.2.2 and 3.2.3."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from urllib.parse import urlsplit

from lxml import etree

from khcn.standards.cap.findings import ADVICE
from khcn.standards.cap.reading import children, text_of
from khcn.standards.cap.semantics.rule import Broken, Rule, below_infos, first, infos, moment

INFO, RESOURCE = "CAP 1.2, 3.2.2", "CAP 1.2, 3.2.3"
LONGEST_HEADLINE = 160
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+(\s*;.*)?", re.ASCII | re.DOTALL)
_SHA1 = re.compile(r"[0-9a-fA-F]{40}", re.ASCII)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:", re.ASCII)


def _empty_event(alert: etree._Element) -> Broken:
    for element in below_infos(alert, "event"):
        if not (element.text or "").strip():
            yield element, "event đang để trống; hãy ghi tên sự kiện."


def _expires_before_sent(alert: etree._Element) -> Broken:
    sent = moment(alert, "sent")
    for info in infos(alert):
        expires = moment(info, "expires")
        if sent and expires and expires <= sent:
            yield first(info, "expires"), "expires không sau giờ gửi: bản tin đã hết hiệu lực ngay khi phát."


def _expires_before_effective(alert: etree._Element) -> Broken:
    for info in infos(alert):
        effective, expires = moment(info, "effective"), moment(info, "expires")
        if effective and expires and expires <= effective:
            yield first(info, "expires"), "expires phải sau effective."


def _expires_before_onset(alert: etree._Element) -> Broken:
    for info in infos(alert):
        onset, expires = moment(info, "onset"), moment(info, "expires")
        if onset and expires and expires <= onset:
            yield (
                first(info, "expires"),
                "Bản tin hết hiệu lực trước khi sự kiện bắt đầu (onset); hãy xem lại.",
            )


def _none_with_others(alert: etree._Element) -> Broken:
    for info in infos(alert):
        responses = children(info, "responseType")
        if len(responses) > 1 and any((each.text or "") == "None" for each in responses):
            yield responses[0], "responseType là None (không cần làm gì) nên không đi cùng giá trị khác."


def _repeated_category(alert: etree._Element) -> Broken:
    for info in infos(alert):
        texts = [each.text for each in children(info, "category")]
        if len(set(texts)) < len(texts):
            yield first(info, "category"), "category bị lặp; hãy giữ mỗi giá trị một lần."


def _long_headline(alert: etree._Element) -> Broken:
    for element in below_infos(alert, "headline"):
        length = len((element.text or "").strip())
        if length > LONGEST_HEADLINE:
            yield element, f"headline dài {length} ký tự; nên rút còn {LONGEST_HEADLINE} để hiện đủ trên điện thoại."


def _relative_web(alert: etree._Element) -> Broken:
    for element in below_infos(alert, "web"):
        text = (element.text or "").strip()
        if text and not _is_absolute(text):
            yield element, f"web “{text[:60]}” phải là địa chỉ đầy đủ, ví dụ https://canhbao.example.vn/tin/1."


def _unknown_words(alert: etree._Element) -> Broken:
    if text_of(alert, "status") != "Actual" or text_of(alert, "msgType") not in {"Alert", "Update"}:
        return
    for info in infos(alert):
        for name in ("urgency", "severity", "certainty"):
            if text_of(info, name) == "Unknown":
                yield first(info, name), f"{name} là Unknown; bản tin thật nên nói rõ để người nhận biết phải làm gì."


def _empty_named(alert: etree._Element) -> Broken:
    for name in ("eventCode", "parameter"):
        for element in below_infos(alert, name):
            if not text_of(element, "valueName") or not text_of(element, "value"):
                yield element, f"{name} thiếu valueName hoặc value; hãy ghi đủ hoặc bỏ phần tử này."


def _contents_without_area(alert: etree._Element) -> Broken:
    for info in infos(alert):
        if text_of(alert, "scope") == "Public" and not children(info, "area"):
            yield info, "info không có area nên không biết cảnh báo cho nơi nào."


def _media_type(alert: etree._Element) -> Broken:
    for element in below_infos(alert, "resource"):
        text = text_of(element, "mimeType")
        if not _MEDIA_TYPE.fullmatch(text):
            yield first(element, "mimeType"), f"mimeType “{text[:60]}” phải có dạng loại/kiểu, ví dụ image/png."


def _negative_size(alert: etree._Element) -> Broken:
    for element in below_infos(alert, "resource"):
        if text_of(element, "size").startswith("-"):
            yield first(element, "size"), "size là số byte, không thể âm."


def _relative_uri(alert: etree._Element) -> Broken:
    for element in below_infos(alert, "resource"):
        text = text_of(element, "uri")
        if text and not _SCHEME.match(text) and not text_of(element, "derefUri"):
            yield first(element, "uri"), "uri tương đối chỉ dùng khi có derefUri; hãy ghi địa chỉ đầy đủ."


def _resource_nowhere(alert: etree._Element) -> Broken:
    for element in below_infos(alert, "resource"):
        if not text_of(element, "uri") and not text_of(element, "derefUri"):
            yield element, "resource không có uri và không có derefUri nên người nhận không lấy được tệp."


def _content_of(resource: etree._Element) -> bytes | None:
    """The bytes in derefUri; None where there are none or they are not base64."""
    text = "".join(text_of(resource, "derefUri").split())
    if not text:
        return None
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _broken_content(alert: etree._Element) -> Broken:
    for element in below_infos(alert, "resource"):
        if text_of(element, "derefUri") and _content_of(element) is None:
            yield first(element, "derefUri"), "derefUri phải là nội dung tệp ở dạng base64."


def _other_size(alert: etree._Element) -> Broken:
    for element in below_infos(alert, "resource"):
        content, size = _content_of(element), text_of(element, "size")
        if content is not None and size.lstrip("+").isdecimal() and int(size) != len(content):
            yield first(element, "size"), f"size ghi {size} nhưng derefUri chứa {len(content)} byte."


def _digest_form(alert: etree._Element) -> Broken:
    for element in below_infos(alert, "resource"):
        text = text_of(element, "digest")
        if text and not _SHA1.fullmatch(text):
            yield first(element, "digest"), "digest phải là mã băm SHA-1 viết bằng 40 chữ số thập lục phân."


def _other_digest(alert: etree._Element) -> Broken:
    for element in below_infos(alert, "resource"):
        content, text = _content_of(element), text_of(element, "digest")
        if content is not None and _SHA1.fullmatch(text):
            found = hashlib.sha1(content, usedforsecurity=False).hexdigest()
            if found != text.lower():
                yield first(element, "digest"), f"digest không khớp nội dung trong derefUri (tính được {found})."


def _is_absolute(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return bool(parts.scheme) and bool(parts.netloc or parts.path) and not any(mark.isspace() for mark in text)


RULES = (
    Rule("CAP-I01", "event có giá trị", INFO, _empty_event),
    Rule("CAP-I02", "expires sau sent", INFO, _expires_before_sent),
    Rule("CAP-I03", "expires sau effective", INFO, _expires_before_effective),
    Rule("CAP-I04", "expires sau onset", INFO, _expires_before_onset, ADVICE),
    Rule("CAP-I05", "responseType None đứng một mình", INFO, _none_with_others, ADVICE),
    Rule("CAP-I06", "category không lặp", INFO, _repeated_category, ADVICE),
    Rule("CAP-I07", "headline không quá 160 ký tự", INFO, _long_headline, ADVICE),
    Rule("CAP-I08", "web là địa chỉ đầy đủ", INFO, _relative_web),
    Rule("CAP-I09", "bản tin thật không dùng Unknown", INFO, _unknown_words, ADVICE),
    Rule("CAP-I10", "eventCode và parameter có đủ tên và giá trị", INFO, _empty_named, ADVICE),
    Rule("CAP-I11", "bản tin công khai có area", INFO, _contents_without_area, ADVICE),
    Rule("CAP-R01", "mimeType có dạng loại/kiểu", RESOURCE, _media_type),
    Rule("CAP-R02", "size không âm", RESOURCE, _negative_size),
    Rule("CAP-R03", "uri đầy đủ, hoặc có derefUri", RESOURCE, _relative_uri),
    Rule("CAP-R04", "resource có uri hoặc derefUri", RESOURCE, _resource_nowhere, ADVICE),
    Rule("CAP-R05", "derefUri là base64", RESOURCE, _broken_content),
    Rule("CAP-R06", "size bằng số byte của derefUri", RESOURCE, _other_size),
    Rule("CAP-R07", "digest là SHA-1 dạng thập lục phân", RESOURCE, _digest_form),
    Rule("CAP-R08", "digest khớp nội dung của derefUri", RESOURCE, _other_digest),
)
