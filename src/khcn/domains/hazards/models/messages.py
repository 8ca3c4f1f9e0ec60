"""Messages of machines that could not be taken in whole: kept for whoever looks after the station."""

from django.db import models

from khcn.domains.hazards.models.stations import Station
from khcn.web.fields import Identified


class RefusedMessage(Identified):
    """A message that was refused, whole or in part, with the reason; the same one sent again is kept once.

    station: None where the topic names none that is known. payload: its beginning, as text. digest: of topic, whole
    payload and reason. folded: what a search looks in.
    """

    station = models.ForeignKey(
        Station, models.CASCADE, null=True, blank=True, related_name="refused_messages", verbose_name="trạm"
    )
    topic = models.CharField("chủ đề", max_length=200)
    payload = models.TextField("nội dung")
    reason = models.CharField("lý do", max_length=300)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    folded = models.CharField(max_length=600, editable=False, default="")
    first_at = models.DateTimeField("lần đầu")
    last_at = models.DateTimeField("lần cuối", db_index=True)

    class Meta:
        verbose_name = "gói số liệu không nhận"
        verbose_name_plural = "gói số liệu không nhận"
        ordering = ["-last_at", "-id"]

    def __str__(self) -> str:
        return self.topic
