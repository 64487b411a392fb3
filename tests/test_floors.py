"""String foreign keys, which no import shows, point down as well."""

import pytest

from tests.house import floors, our_apps


def relations():
    return [
        (model, field.name, field.related_model)
        for app in our_apps()
        for model in app.get_models()
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model
    ]


@pytest.mark.parametrize(
    ("model", "name", "other"),
    [row for row in relations() if row[2].__module__.startswith("linli.")],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_a_foreign_key_points_down(model, name, other):
    here, there = model._meta.app_label, other._meta.app_label
    assert here == there or floors()[there] < floors()[here]


def test_there_are_foreign_keys_to_look_at():
    assert relations()
