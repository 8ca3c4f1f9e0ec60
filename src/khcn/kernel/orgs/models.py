"""Organisations and people over time. A row says what held from `valid_from` up to, not including, `valid_to`."""

from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q

from khcn.kernel.orgs.choices import DelegationForm, OrganisationKind, OrganisationLevel, SuccessionKind
from khcn.lib.text import fold, given_name_key, sort_key
from khcn.web.fields import EnumField, Identified


class DatedQuerySet(models.QuerySet):
    """Rows with a half-open validity."""

    def valid_on(self, on: date) -> "DatedQuerySet":
        """Rows in force on the date."""
        return self.filter(Q(valid_from__lte=on) | Q(valid_from=None)).filter(Q(valid_to__gt=on) | Q(valid_to=None))


class Dated(models.Model):
    """Validity, half-open; an empty bound is unknown or open."""

    valid_from = models.DateField("có hiệu lực từ", null=True, blank=True)
    valid_to = models.DateField("đến trước ngày", null=True, blank=True)
    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True

    def is_valid_on(self, on: date) -> bool:
        """True when the row is in force on the date."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on < self.valid_to)


class Organisation(Identified, Dated):
    """A body as it was named and placed for a while; a merger ends it and names successors.

    Identity: `code` for people, `uid` outside. A printed document keeps the name of its day. carries: bodies that ended
    and whose duties this one carries, along the chain of successions: [[key, first day]]; kept by
    `services.successions`.
    """

    code = models.CharField("mã", max_length=40, unique=True)
    name = models.CharField("tên", max_length=300)
    short_name = models.CharField("tên viết tắt", max_length=80, blank=True)
    kind = EnumField("loại", enum=OrganisationKind, default=OrganisationKind.STATE)
    level = EnumField("cấp", enum=OrganisationLevel, default=OrganisationLevel.PROVINCE)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="trực thuộc"
    )
    tax_code = models.CharField("mã số thuế", max_length=20, blank=True)
    address = models.CharField("địa chỉ", max_length=300, blank=True)
    is_illustration = models.BooleanField("minh họa", default=False)
    carries = models.JSONField("gánh nhiệm vụ của", default=list, editable=False)
    folded = models.CharField(max_length=400, editable=False, db_index=True)
    sort_key = models.CharField(max_length=600, editable=False)

    class Meta:
        verbose_name = "cơ quan, tổ chức"
        verbose_name_plural = "cơ quan, tổ chức"
        ordering = ["sort_key"]
        constraints = [
            models.CheckConstraint(
                name="organisation_dates_in_order",
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lt=F("valid_to")),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the folded and sortable names beside the name."""
        self.folded = fold(f"{self.code} {self.name} {self.short_name}")[:400]
        self.sort_key = sort_key(self.name)[:600]
        super().save(*args, **kwargs)


