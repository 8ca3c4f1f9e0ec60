"""What happened between things: what went into what, and what was made of what. Derived from events, never edited."""

from django.db import models

from khcn.domains.traceability.models.events import CapturedEvent
from khcn.domains.traceability.models.names import Ident


class Containment(models.Model):
    """At a moment a thing was put into a parent, or taken out; without a child everything was taken out.

    The interval during which it lay inside is read from these rows in the order of time, so that events may arrive in
    any order and a wrong one disappears with its rows.
    """

    id = models.BigAutoField(primary_key=True)
    parent = models.ForeignKey(
        Ident, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name="vật chứa"
    )
    child = models.ForeignKey(
        Ident, on_delete=models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="vật bên trong"
    )
    at = models.DateTimeField("lúc")
    adds = models.BooleanField("cho vào")
    mass_kg = models.FloatField("khối lượng, kg", null=True)
    event = models.ForeignKey(CapturedEvent, on_delete=models.CASCADE, related_name="+", verbose_name="sự kiện")

    class Meta:
        verbose_name = "việc xếp, dỡ"
        verbose_name_plural = "việc xếp, dỡ"
        indexes = [
            models.Index(fields=["parent", "at"], name="traceability_inside_parent"),
            models.Index(fields=["child", "at"], name="traceability_inside_child"),
        ]

    def __str__(self) -> str:
        return f"{self.parent_id} ← {self.child_id}"


class Transformed(models.Model):
    """One input or output of one transformation; events that share a transformationID are one node."""

    id = models.BigAutoField(primary_key=True)
    node = models.ForeignKey(
        Ident, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name="lần chế biến"
    )
    ident = models.ForeignKey(Ident, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name="mã")
    at = models.DateTimeField("lúc")
    is_output = models.BooleanField("là đầu ra")
    mass_kg = models.FloatField("khối lượng, kg", null=True)
    event = models.ForeignKey(CapturedEvent, on_delete=models.CASCADE, related_name="+", verbose_name="sự kiện")

    class Meta:
        verbose_name = "đầu vào, đầu ra chế biến"
        verbose_name_plural = "đầu vào, đầu ra chế biến"
        indexes = [
            models.Index(fields=["node", "is_output"], name="traceability_made_node"),
            models.Index(fields=["ident", "is_output", "at"], name="traceability_made_ident"),
        ]

    def __str__(self) -> str:
        return f"{self.node_id} {'→' if self.is_output else '←'} {self.ident_id}"
