"""Addresses of money."""

from django.urls import path

from khcn.domains.programme.views import money

urlpatterns = [
    path("kinh-phi/", money.money_overview, name="money_overview"),
    path("kinh-phi/<uuid:uid>/khung/", money.envelope_set, name="envelope_new"),
    path("kinh-phi/<uuid:uid>/khung/<uuid:envelope>/", money.envelope_set, name="envelope_edit"),
    path("nhiem-vu/<uuid:uid>/du-toan/", money.budget_new, name="budget_new"),
]
