"""Changes by proposal: four eyes, states over time, topology that stops approval, versions chained by digest."""

from datetime import date

import pytest
import shapely
from django.db import DatabaseError, transaction

from khcn.domains.geodata.choices import Access, GeometryType, LayerChangeKind, LayerChangeState, TopologyKind
from khcn.domains.geodata.errors import ChangeStepRefused, ObjectMoved, TopologyBroken
from khcn.domains.geodata.models import ChangeProposal, Feature, LayerVersion
from khcn.domains.geodata.rules.digests import version_digest
from khcn.domains.geodata.services import changes, layers
from khcn.domains.geodata.services.versions import NewObject
from khcn.domains.geodata.tests.conftest import DAY, plot, square
from khcn.kernel.audit.models import AuditEntry
from khcn.lib.failure import Forbidden, Refused, Stale

pytestmark = [pytest.mark.django_db, pytest.mark.database]
MARCH = date(2023, 3, 1)


def propose(world, kind=LayerChangeKind.MODIFY, codes=("R-01",), objects=None, **more):
    changed = [plot("R-01", ten="Rừng Bù Gia Mập mở rộng")] if objects is None else objects
    values = {"by": world.editor, "layer": world.layer, "effective_on": MARCH, "reason": "Quyết định 12"}
    return changes.propose_change(kind=kind, codes=codes, objects=changed, **(values | more))


def decide(world, proposal):
    changes.check_change(by=world.second, proposal=proposal)
    return changes.approve_change(by=world.head, proposal=proposal)


def test_change_ends_one_state_and_begins_the_next(world) -> None:
    world.fill()

    decide(world, propose(world))

    old, new = Feature.objects.filter(code="R-01").order_by("id")
    assert (old.valid_from, old.valid_to, new.valid_from, new.valid_to) == (date(2022, 1, 1), MARCH, MARCH, None)
    assert (old.added_in, old.ended_in, new.added_in) == (1, 2, 2)
    assert new.title == "Rừng Bù Gia Mập mở rộng"
    assert [one.title for one in Feature.objects.valid_on(date(2023, 2, 28)).filter(code="R-01")] == [old.title]
    assert new.area_m2 == pytest.approx(4_826_000, rel=0.01)
    assert AuditEntry.objects.filter(verb="map_change.apply").count() == 2


def test_versions_are_chained_and_can_be_recomputed(world) -> None:
    world.fill()
    decide(world, propose(world))

    previous = ""
    for version in LayerVersion.objects.filter(layer=world.layer).order_by("number"):
        states = Feature.objects.filter(layer=world.layer)
        added = states.filter(added_in=version.number).values_list("digest", flat=True)
        ended = states.filter(ended_in=version.number).values_list("digest", flat=True)
        assert version.previous == previous
        assert version.digest == version_digest(previous, added, ended)
        previous = version.digest
    world.layer.refresh_from_db()
    assert (world.layer.version_number, world.layer.object_count) == (2, 3)
    assert world.layer.bbox == pytest.approx([106.8, 11.8, 107.02, 11.92])


def test_no_one_checks_or_approves_their_own_proposal(world) -> None:
    world.fill()
    proposal = propose(world, by=world.head)

    with pytest.raises(ChangeStepRefused, match="tự kiểm tra"):
        changes.check_change(by=world.head, proposal=proposal)
    changes.check_change(by=world.second, proposal=proposal)
    with pytest.raises(ChangeStepRefused, match="tự duyệt"):
        changes.approve_change(by=world.head, proposal=proposal)
    for by in (world.editor, world.partner, world.stranger, world.host):
        with pytest.raises(Forbidden):
            changes.approve_change(by=by, proposal=proposal)

    proposal.refresh_from_db()
    assert proposal.state == LayerChangeState.CHECKED
    assert Feature.objects.filter(code="R-01").count() == 1


def test_approval_needs_the_check_first(world) -> None:
    world.fill()

    with pytest.raises(ChangeStepRefused, match="Đã đề nghị"):
        changes.approve_change(by=world.head, proposal=propose(world))


