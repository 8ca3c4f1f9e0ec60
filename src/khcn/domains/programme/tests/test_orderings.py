"""Every list of the programme has an order that leaves no two rows equal, so that pages and places in it hold."""

import pytest
from django.apps import apps

MODELS = [model for model in apps.get_app_config("programme").get_models() if model._meta.ordering]


def unique_sets(model):
    single = [{field.name} for field in model._meta.fields if field.unique]
    together = [set(one.fields) for one in model._meta.total_unique_constraints]
    return [*single, *together]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_ordering_of_a_record_ends_in_something_unique(model):
    names = {name.lstrip("-") for name in model._meta.ordering}

    assert any(one <= names for one in unique_sets(model)), model._meta.ordering
