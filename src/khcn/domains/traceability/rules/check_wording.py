"""What the codecs of EPCIS and GS1 say in English, said in Vietnamese for whoever runs the checking commands. Pure.

The codecs name faults for programs and partners abroad; here each of their sentences has its Vietnamese wording, with
the same holes. A sentence that is not known stays as it is.
"""

import re
from functools import cache

_WORDINGS = r"""
A URI is expected, written as text. | Cần một URI, viết dưới dạng văn bản.
A moment is expected, written as text. | Cần một thời điểm, viết dưới dạng văn bản.
A number is expected. | Cần một số.
A text is expected. | Cần một văn bản.
true or false is expected. | Cần giá trị true hoặc false.
{value} is no URI. | {value} không phải là URI.
{value} is no moment with date, time and offset. | {value} không phải là thời điểm có đủ ngày, giờ và múi giờ.
{what} is expected, written as text. | Cần {what}, viết dưới dạng văn bản.
{value} is not {what}. | {value} không phải là {what}.
{value} is neither a standard {what} nor a URI of one's own. | {value} không phải là {what} của tiêu chuẩn, cũng không phải URI tự đặt.
A list is expected. | Cần một danh sách.
The list must not be empty. | Danh sách không được trống.
The list holds the same item twice. | Danh sách có một phần tử lặp lại.
An object is expected. | Cần một đối tượng.
{name} is missing. | Thiếu {name}.
{name} has no place here; name extensions prefix:name. | {name} không được đứng ở đây; phần mở rộng đặt tên dạng tiền-tố:tên.
The text holds half of a surrogate pair. | Văn bản có nửa cặp ký tự thay thế (surrogate).
The text is not in Unicode form NFC; normalise it before sending. | Văn bản không ở dạng Unicode NFC; hãy chuẩn hóa trước khi gửi.
The text holds a null character. | Văn bản có ký tự rỗng (null).
A number has too many digits. | Số có quá nhiều chữ số.
A number lies outside the range of a double. | Số nằm ngoài miền giá trị số thực 64 bit.
Values are nested deeper than {levels} levels. | Các giá trị lồng nhau quá {levels} tầng.
The member {twice} stands twice. | Thành phần {twice} xuất hiện hai lần.
The document is larger than {most} MB. | Văn bản lớn hơn {most} MB.
The document is not UTF-8 (byte {start}). | Văn bản không phải UTF-8 (byte thứ {start}).
The document is not JSON: {reason} in line {line}. | Văn bản không phải JSON: {reason}, dòng {line}.
{text} is no JSON number. | {text} không phải là số của JSON.
set or unset is missing. | Thiếu set hoặc unset.
The action is ADD, OBSERVE or DELETE. | Hành động (action) là ADD, OBSERVE hoặc DELETE.
epcList, quantityList, or sensor data with a readPoint is missing. | Thiếu epcList, quantityList, hoặc dữ liệu cảm biến kèm readPoint.
ilmd may stand only where action is ADD. | ilmd chỉ được có khi action là ADD.
childEPCs or childQuantityList is missing. | Thiếu childEPCs hoặc childQuantityList.
epcList or quantityList is missing. | Thiếu epcList hoặc quantityList.
Inputs and outputs, or one of them and a transformationID, are missing. | Thiếu đầu vào và đầu ra, hoặc một trong hai kèm transformationID.
An event is an object. | Sự kiện phải là một đối tượng.
type is missing. | Thiếu type.
A number, a text or an object is expected. | Cần một số, một văn bản hoặc một đối tượng.
A document is an object. | Văn bản phải là một đối tượng.
type is missing or no text. | Thiếu type, hoặc type không phải văn bản.
@context is missing. | Thiếu @context.
The context names the same part twice. | Ngữ cảnh (@context) nêu một phần hai lần.
parentID is missing, which action {action} needs. | Thiếu parentID, là điều mà action {action} cần.
childEPCs and childQuantityList are missing; action {action} needs one. | Thiếu cả childEPCs và childQuantityList; action {action} cần một trong hai.
The event names no object, no quantity and no sensed place. | Sự kiện không nêu vật, số lượng hay nơi đo nào.
The event names no object. | Sự kiện không nêu vật nào.
The event names neither inputs nor outputs. | Sự kiện không nêu đầu vào và đầu ra.
The period ends before it starts. | Khoảng thời gian kết thúc trước khi bắt đầu.
Without {missing} a transformationID is needed. | Thiếu {missing} thì phải có transformationID.
The reading lies after the event. | Lần đo có thời điểm sau sự kiện.
{name} stands in the metadata and in the report; say it once. | {name} có cả trong phần mô tả và trong kết quả đo; chỉ ghi một nơi.
An external document type is not accepted. | Không nhận loại tài liệu khai báo ở bên ngoài (DOCTYPE).
Declarations of entities and elements are not accepted. | Không nhận khai báo thực thể và phần tử.
The document is written in {encoding}, not UTF-8. | Văn bản viết bằng bảng mã {encoding}, không phải UTF-8.
Elements are nested deeper than {levels} levels. | Các phần tử lồng nhau quá {levels} tầng.
The document is not XML: {error}. | Văn bản không phải XML: {error}.
The element must not be null. | Phần tử này không được để rỗng (xsi:nil).
A text is expected here, not an element. | Ở đây cần văn bản, không phải phần tử con.
Text has no place between the elements. | Không được có văn bản giữa các phần tử.
{child} has no place here, or not in this order. | {child} không được đứng ở đây, hoặc sai thứ tự.
{tag} is no document of EPCIS 2.0 or 1.2. | {tag} không phải là văn bản EPCIS 2.0 hoặc 1.2.
A null element must be empty. | Phần tử rỗng (xsi:nil) không được có nội dung.
The attribute {name} is missing. | Thiếu thuộc tính {name}.
{particle} is missing before {child}. | Thiếu {particle} trước {child}.
The attribute {name} has no place here. | Thuộc tính {name} không được có ở đây.
xsi:type {name} names no type. | xsi:type {name} không chỉ kiểu nào.
{text} is no {what}. | {text} không phải là {what}.
{text} is none of {allowed}. | {text} không thuộc {allowed}.
{value} does not fit {bits} bits. | {value} không vừa {bits} bit.
The bits end inside a field. | Dãy bit kết thúc giữa chừng một trường.
The path holds no primary key with a value. | Đường dẫn không có khóa chính kèm giá trị.
A link has at most {most} characters. | Liên kết có nhiều nhất {most} ký tự.
The link holds characters that a URI must not hold. | Liên kết có ký tự mà URI không được có.
A Digital Link begins with https:// or http://. | Digital Link bắt đầu bằng https:// hoặc http://.
The link has no domain followed by a path. | Liên kết không có tên miền rồi đến đường dẫn.
The domain holds characters that a domain must not hold. | Tên miền có ký tự không được phép.
({ai}) has no value, or one with a null character. | ({ai}) không có giá trị, hoặc giá trị có ký tự rỗng.
A GTIN in a link has fourteen digits; leading zeros were added. | GTIN trong liên kết có mười bốn chữ số; đã thêm số 0 ở đầu.
({ai}) must not stand in the query. | ({ai}) không được đứng ở phần truy vấn.
({ai}) belongs in the path, not in the query. | ({ai}) thuộc phần đường dẫn, không thuộc phần truy vấn.
Spelled keys are deprecated; write the application identifiers. | Cách viết khóa bằng chữ đã bị bỏ; hãy viết số định danh ứng dụng (AI).
The path ({order}) does not follow the key's qualifiers. | Đường dẫn ({order}) không theo thứ tự các phần bổ nghĩa của khóa.
A Digital Link needs a primary key such as (01) or (00). | Digital Link cần một khóa chính như (01) hoặc (00).
({ai}) stands twice in the link. | ({ai}) xuất hiện hai lần trong liên kết.
There is no application identifier ({name}). | Không có số định danh ứng dụng ({name}).
The text does not begin with an identifier in brackets. | Văn bản không bắt đầu bằng số định danh trong ngoặc.
An element string has at most {most} characters. | Chuỗi phần tử có nhiều nhất {most} ký tự.
The text holds no element string. | Văn bản không có chuỗi phần tử nào.
({ai}) stands twice with different values. | ({ai}) xuất hiện hai lần với giá trị khác nhau.
No application identifier begins with {prefix}. | Không có số định danh ứng dụng nào bắt đầu bằng {prefix}.
({ai}) holds {sizes} characters, not {count}. | ({ai}) có {sizes} ký tự, không phải {count}.
({ai}) is followed by {count} characters too many. | Sau ({ai}) thừa {count} ký tự.
({ai}) ends inside a part of {length} characters. | ({ai}) kết thúc giữa một phần gồm {length} ký tự.
({ai}) ends before its last part. | ({ai}) thiếu phần cuối.
({ai}) {value}: {problem}. | ({ai}) {value}: {problem}.
({ai}) must not stand beside ({other}). | ({ai}) không được đứng cùng ({other}).
({ai}) needs {wanted} beside it. | ({ai}) cần đi cùng {wanted}.
{text} is no number without leading zeros. | {text} không phải là số không có số 0 ở đầu.
{text} is longer than {most} characters. | {text} dài hơn {most} ký tự.
{encoding} does not encode {epc}. | {encoding} không mã hóa được {epc}.
The tag's text has a gap. | Văn bản trong thẻ bị ngắt quãng.
The tag names a partition that does not exist. | Thẻ nêu cách chia không tồn tại.
The tag's company prefix is larger than its partition allows. | Tiền tố công ty trên thẻ lớn hơn mức cách chia cho phép.
The tag's digits lack their mark. | Dãy chữ số trong thẻ thiếu dấu mở đầu.
A tag's name is written in 4 to 104 hexadecimal digits. | Mã của thẻ viết bằng 4 đến 104 chữ số hệ mười sáu.
No encoding begins with {hexadecimal}. | Không có kiểu mã hóa nào bắt đầu bằng {hexadecimal}.
A tag URI begins with urn:epc:tag: and an encoding such as sgtin-96. | Tag URI bắt đầu bằng urn:epc:tag: và kiểu mã hóa như sgtin-96.
A tag URI names its filter value. | Tag URI phải nêu giá trị lọc.
The encoding needs a filter value. | Kiểu mã hóa này cần giá trị lọc.
{text} holds more than digits. | {text} có ký tự khác chữ số.
No EPC scheme names these elements. | Không có lược đồ EPC nào cho các phần tử này.
Names of scheme {scheme} stand for no GS1 key. | Tên theo lược đồ {scheme} không ứng với khóa GS1 nào.
The pattern leaves the key itself open. | Mẫu này để ngỏ chính khóa.
Names of scheme {scheme} hold no GTIN of {digits} digits. | Tên theo lược đồ {scheme} không chứa GTIN {digits} chữ số.
{gtin} does not fit {digits} digits. | {gtin} không vừa {digits} chữ số.
A company prefix has {least} to {most} digits. | Mã doanh nghiệp GS1 có từ {least} đến {most} chữ số.
({ai}) {value} has a wrong check digit. | ({ai}) {value} sai số kiểm tra.
An EPC name has at most {most} characters. | Tên EPC có nhiều nhất {most} ký tự.
An EPC name begins with urn:epc:id:, urn:epc:class: or urn:epc:idpat:. | Tên EPC bắt đầu bằng urn:epc:id:, urn:epc:class: hoặc urn:epc:idpat:.
There is no EPC scheme {space}:{name}. | Không có lược đồ EPC {space}:{name}.
A name of scheme {name} has {count} parts. | Tên theo lược đồ {name} có {count} phần.
After a * a pattern holds nothing but *. | Sau dấu * mẫu chỉ được có dấu *.
{text} is no escape that an EPC name may hold. | {text} không phải cách viết thay ký tự mà tên EPC được dùng.
In a name of scheme {name}: {problem}. | Trong tên theo lược đồ {name}: {problem}.
Thirteen digits may also be a location number; write gln: before one. | Mười ba chữ số cũng có thể là mã địa điểm; nếu vậy hãy viết gln: phía trước.
The compressed link names an encoding that does not exist. | Liên kết nén nêu kiểu mã hóa không tồn tại.
The compressed link holds a code that has no meaning. | Liên kết nén có mã vô nghĩa.
The link ends in no compressed segment. | Liên kết không kết thúc bằng đoạn nén.
A number in the compressed link is longer than it says. | Một số trong liên kết nén dài hơn độ dài đã nêu.
The file cannot be opened: {reason}. | Không mở được tệp: {reason}.
the check digit is wrong | sai số kiểm tra
no check character pair at the end | thiếu cặp ký tự kiểm tra ở cuối
the check character pair is wrong | sai cặp ký tự kiểm tra
no GS1 company prefix | không có mã doanh nghiệp GS1
piece and total must have as many digits | số thứ tự và tổng số phải có cùng số chữ số
piece and total count from one | số thứ tự và tổng số đếm từ một
the piece exceeds the total | số thứ tự lớn hơn tổng số
a position is written <place>/<of> | vị trí viết dạng <thứ tự>/<tổng>
numbers of a position do not begin with zero | số của vị trí không bắt đầu bằng số 0
the position exceeds the end | thứ tự lớn hơn tổng
an IBAN begins with a country | IBAN bắt đầu bằng mã nước
the length is not one of an IBAN | độ dài không phải của IBAN
an IBAN holds capital letters and digits | IBAN gồm chữ in hoa và chữ số
the IBAN's check digits are wrong | sai số kiểm tra của IBAN
{text} is no {what} | {text} không phải là {what}
only zero may stand here | chỉ được là số 0
zero is not allowed here | không được là số 0
a number does not begin with zero | số không được bắt đầu bằng 0
at least one character must not be a digit | phải có ít nhất một ký tự không phải chữ số
only a hyphen may stand here | chỉ được là dấu gạch nối
no importer index | không phải chỉ số nhà nhập khẩu
a percent sign is followed by two hexadecimal digits | sau dấu phần trăm là hai chữ số hệ mười sáu
only {what} may stand here | chỉ được có {what}
a coupon code holds digits only | mã phiếu chỉ gồm chữ số
the {what} is no date | {what} không phải là ngày
the coupon ends before it starts | phiếu hết hạn trước khi bắt đầu
the {what} is missing or cut short | {what} bị thiếu hoặc bị cắt
digits follow the end of the coupon | thừa chữ số sau phần cuối của phiếu
a date has {count} digits | ngày có {count} chữ số
there is no month {month} | không có tháng {month}
there is no day {day} in that month | tháng đó không có ngày {day}
{text} must be escaped | {text} phải được viết thay bằng mã
{count} digits are needed after this company prefix, not {text} | sau mã doanh nghiệp này cần {count} chữ số, không phải {text}
{text} is no text of 1 to {most} characters | {text} không phải là văn bản từ 1 đến {most} ký tự
{text} must have {size} digits | {text} phải có {size} chữ số
{text} is no number below {size} | {text} không phải là số nhỏ hơn {size}
country number of ISO 3166 | mã số nước theo ISO 3166
country number of ISO 3166, nor 999 | mã số nước theo ISO 3166 hoặc 999
country code of ISO 3166 | mã nước theo ISO 3166
currency number of ISO 4217 | mã số tiền tệ theo ISO 4217
package type | loại bao gói
media type | loại vật mang
sex of ISO 5218 | mã giới tính theo ISO 5218
winding direction | chiều cuộn
flag, which is 0 or 1 | cờ 0 hoặc 1
characters of set 82 | ký tự thuộc bộ 82
characters of set 39 | ký tự thuộc bộ 39
base 64 for URIs | ký tự base 64 dùng cho URI
digits | chữ số
component or part reference | số tham chiếu linh kiện
serial number | số sê-ri
number of a coupon | số của phiếu
number | số
business step | bước nghiệp vụ
disposition | tình trạng
source or destination type | loại nơi đi hoặc nơi đến
an offset such as +07:00 | múi giờ như +07:00
a version such as 2.0 | phiên bản như 2.0
error reason | lý do sai sót
a unit code of UN/ECE Recommendation 20 | mã đơn vị theo Khuyến nghị 20 của UN/ECE
measurement type | loại đại lượng đo
alert type | loại cảnh báo
hexadecimal digits | chữ số hệ mười sáu
component | thành phần
business transaction type | loại giao dịch
moment with an offset | thời điểm có múi giờ
decimal number | số thập phân
whole number | số nguyên
whole number of 32 bits | số nguyên 32 bit
whole number of 64 bits | số nguyên 64 bit
truth value | giá trị đúng, sai
sequence of hexadecimal pairs | dãy cặp chữ số hệ mười sáu
URI | URI
An element of another namespace | Phần tử của không gian tên khác
An element without namespace | Phần tử không có không gian tên
only documents and query documents are written as XML. | Chỉ văn bản EPCIS và kết quả truy vấn viết được thành XML.
XML needs the date of creation. | XML cần ngày lập (creationDate).
XML has room for one certificate. | XML chỉ có chỗ cho một chứng nhận.
events of one's own type have no form in XML. | Sự kiện thuộc loại tự đặt không viết được thành XML.
sensor data are attributes in XML and hold no lists or objects. | Dữ liệu cảm biến trong XML là thuộc tính, không chứa danh sách hay đối tượng.
an attribute of an extension is a text in XML. | Thuộc tính của phần mở rộng trong XML là văn bản.
the name cannot be an attribute in XML. | Tên này không làm tên thuộc tính trong XML được.
text between elements has no form in JSON. | Văn bản giữa các phần tử không viết được thành JSON.
the text holds characters that XML must not hold. | Văn bản có ký tự mà XML không được có.
a unit without a quantity has no form in XML. | Đơn vị không kèm số lượng không viết được thành XML.
"""  # noqa: E501 - one wording a line
_HOLE = re.compile(r"\{(\w+)\}")
_DEEPEST = 3


