"""What is sealed is sealed: nothing readable in the database, nothing opens out of its place."""

from base64 import b64decode, b64encode

import pytest
from django.apps import apps
from django.db import connection, models

from linli.kit.ids import uuid7
from linli.privacy.errors import SealBroken
from linli.privacy.models import Sealed, SealedField, key_id, seal, unseal

PHONE = "13800138000 王小明"


@pytest.fixture(scope="module")
def note_model():
    class Note(models.Model):
        id = models.UUIDField(primary_key=True, default=uuid7)
        contact = SealedField()
        other = SealedField()

        class Meta:
            app_label = "privacy"

    yield Note
    del apps.all_models["privacy"]["note"]
    apps.clear_cache()


@pytest.fixture
def note(note_model, transactional_db):
    with connection.schema_editor() as editor:
        editor.create_model(note_model)
    yield note_model
    with connection.schema_editor() as editor:
        editor.delete_model(note_model)


def raw(model, column="contact"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {model._meta.db_table}")
        return cursor.fetchone()[0]


def test_the_database_sees_no_plain_text(note):
    note.objects.create(contact=PHONE)
    assert "13800138000" not in raw(note)
    assert "13800138000".encode() not in b64decode(raw(note))
    assert note.objects.get().contact.open() == PHONE


def test_a_value_never_shows_itself(note):
    row = note(contact=PHONE)
    row.save()
    for value in (row.contact, note.objects.get().contact):
        assert PHONE not in repr(value) + str(value) + f"{value}"
        assert bool(value)


def test_nothing_stays_nothing(note):
    note.objects.create()
    assert raw(note) == ""
    assert not note.objects.get().contact
    assert note.objects.get().contact.open() == ""


def test_bulk_create_and_bulk_update_seal(note):
    rows = note.objects.bulk_create([note(contact=f"第{n}人") for n in range(3)])
    rows[0].contact = "改了"
    note.objects.bulk_update(rows, ["contact"])
    assert {row.contact.open() for row in note.objects.all()} == {"改了", "第1人", "第2人"}
    assert "改了" not in raw(note)


def test_the_same_text_never_looks_the_same(note):
    note.objects.bulk_create([note(contact=PHONE), note(contact=PHONE)])
    with connection.cursor() as cursor:
        cursor.execute("SELECT contact FROM privacy_note")
        first, second = [row[0] for row in cursor.fetchall()]
    assert first != second


def test_unchanged_values_keep_their_bytes(note):
    note.objects.create(contact=PHONE)
    before = raw(note)
    note.objects.get().save()
    assert raw(note) == before


def test_rows_cannot_be_looked_up_by_value(note):
    with pytest.raises(TypeError):
        note.objects.filter(contact=PHONE).exists()
    with pytest.raises(Exception, match="Unsupported lookup"):
        note.objects.filter(contact__contains="138").exists()
    note.objects.create(contact=PHONE)
    assert note.objects.exclude(contact="").count() == 1


def test_update_can_erase_but_not_write(note):
    note.objects.create(contact=PHONE)
    with pytest.raises(TypeError):
        note.objects.update(contact="另一个")
    note.objects.update(contact="")
    assert raw(note) == ""


def test_a_copy_in_another_row_does_not_open(note):
    first, second = note.objects.create(contact=PHONE), note.objects.create(contact="别人")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT contact FROM privacy_note WHERE id = %s",
            [note._meta.pk.get_db_prep_value(first.pk, connection)],
        )
        token = cursor.fetchone()[0]
        cursor.execute("UPDATE privacy_note SET contact = %s", [token])
    assert note.objects.get(pk=first.pk).contact.open() == PHONE
    with pytest.raises(SealBroken):
        note.objects.get(pk=second.pk).contact.open()


def test_a_copy_in_another_column_does_not_open(note):
    note.objects.create(contact=PHONE)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE privacy_note SET other = contact")
    with pytest.raises(SealBroken):
        note.objects.get().other.open()


def test_code_cannot_move_a_sealed_value(note):
    first, second = note.objects.create(contact=PHONE), note.objects.create()
    second.contact = first.contact
    with pytest.raises(TypeError, match="cannot be moved"):
        second.save()
    second.contact = first.contact.open()
    second.save()
    assert note.objects.get(pk=second.pk).contact.open() == PHONE


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
