"""Higher apps fill places on lower apps' pages."""

from linli.kit import slots


def test_fills_come_in_order_and_once():
    slots.fill("test.order", "late:panel", order=90)
    slots.fill("test.order", "early:panel", order=10, label="Early", power="see")
    slots.fill("test.order", "late:panel", order=1)
    assert [one.url for one in slots.fills("test.order")] == ["early:panel", "late:panel"]
    assert slots.fills("test.order")[0].power == "see"


def test_fills_of_one_place_in_the_order_need_no_comparable_labels():
    slots.fill("test.same", "b:panel", label=object())
    slots.fill("test.same", "a:panel", label=object())
    assert [one.url for one in slots.fills("test.same")] == ["a:panel", "b:panel"]


def test_an_unfilled_place_is_empty():
    assert slots.fills("test.nobody") == ()