def test_returned_proposal_is_sent_in_again_and_rejected_one_is_final(world) -> None:
    world.fill()
    proposal = propose(world)

    with pytest.raises(Refused, match="lý do"):
        changes.return_change(by=world.head, proposal=proposal, note=" ")
    changes.return_change(by=world.head, proposal=proposal, note="Thiếu biên bản")
    changes.revise_change(by=world.editor, proposal=proposal, reason="Đã bổ sung")
    changes.reject_change(by=world.head, proposal=proposal, note="Không đúng ranh")

    assert (proposal.state, proposal.reason, proposal.note) == ("rejected", "Đã bổ sung", "Không đúng ranh")
    with pytest.raises(ChangeStepRefused):
        changes.check_change(by=world.second, proposal=proposal)


def test_broken_topology_lets_propose_but_not_approve(world) -> None:
    layers.set_rule(by=world.head, layer=world.layer, kind=TopologyKind.NO_OVERLAP)
    world.fill()

    proposal = propose(
        world, LayerChangeKind.ADD, (), [NewObject("R-09", square(106.81, 11.81), {"ten": "Chồng"})]
    )  # fmt: skip
    changes.check_change(by=world.second, proposal=proposal)

    assert proposal.findings[0]["other"] == "R-01"
    assert "R-09 chồng R-01 1" in proposal.findings[0]["text"]
    with pytest.raises(TopologyBroken, match="R-09 chồng R-01"):
        changes.approve_change(by=world.head, proposal=proposal)
    assert not Feature.objects.filter(code="R-09").exists()
    proposal.refresh_from_db()
    assert proposal.state == LayerChangeState.CHECKED


def test_object_may_overlap_the_state_that_it_replaces(world) -> None:
    layers.set_rule(by=world.head, layer=world.layer, kind=TopologyKind.NO_OVERLAP)
    world.fill()

    decide(world, propose(world))

    assert Feature.objects.get(code="R-01", valid_to=None).title.endswith("mở rộng")


def test_rules_of_area_sliver_inside_and_covering_find_what_they_should(world) -> None:
    communes = world.register("xa", needs_approval=True)
    world.add(communes, NewObject("X-1", square(106.8, 11.8, 0.04), {"ten": "Xã một"}))
    layer = world.layer
    layers.set_rule(by=world.head, layer=layer, kind=TopologyKind.MIN_AREA, amount=1000, is_blocking=False)
    layers.set_rule(by=world.head, layer=layer, kind=TopologyKind.NO_SLIVER)
    layers.set_rule(by=world.head, layer=layer, kind=TopologyKind.INSIDE, other=communes)
    layers.set_rule(by=world.head, layer=layer, kind=TopologyKind.COVERS, other=communes)
    shapes = {
        "nho": square(106.81, 11.81, 0.0001), "manh": shapely.box(106.81, 11.82, 106.83, 11.82001),
        "ngoai": square(107.2, 12.0),
    }  # fmt: skip

    proposal = propose(
        world, LayerChangeKind.ADD, (), [NewObject(code, shape, {"ten": code}) for code, shape in shapes.items()]
    )  # fmt: skip

    found = {(one["rule"], one["code"] or one["other"]) for one in proposal.findings}
    assert {("min_area", "nho"), ("no_sliver", "manh"), ("inside", "ngoai"), ("covers", "X-1")} <= found
    assert ("inside", "nho") not in found


def test_split_and_merge_keep_history(world) -> None:
    world.fill()
    left, right = shapely.box(106.8, 11.8, 106.81, 11.82), shapely.box(106.81, 11.8, 106.82, 11.82)
    halves = [NewObject("R-01a", left, {"ten": "Tây"}), NewObject("R-01b", right, {"ten": "Đông"})]

    decide(world, propose(world, LayerChangeKind.SPLIT, ["R-01"], halves))
    whole = NewObject("R-10", square(106.8, 11.8), {"ten": "Gộp lại"})
    decide(world, propose(world, LayerChangeKind.MERGE, ["R-01a", "R-01b"], [whole], effective_on=date(2023, 4, 1)))
    decide(world, propose(world, LayerChangeKind.RETIRE, ["R-10"], [], effective_on=date(2023, 5, 1)))

    def on(day):
        found = Feature.objects.valid_on(day).filter(layer=world.layer, code__regex=r"^R-(01|10)")
        return sorted(found.values_list("code", flat=True))

    assert on(date(2023, 2, 1)) == ["R-01"]
    assert on(date(2023, 3, 2)) == ["R-01a", "R-01b"]
    assert on(date(2023, 4, 2)) == ["R-10"]
    assert on(date(2023, 5, 2)) == []


