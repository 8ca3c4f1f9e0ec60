"""Reference data of the orgs room in the admin."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest

from khcn.kernel.orgs.models import (
    Appointment,
    Delegation,
    Organisation,
    OrganisationSuccession,
    Person,
    PersonRelation,
    Post,
    User,
)
from khcn.kernel.orgs.services import renew_carried_duties


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    """Organisations with their dates."""

    list_display = ("code", "name", "kind", "level", "valid_from", "valid_to")
    search_fields = ("folded",)
    list_filter = ("kind", "level")


@admin.register(Person)
class PersonAdmin(admin.ModelAdmin):
    """People."""

    list_display = ("full_name", "degree", "field", "employer")
    search_fields = ("folded",)


@admin.register(OrganisationSuccession)
class SuccessionAdmin(admin.ModelAdmin):
    """Who follows whom; what is carried is worked out anew after each change."""

    list_display = ("predecessor", "successor", "kind", "on")

    def save_model(self, request: HttpRequest, obj: OrganisationSuccession, form: Any, change: bool) -> None:
        """Save, then renew."""
        super().save_model(request, obj, form, change)
        renew_carried_duties()

    def delete_model(self, request: HttpRequest, obj: OrganisationSuccession) -> None:
        """Delete, then renew."""
        super().delete_model(request, obj)
        renew_carried_duties()


admin.site.register([PersonRelation, Post, Appointment, Delegation])


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Accounts; roles are shown through appointments."""

    fieldsets = (*(UserAdmin.fieldsets or ()), ("KHCN", {"fields": ("person", "language")}))
