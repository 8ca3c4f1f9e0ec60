"""Reference data of the orgs room in the admin."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

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


admin.site.register([OrganisationSuccession, PersonRelation, Post, Appointment, Delegation])


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Accounts; roles are shown through appointments."""

    fieldsets = (*(UserAdmin.fieldsets or ()), ("KHCN", {"fields": ("person", "language")}))