@pytest.mark.parametrize(
    ("kind", "codes", "objects"),
    [
        ("add", (), []), ("modify", (), [plot("R-01")]), ("modify", ("R-01",), [plot("R-02")]),
        ("split", ("R-01",), [plot("R-01")]), ("merge", ("R-01",), [plot("R-01")]), ("retire", (), []),
        ("add", (), [plot("R-01")]), ("modify", ("R-99",), [plot("R-01")]),
    ],
)  # fmt: skip
def test_proposal_of_the_wrong_size_or_code_is_refused(world, kind, codes, objects) -> None:
    world.fill()

    with pytest.raises(Refused):
        propose(world, LayerChangeKind(kind), codes, objects)


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (NewObject("R 9", square(106.8, 11.8), {"ten": "x"}), "code"),
        (NewObject("R-9", shapely.Point(106.8, 11.8), {"ten": "x"}), "geometry"),
        (NewObject("R-9", square(10, 50), {"ten": "x"}), "geometry"),
        (NewObject("R-9", shapely.Polygon([(106, 11), (107, 12), (107, 11), (106, 12)]), {"ten": "x"}), "geometry"),
        (NewObject("R-9", square(106.8, 11.8), {}), "ten"),
        (NewObject("R-9", square(106.8, 11.8), {"ten": "x", "loai": "Rừng tre"}), "loai"),
        (NewObject("R-9", square(106.8, 11.8), {"ten": "x", "so_ho": 1.5}), "so_ho"),
    ],
)
def test_object_that_does_not_fit_is_refused_by_field(world, new, field) -> None:
    with pytest.raises(Refused) as refused:
        propose(world, LayerChangeKind.ADD, (), [new])
    assert refused.value.field == field


def test_one_object_has_one_open_proposal_and_moves_under_none(world) -> None:
    world.fill()
    proposal = propose(world)

    with pytest.raises(Refused, match="chưa xong"):
        propose(world)
    ChangeProposal.objects.filter(pk=proposal.pk).update(before=[{**proposal.before[0], "digest": "0" * 64}])
    proposal.refresh_from_db()
    with pytest.raises(ObjectMoved):
        changes.check_change(by=world.second, proposal=proposal)


def test_change_of_tomorrow_waits_for_its_day(world) -> None:
    world.fill()
    later = date(2023, 6, 1)
    proposal = decide(world, propose(world, effective_on=later))

    assert proposal.state == LayerChangeState.APPROVED
    assert changes.apply_due(by=world.system, on=DAY) == 0
    system = type(world.system)(uid=world.owner.uid, name="Hệ thống", on=later, is_system=True)
    assert changes.apply_due(by=system, on=later) == 1
    assert Feature.objects.get(code="R-01", valid_to=None).valid_from == later


def test_two_changes_on_one_day_leave_the_last_and_keep_the_first(world) -> None:
    world.fill()
    decide(world, propose(world))

    decide(world, propose(world, objects=[plot("R-01", ten="Lần hai")]))

    assert Feature.objects.valid_on(MARCH).get(code="R-01").title == "Lần hai"
    assert Feature.objects.filter(code="R-01").count() == 3


def test_change_before_the_state_began_is_refused(world) -> None:
    world.fill()

    with pytest.raises(Refused, match="có hiệu lực từ"):
        decide(world, propose(world, effective_on=date(2021, 1, 1)))


