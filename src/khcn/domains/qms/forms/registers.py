"""Forms of the plain registers, made from the model with choices narrowed to the agency."""

from typing import Any

from django import forms
from django.db import models
from django.forms import modelform_factory
from django.utils.translation import gettext_lazy as _

from khcn.domains.qms.models import Membership, QualitySystem
from khcn.domains.qms.queries.people import members_on
from khcn.kernel.orgs.models import Person
from khcn.web.forms import KhcnModelForm

HELP: dict[str, Any] = {"step_key": _("Mã của bước trong bảng các bước của quy trình; để trống nếu là cả quy trình.")}
SCALE = [(value, str(value)) for value in range(1, 6)]


class RegisterForm(KhcnModelForm):
    """A line of a register of one agency; a service writes it, not `save()`."""

    def __init__(self, *args: Any, system: QualitySystem, on: Any, **kwargs: Any) -> None:
        self.system = system
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if not isinstance(field, forms.ModelChoiceField):
                continue
            model = field.queryset.model  # type: ignore[union-attr]
            if model is Person:
                field.queryset = Person.objects.filter(pk__in=members_on(system, on).values("person"))
            elif model is Membership:
                field.queryset = members_on(system, on)
            elif any(part.name == "system" for part in model._meta.fields):
                field.queryset = model._default_manager.filter(system=system)
            if name in {"likelihood", "impact", "likelihood_after", "impact_after", "level"}:
                field.widget = forms.NumberInput(attrs={"min": 1, "max": 5})

    def _post_clean(self) -> None:
        """The service checks the whole row, with its system; the form only what was typed."""


def form_for(model: type[models.Model], fields: tuple[str, ...]) -> type[RegisterForm]:
    """The form class of a register."""
    widgets: dict[str, Any] = {}
    for name in fields:
        field = model._meta.get_field(name)
        if isinstance(field, models.TextField):
            widgets[name] = forms.Textarea(attrs={"rows": 4})
        if isinstance(field, models.ManyToManyField):
            widgets[name] = forms.CheckboxSelectMultiple()
    labels = {name: _sentence(model, name) for name in fields}
    made: Any = modelform_factory(
        model, form=RegisterForm, fields=fields, widgets=widgets, labels=labels, help_texts=HELP
    )  # fmt: skip
    return made  # type: ignore[no-any-return]


def _sentence(model: type[models.Model], name: str) -> Any:
    text = str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return _(text[:1].upper() + text[1:])