class OrganisationSuccession(models.Model):
    """One predecessor's duties going to one successor on a date, by a decision."""

    predecessor = models.ForeignKey(Organisation, models.PROTECT, related_name="succeeded_by", verbose_name="trước")
    successor = models.ForeignKey(Organisation, models.PROTECT, related_name="succeeds", verbose_name="kế thừa")
    kind = EnumField("hình thức", enum=SuccessionKind)
    share = models.DecimalField("tỷ lệ", max_digits=5, decimal_places=4, default=1)
    on = models.DateField("từ ngày")
    decision = models.CharField("văn bản", max_length=200, blank=True)

    class Meta:
        verbose_name = "kế thừa tổ chức"
        verbose_name_plural = "kế thừa tổ chức"
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once"),
            models.CheckConstraint(name="succession_not_itself", condition=~Q(predecessor=F("successor"))),
            models.CheckConstraint(name="succession_share", condition=Q(share__gt=0, share__lte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"


class Person(Identified):
    """A human being known to the programme: official, researcher, expert, user of results."""

    full_name = models.CharField("họ và tên", max_length=120)
    email = models.EmailField("thư điện tử", blank=True)
    phone = models.CharField("điện thoại", max_length=30, blank=True)
    degree = models.CharField("học vị, học hàm", max_length=60, blank=True)
    field = models.CharField("chuyên ngành", max_length=200, blank=True)
    in_field_since = models.PositiveSmallIntegerField("làm chuyên môn từ năm", null=True, blank=True)
    employer = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="staff", verbose_name="nơi công tác"
    )
    is_expert = models.BooleanField("chuyên gia tư vấn", default=False)
    is_illustration = models.BooleanField("minh họa", default=False)
    folded = models.CharField(max_length=300, editable=False, db_index=True)
    sort_key = models.CharField(max_length=400, editable=False)

    class Meta:
        verbose_name = "người"
        verbose_name_plural = "người"
        ordering = ["sort_key"]

    def __str__(self) -> str:
        return f"{self.degree} {self.full_name}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Names sort by given name first, as officials expect."""
        self.folded = fold(f"{self.full_name} {self.email} {self.field}")[:300]
        self.sort_key = given_name_key(self.full_name)[:400]
        super().save(*args, **kwargs)


class PersonRelation(models.Model):
    """Kinship or another tie between two people that bars one from judging the other."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="relations", verbose_name="người")
    other = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="với")
    kind = models.CharField("quan hệ", max_length=40)
    note = models.CharField("ghi chú", max_length=200, blank=True)

    class Meta:
        verbose_name = "quan hệ"
        verbose_name_plural = "quan hệ"
        constraints = [models.UniqueConstraint(fields=["person", "other", "kind"], name="relation_once")]

    def __str__(self) -> str:
        return f"{self.person} – {self.kind} – {self.other}"


class Post(models.Model):
    """A kind of position, with the roles that whoever holds it may use."""

    code = models.CharField("mã", max_length=40, unique=True)
    name = models.CharField("chức vụ", max_length=120)
    roles = models.JSONField("vai trò", default=list)
    signs_as = models.CharField("ký thay", max_length=10, blank=True, help_text="TM., KT., TL., TUQ., Q.")

    class Meta:
        verbose_name = "chức vụ"
        verbose_name_plural = "chức vụ"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Appointment(Identified, Dated):
    """A person holding a post at an organisation for a while."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="appointments", verbose_name="người")
    post = models.ForeignKey(Post, models.PROTECT, related_name="appointments", verbose_name="chức vụ")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="appointments", verbose_name="cơ quan")
    decision = models.CharField("quyết định", max_length=200, blank=True)

    class Meta:
        verbose_name = "bổ nhiệm"
        verbose_name_plural = "bổ nhiệm"

    def __str__(self) -> str:
        return f"{self.person} – {self.post}, {self.organisation}"


class Delegation(Identified, Dated):
    """One person's power to act handed to another for named acts and a while."""

    giver = models.ForeignKey(Person, models.PROTECT, related_name="delegations_given", verbose_name="người giao")
    receiver = models.ForeignKey(Person, models.PROTECT, related_name="delegations_received", verbose_name="người nhận")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="delegations", verbose_name="cơ quan")
    roles = models.JSONField("vai trò được giao", default=list)
    form = EnumField("hình thức ký", enum=DelegationForm)
    basis = models.CharField("văn bản", max_length=200)

    class Meta:
        verbose_name = "ủy quyền"
        verbose_name_plural = "ủy quyền"
        constraints = [models.CheckConstraint(name="delegation_not_itself", condition=~Q(giver=F("receiver")))]

    def __str__(self) -> str:
        return f"{self.giver} → {self.receiver} ({self.basis})"


class User(Identified, AbstractUser):
    """An account. One person, one account; roles come from the person's appointments, not from here."""

    person = models.OneToOneField(
        Person, models.PROTECT, null=True, blank=True, related_name="user", verbose_name="người"
    )
    language = models.CharField("ngôn ngữ", max_length=5, default="vi")
    last_seen_on = models.DateField("dùng lần cuối", null=True, blank=True)

    class Meta(AbstractUser.Meta):
        verbose_name = "tài khoản"
        verbose_name_plural = "tài khoản"

    def __str__(self) -> str:
        return self.person.full_name if self.person else self.username
