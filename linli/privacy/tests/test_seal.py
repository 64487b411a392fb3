"""What is sealed is sealed: nothing readable in the database, nothing opens out of its place."""

import pickle
from base64 import b64decode, b64encode
from datetime import date

import pytest
from django.core import serializers
from django.db import connection, transaction

from linli.offices.tests.people import TOWN
from linli.privacy import services
from linli.privacy.errors import SealBroken
from linli.privacy.models import Sealed, SubjectRequest, key_id, seal, unseal

PHONE = "13800138000 王小明"


pytestmark = pytest.mark.django_db


def make(**fields):
    return SubjectRequest(township=TOWN, kind="access", due_on=date(2026, 12, 1), **fields)


def keep(**fields):
    row = make(**fields)
    row.save()
    return row


def raw(column="contact"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM privacy_subjectrequest ORDER BY id")  # noqa: S608 - a constant
        return [row[0] for row in cursor.fetchall()]


def write(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_the_database_sees_no_plain_text():
    keep(contact=PHONE)
    assert "13800138000" not in raw()[0]
    assert b"13800138000" not in b64decode(raw()[0])
    assert SubjectRequest.objects.get().contact.open() == PHONE


def test_a_value_never_shows_itself():
    row = make(contact=PHONE)
    row.save()
    for value in (row.contact, SubjectRequest.objects.get().contact):
        assert PHONE not in repr(value) + str(value) + f"{value}"
        assert bool(value)


def test_nothing_stays_nothing():
    keep()
    assert raw()[0] == ""
    assert not SubjectRequest.objects.get().contact
    assert SubjectRequest.objects.get().contact.open() == ""


def test_bulk_create_and_bulk_update_seal():
    rows = SubjectRequest.objects.bulk_create([make(contact=f"第{n}人") for n in range(3)])
    rows[0].contact = "改了"
    SubjectRequest.objects.bulk_update(rows, ["contact"])
    assert {row.contact.open() for row in SubjectRequest.objects.all()} == {
        "改了",
        "第1人",
        "第2人",
    }
    assert "改了" not in raw()[0]


def test_the_same_text_never_looks_the_same():
    SubjectRequest.objects.bulk_create([make(contact=PHONE), make(contact=PHONE)])
    first, second = raw()
    assert first != second


def test_unchanged_values_keep_their_bytes():
    keep(contact=PHONE)
    before = raw()[0]
    SubjectRequest.objects.get().save()
    assert raw()[0] == before


def test_rows_cannot_be_looked_up_by_value():
    with pytest.raises(TypeError):
        SubjectRequest.objects.filter(contact=PHONE).exists()
    with pytest.raises(Exception, match="Unsupported lookup"):
        SubjectRequest.objects.filter(contact__contains="138").exists()
    keep(contact=PHONE)
    assert SubjectRequest.objects.exclude(contact="").count() == 1


def test_update_can_erase_but_not_write():
    keep(contact=PHONE)
    with pytest.raises(TypeError), transaction.atomic():
        SubjectRequest.objects.update(contact="另一个")
    SubjectRequest.objects.update(contact="")
    assert raw()[0] == ""


def test_a_copy_in_another_row_does_not_open():
    first, second = keep(contact=PHONE), keep(contact="别人")
    write("UPDATE privacy_subjectrequest SET contact = %s", raw()[0])
    assert SubjectRequest.objects.get(pk=first.pk).contact.open() == PHONE
    with pytest.raises(SealBroken):
        SubjectRequest.objects.get(pk=second.pk).contact.open()


def test_a_copy_in_another_column_does_not_open():
    keep(contact=PHONE)
    write("UPDATE privacy_subjectrequest SET answer = contact")
    with pytest.raises(SealBroken):
        SubjectRequest.objects.get().answer.open()


def test_code_cannot_move_a_sealed_value():
    first, second = keep(contact=PHONE), keep()
    second.contact = first.contact
    with pytest.raises(TypeError, match="cannot be moved"), transaction.atomic():
        second.save()
    second.contact = first.contact.open()
    second.save()
    assert SubjectRequest.objects.get(pk=second.pk).contact.open() == PHONE


@pytest.mark.parametrize("index", [0, 1, 5, 17, 33, -1])
def test_any_changed_byte_is_noticed(index):
    data = bytearray(b64decode(seal(PHONE, "a.b:1")))
    data[index] ^= 1
    with pytest.raises(SealBroken):
        unseal(b64encode(bytes(data)).decode(), "a.b:1")


@pytest.mark.parametrize("token", ["x", "AQ==", "不是", "A" * 44, "AQ" * 40])
def test_rubbish_is_an_error_not_a_value(token):
    with pytest.raises(SealBroken):
        unseal(token, "a.b:1")


def test_another_key_does_not_open(settings):
    token = seal(PHONE, "a.b:1")
    settings.SEAL_KEY = "another key of thirty-two characters"
    with pytest.raises(SealBroken, match="LINLI_SEAL_OLD_KEYS"):
        unseal(token, "a.b:1")


def test_an_old_key_reads_and_the_new_one_writes(settings):
    old, new = settings.SEAL_KEY, "another key of thirty-two characters"
    token = seal(PHONE, "a.b:1")
    settings.SEAL_KEY, settings.SEAL_OLD_KEYS = new, [old]
    assert unseal(token, "a.b:1") == PHONE
    assert b64decode(seal(PHONE, "a.b:1"))[1:5] == key_id(new)


def test_sm4_goes_there_and_back_and_profiles_read_each_other(settings):
    settings.SEAL_PROFILE = "sm4"
    token = seal(PHONE, "a.b:1")
    assert b64decode(token)[0] == 2
    settings.SEAL_PROFILE = "aes"
    assert unseal(token, "a.b:1") == PHONE
    with pytest.raises(SealBroken):
        unseal(token, "a.b:2")


def test_a_value_without_a_row_is_not_saved():
    with pytest.raises(TypeError, match="key is made before"):
        Sealed(plain=PHONE).token()


def test_resealing_makes_the_old_key_superfluous(settings):
    keep(contact=PHONE, text="问一问")
    keep()
    settings.SEAL_KEY, settings.SEAL_OLD_KEYS = (
        "another key of thirty-two characters",
        [settings.SEAL_KEY],
    )
    assert services.reseal() == 1
    assert services.reseal() == 0
    settings.SEAL_OLD_KEYS = []
    row = SubjectRequest.objects.exclude(contact="").get()
    assert (row.contact.open(), row.text.open(), row.answer.open()) == (PHONE, "问一问", "")


def test_resealing_brings_sm4_everywhere(settings):
    keep(contact=PHONE)
    settings.SEAL_PROFILE = "sm4"
    assert services.reseal() == 1
    assert b64decode(raw()[0])[0] == 2


def test_resealing_is_loud_where_a_value_does_not_open(settings):
    keep(contact=PHONE)
    settings.SEAL_KEY = "another key of thirty-two characters"
    with pytest.raises(SealBroken):
        services.reseal()


def test_a_dump_of_rows_is_refused_before_it_loses_them():
    with pytest.raises(TypeError, match="backup"):
        serializers.serialize("json", [keep(contact=PHONE)])


def test_a_sealed_value_does_not_travel_in_a_pickle():
    with pytest.raises(TypeError):
        pickle.dumps(keep(contact=PHONE).contact)
