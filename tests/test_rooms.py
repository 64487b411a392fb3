"""Every app stands on a floor, keeps the order of rooms, and is installed from the bottom up."""

from django.conf import settings

from tests.house import ROOT, contracts, floors, standing


def test_every_app_has_a_floor():
    assert standing() <= set(floors())


def test_every_app_but_kit_keeps_the_order_of_rooms():
    listed = [app for contract in contracts("rooms") for app in contract["containers"]]
    assert sorted(listed) == sorted(f"linli.{app}" for app in standing() - {"kit"})


def test_every_app_is_installed_from_the_bottom_up():
    ours = [name.split(".")[1] for name in settings.INSTALLED_APPS if name.startswith("linli.")]
    assert set(ours) == standing()
    assert [floors()[app] for app in ours] == sorted(floors()[app] for app in ours)


def test_every_app_says_what_it_is_for_and_where_it_stands():
    for app in standing():
        words = (ROOT / "linli" / app / "__init__.py").read_text(encoding="utf-8")
        assert words.startswith('"""'), app
        assert "floor" in words.lower(), app
