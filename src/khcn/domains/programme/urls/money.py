"""Addresses of money."""

from django.urls import path

from khcn.domains.programme.views import ledger, money, oversight, payment_files

urlpatterns = [
    path("kinh-phi/", money.money_overview, name="money_overview"),
    path("kinh-phi/so/", ledger.entry_list, name="entry_list"),
    path("kinh-phi/tam-ung/", oversight.advance_ageing, name="advance_ageing"),
    path("kinh-phi/doi-ung/", oversight.counterpart_ratios, name="counterpart_ratios"),
    path("kinh-phi/vuot-dinh-muc/", oversight.norm_breaches, name="norm_breaches"),
    path("kinh-phi/ho-so/", payment_files.payment_file_list, name="payment_file_list"),
    path("kinh-phi/ho-so/<uuid:uid>/", payment_files.payment_file_page, name="payment_file_page"),
    path("kinh-phi/ho-so/<uuid:uid>/sua/", payment_files.payment_file_edit, name="payment_file_edit"),
    path("kinh-phi/ho-so/<uuid:uid>/giay-to/", payment_files.payment_file_attach, name="payment_file_attach"),
    path("kinh-phi/ho-so/<uuid:uid>/bang-ke.docx", payment_files.payment_file_word, name="payment_file_word"),
    path("kinh-phi/ho-so/<uuid:uid>/buoc/<slug:event>/", payment_files.payment_file_act, name="payment_file_act"),
    path("nhiem-vu/<uuid:uid>/ho-so-thanh-toan/", payment_files.payment_file_new, name="payment_file_new"),
    path("kinh-phi/<uuid:uid>/khung/", money.envelope_set, name="envelope_new"),
    path("kinh-phi/<uuid:uid>/khung/<uuid:envelope>/", money.envelope_set, name="envelope_edit"),
    path("nhiem-vu/<uuid:uid>/du-toan/", money.budget_new, name="budget_new"),
]
