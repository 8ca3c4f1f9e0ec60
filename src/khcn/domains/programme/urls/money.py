"""Addresses of money."""

from django.urls import path

from khcn.domains.programme.views import ledger, money, oversight

urlpatterns = [
    path("kinh-phi/", money.money_overview, name="money_overview"),
    path("kinh-phi/so/", ledger.entry_list, name="entry_list"),
    path("kinh-phi/tam-ung/", oversight.advance_ageing, name="advance_ageing"),
    path("kinh-phi/doi-ung/", oversight.counterpart_ratios, name="counterpart_ratios"),
    path("kinh-phi/vuot-dinh-muc/", oversight.norm_breaches, name="norm_breaches"),
    path("kinh-phi/<uuid:uid>/khung/", money.envelope_set, name="envelope_new"),
    path("kinh-phi/<uuid:uid>/khung/<uuid:envelope>/", money.envelope_set, name="envelope_edit"),
    path("nhiem-vu/<uuid:uid>/du-toan/", money.budget_new, name="budget_new"),
]
