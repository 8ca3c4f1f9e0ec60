"""A random plan, written in a random style, is read back as it was meant."""

import textwrap
import unicodedata
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from khcn.domains.programme.rules.plan_reading import read_plan

OPERATORS = {
    ">=": ["ít nhất {n}", "tối thiểu {n}", "không dưới {n}", "≥ {n}"],
    ">": ["trên {n}", "hơn {n}"],
    "<=": ["không quá {n}", "tối đa {n}"],
    "<": ["dưới {n}"],
    "=": ["{n}"],
}
COUNTED = [
    "mô hình sản xuất",
    "quy trình kỹ thuật",
    "doanh nghiệp công nghệ",
    "nhãn hiệu chứng nhận",
    "phần mềm dùng chung",
]
SHARED = ["cơ quan cấp tỉnh", "hồ sơ thủ tục hành chính", "sản phẩm chủ lực", "hộ gia đình"]
VERBS = ["Xây dựng", "Hỗ trợ", "Phát triển", "Tiếp nhận"]
TAILS = ["", " phục vụ sản xuất", " trên địa bàn tỉnh", " được đưa vào sử dụng"]
TITLES = ["công nghệ thông tin", "công nghệ sinh học", "vật liệu mới", "cơ khí - tự động hóa", "y tế", "giáo dục"]
LINES = [
    "Đẩy mạnh ứng dụng công nghệ trong quản lý và điều hành tại các đơn vị",
    "Chọn tạo giống cây trồng, vật nuôi có năng suất, chất lượng phù hợp với thổ nhưỡng địa phương",
    "Xử lý phụ phẩm nông nghiệp bằng chế phẩm sinh học",
    "Hoàn thiện quy trình bảo quản, chế biến sau thu hoạch đối với các loại quả đặc sản",
    "Khai thác, bảo vệ chỉ dẫn địa lý",
]
UNITS = [
    ("Sở Khoa học và Công nghệ",),
    ("Sở Tài chính",),
    ("Sở Y tế", "Sở Giáo dục và Đào tạo"),
    ("Sở Nông nghiệp và Phát triển nông thôn", "Sở Công Thương", "Sở Tài nguyên và Môi trường"),
    ("UBND các huyện, thị xã, thành phố",),
    ("Công an tỉnh",),
    ("Các sở, ban, ngành tỉnh",),
]
CLAUSES = [
    "Chủ trì, phối hợp với các cơ quan liên quan triển khai Kế hoạch",
    "Bố trí kinh phí thực hiện theo phân cấp ngân sách hiện hành",
    "Tuyên truyền, vận động tổ chức, cá nhân tham gia thực hiện các nội dung của Kế hoạch này",
    "Định kỳ báo cáo kết quả theo quy định",
]


@dataclass(frozen=True)
class Meant:
    targets: list
    fields: list
    duties: list
    total: int
    year: int


@dataclass(frozen=True)
class Style:
    numbers: str
    bullet: str
    width: int | None
    blank_lines: int
    many: str
    money: str
    decomposed: bool
    line_end: str


styles = st.builds(
    Style,
    numbers=st.sampled_from(["roman", "arabic", "roman_dash", "upper"]),
    bullet=st.sampled_from(["- ", "• ", "+ ", "– "]),
    width=st.sampled_from([None, 70, 78, 90]),
    blank_lines=st.sampled_from([0, 1]),
    many=st.sampled_from(["colon", "plain", "each"]),
    money=st.sampled_from(["đồng", "triệu đồng", "tỷ đồng"]),
    decomposed=st.booleans(),
    line_end=st.sampled_from(["\n", "\r\n"]),
)
single = st.tuples(
    st.sampled_from(sorted(OPERATORS)),
    st.integers(2, 99),
    st.sampled_from(COUNTED),
    st.integers(0, 3),
    st.just("count"),
) | st.tuples(
    st.sampled_from(sorted(OPERATORS)), st.integers(2, 100), st.sampled_from(SHARED), st.integers(0, 3), st.just("%")
)
meanings = st.builds(
    Meant,
    targets=st.lists(st.tuples(single, st.sampled_from([None, 2026, 2027, 2028])), min_size=1, max_size=8),
    fields=st.lists(
        st.tuples(st.sampled_from(TITLES), st.lists(st.sampled_from(LINES), min_size=1, max_size=4, unique=True)),
        min_size=1,
        max_size=5,
        unique_by=lambda field: field[0],
    ),
    duties=st.lists(
        st.tuples(st.sampled_from(UNITS), st.lists(st.sampled_from(CLAUSES), min_size=1, max_size=3, unique=True)),
        min_size=1,
        max_size=6,
        unique_by=lambda duty: duty[0],
    ),
    total=st.integers(1, 900).map(lambda n: n * 500_000_000),
    year=st.just(2030),
)