@cache
def wordings() -> dict[str, str]:
    """English wording to Vietnamese wording, with the same holes."""
    return dict(line.split(" | ") for line in _WORDINGS.strip().splitlines())


@cache
def _templates() -> list[tuple[re.Pattern[str], str]]:
    found = []
    for english, vietnamese in wordings().items():
        names = _HOLE.findall(english)
        if names:
            parts = _HOLE.split(english)[::2]
            weight = sum(map(len, parts))
            found.append((weight, re.compile(_pattern(parts, names), re.DOTALL), vietnamese))
    return [(pattern, wording) for _, pattern, wording in sorted(found, key=lambda one: -one[0])]


def _pattern(parts: list[str], names: list[str]) -> str:
    holes = [f"(?P<{name}>.+?)" for name in names] + [""]
    return "".join(re.escape(part) + hole for part, hole in zip(parts, holes, strict=True))


def in_vietnamese(sentence: str, depth: int = 0) -> str:
    """The sentence of a codec in Vietnamese, what fills its holes too; unchanged where it is not known."""
    whole = wordings().get(sentence)
    if whole is not None:
        return whole
    for pattern, wording in _templates():
        match = pattern.fullmatch(sentence)
        if match and depth < _DEEPEST:
            values = {name: in_vietnamese(value, depth + 1) for name, value in match.groupdict().items()}
            return _HOLE.sub(lambda hole, values=values: values[hole[1]], wording)  # type: ignore[misc]
    return sentence