def test_stale_decision_is_refused(world) -> None:
    world.fill()
    proposal = propose(world)
    changes.check_change(by=world.second, proposal=proposal, expected_version=1)

    with pytest.raises(Stale):
        changes.return_change(by=world.head, proposal=proposal, note="x", expected_version=1)


def test_only_editors_propose_and_shared_offices_where_allowed(world) -> None:
    world.fill()
    for by in (world.partner, world.stranger, world.host, world.leader):
        with pytest.raises(Forbidden):
            propose(world, by=by)

    layers.share_layer(by=world.head, layer=world.layer, organisation=world.other)
    with pytest.raises(Forbidden):
        propose(world, by=world.partner)
    layers.share_layer(by=world.head, layer=world.layer, organisation=world.other, may_edit=True)

    assert propose(world, by=world.partner).state == LayerChangeState.PROPOSED


def test_layer_without_approval_is_written_directly_and_others_are_not(world) -> None:
    loose = world.register("nhap", needs_approval=False)

    changes.write_directly(by=world.editor, layer=loose, objects=[plot("R-01")], reason="Thêm")
    state = Feature.objects.get(layer=loose)
    changes.write_directly(
        by=world.editor, layer=loose, codes=["R-01"], objects=[plot("R-01", ten="Mới")], reason="Sửa",
        expected_digest=state.digest,
    )  # fmt: skip

    assert Feature.objects.get(layer=loose, valid_to=None).title == "Mới"
    with pytest.raises(ObjectMoved):
        changes.write_directly(
            by=world.editor, layer=loose, codes=["R-01"], reason="Xóa", expected_digest=state.digest
        )  # fmt: skip
    with pytest.raises(Refused, match="đề nghị biến động"):
        changes.write_directly(by=world.editor, layer=world.layer, objects=[plot("R-01")], reason="Thêm")
    with pytest.raises(Refused, match="đã có"):
        changes.write_directly(by=world.editor, layer=loose, objects=[plot("R-01")], reason="Thêm")


def test_database_keeps_versions_and_states_as_they_are(world) -> None:
    world.fill()

    for change in (
        lambda: LayerVersion.objects.update(digest="x"),
        lambda: LayerVersion.objects.all().delete(),
        lambda: Feature.objects.filter(code="R-01").update(properties={}),
        lambda: Feature.objects.filter(code="R-01").update(access=Access.RESTRICTED),
        lambda: Feature.objects.filter(code="R-01")._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_ended_state_stays_ended(world) -> None:
    world.fill()
    decide(world, propose(world))

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Feature.objects.filter(code="R-01", ended_in=2).update(valid_to=None)


def test_layer_set_up_wrongly_is_refused(world) -> None:
    for more in (
        {"key": "rung"}, {"key": "moi", "title": " "}, {"key": "moi", "entry_epsg": 27700},
        {"key": "moi", "title_field": "khong"}, {"key": "moi", "geometry_type": None}, {"key": "danh-muc"},
    ):  # fmt: skip
        with pytest.raises(Exception, match=r"\S"):
            world.register(**more)
    with pytest.raises(Forbidden):
        world.register("moi", by=world.partner)
    with pytest.raises(Refused):
        layers.set_rule(by=world.head, layer=world.layer, kind=TopologyKind.INSIDE)
    with pytest.raises(Refused):
        layers.set_rule(by=world.head, layer=world.layer, kind=TopologyKind.MIN_AREA)
    points = world.register("diem", geometry_type=GeometryType.POINT)
    with pytest.raises(Refused):
        layers.set_rule(by=world.head, layer=points, kind=TopologyKind.NO_OVERLAP)


def test_description_of_a_layer_changes_but_stale_edits_do_not(world) -> None:
    layers.change_layer(by=world.head, layer=world.layer, changes={"title": "Tên mới"}, expected_version=1)

    with pytest.raises(Stale):
        layers.change_layer(by=world.head, layer=world.layer, changes={"title": "Cũ"}, expected_version=1)
    with pytest.raises(Forbidden):
        layers.change_layer(by=world.partner, layer=world.layer, changes={"title": "Cũ"})
    assert world.layer.title == "Tên mới"
