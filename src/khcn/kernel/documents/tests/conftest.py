"""A department with all who take part in the life of a paper."""

from datetime import date
from types import SimpleNamespace

import pytest

from khcn.kernel.documents import services
from khcn.lib.actor import Actor
from khcn.lib.roles import Role


@pytest.fixture
def office(cast):
    """A department with all who take part, known on the axis; and another body."""
    body = cast.organisation("Sở Khoa học và Công nghệ", code="SKHCN")
    other = cast.organisation("Sở Tài chính", code="STC")
    director = cast.person("Nguyễn Thị Ánh Nguyệt")
    system = Actor(uid=body.uid, name="Hệ thống", on=date(2023, 5, 15), is_system=True)
    services.set_identifier(by=system, organisation=body, code="H10.16")
    services.set_identifier(by=system, organisation=other, code="H10.05")
    return SimpleNamespace(
        body=body, other=other, director_person=director,
        drafter=cast.actor(Role.SPECIALIST, organisation=body), head=cast.actor(Role.HEAD, organisation=body),
        director=cast.actor(Role.HEAD, Role.DIRECTOR, organisation=body, person=director),
        clerk=cast.actor(Role.CLERK, organisation=body), other_clerk=cast.actor(Role.CLERK, organisation=other),
        system=system,
    )  # fmt: skip