def target_sentence(target):
    (operator, number, thing, choice, kind), year = target
    phrase = OPERATORS[operator][choice % len(OPERATORS[operator])]
    when = f"Đến năm {year}, " if year else ""
    if kind == "%":
        amount = phrase.format(n=f"{number}%")
        return (
            f"{when}tỷ lệ {thing} được số hóa đạt {amount}." if choice % 2 else f"{when}{amount} {thing} được số hóa."
        )
    verb = VERBS[choice]
    return f"{when}{verb} {phrase.format(n=f'{number:02d}')} {thing}{TAILS[choice]}."


def sections(style):
    marks = {
        "roman": (["I.", "II.", "III.", "IV."], lambda i, j: f"{j}."),
        "arabic": (["1.", "2.", "3.", "4."], lambda i, j: f"{i}.{j}."),
        "roman_dash": (["I-", "II-", "III-", "IV-"], lambda i, j: f"{j}-"),
        "upper": (["A.", "B.", "C.", "D."], lambda i, j: ["I.", "II.", "III.", "IV.", "V.", "VI."][j - 1]),
    }
    return marks[style.numbers]


def units_text(units, style):
    bare = [unit.removeprefix("Sở ") for unit in units]
    if len(units) == 1 or style.many == "each":
        return ", ".join(units)
    return f"Các Sở: {', '.join(bare)}" if style.many == "colon" else f"Các Sở {', '.join(bare)}"


def money_text(total, style):
    if style.money == "đồng":
        return f"{total:,}".replace(",", ".") + " đồng"
    if style.money == "triệu đồng":
        return f"{total // 10**6:,}".replace(",", ".") + " triệu đồng"
    whole, rest = divmod(total, 10**9)
    return (f"{whole},5" if rest else f"{whole}") + " tỷ đồng"


def written(meant, style):
    top, sub = sections(style)
    lines = ["KẾ HOẠCH", "Phát triển khoa học và công nghệ giai đoạn 2026 - 2030", ""]
    lines += ["Căn cứ Quyết định số 12/QĐ-TTg ngày 05/01/2026 của Thủ tướng Chính phủ;"]
    lines += ["UBND tỉnh Hà Yên ban hành Kế hoạch như sau:"]
    lines += [f"{top[0]} MỤC TIÊU", f"{sub(1, 1)} Mục tiêu chung"]
    lines += ["Đưa khoa học và công nghệ thành động lực phát triển của địa phương."]
    lines += [f"{sub(1, 2)} Mục tiêu cụ thể", *(style.bullet + target_sentence(t) for t in meant.targets)]
    lines += [f"{top[1]} NỘI DUNG THỰC HIỆN"]
    for j, (title, content) in enumerate(meant.fields, start=1):
        lines += [f"{sub(2, j)} Lĩnh vực {title}", *(f"{style.bullet}{line}." for line in content)]
    lines += [f"{top[2]} KINH PHÍ", f"Tổng kinh phí thực hiện: {money_text(meant.total, style)}."]
    lines += [f"{top[3]} TỔ CHỨC THỰC HIỆN"]
    for j, (units, clauses) in enumerate(meant.duties, start=1):
        lines += [f"{sub(4, j)} {units_text(units, style)}", *(f"{style.bullet}{clause}." for clause in clauses)]
    lines += ["Nơi nhận:", "- Như trên;", "- Lưu: VT."]
    if style.width:
        lines = [part for line in lines for part in (textwrap.wrap(line, style.width, break_on_hyphens=False) or [""])]
    text = ("\n" * (style.blank_lines + 1)).join(lines)
    text = unicodedata.normalize("NFD", text) if style.decomposed else text
    return text.replace("\n", style.line_end)


@settings(max_examples=250, deadline=None)
@given(meanings, styles)
def test_generated_plan_is_read_as_it_was_meant(meant, style):
    plan = read_plan(written(meant, style))

    expected = [
        (operator, number, "%" if kind == "%" else thing, year or meant.year)
        for (operator, number, thing, _, kind), year in meant.targets
    ]
    distinct = list(dict.fromkeys(zip(expected, map(target_sentence, meant.targets), strict=True)))
    assert [(t.operator, int(t.quantity), t.unit, t.due_on.year) for t in plan.targets] == [e for e, _ in distinct]
    assert [(f.title, [line.text for line in f.lines]) for f in plan.fields] == [
        (f"Lĩnh vực {title}", [f"{line}." for line in lines]) for title, lines in meant.fields
    ]
    assert [(d.units, [c.text for c in d.clauses]) for d in plan.duties] == [
        (units, [f"{clause}." for clause in clauses]) for units, clauses in meant.duties
    ]
    assert plan.total_vnd == meant.total
