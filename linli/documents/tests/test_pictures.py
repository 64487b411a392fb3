"""Pictures are drawn anew: nothing but pixels comes through."""

import io

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from linli.documents.choices import JPEG, PNG, WEBP
from linli.documents.errors import FileRefused
from linli.documents.services.attaching import prepare
from linli.documents.services.pictures import LONGEST, SMALL, redraw
from linli.documents.tests.files import archive, huge_png, located_photo, picture, upload

TYPES = {"JPEG": JPEG, "PNG": PNG, "WEBP": WEBP}


def opened(data):
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_position_camera_and_owner_are_gone(form):
    sent = located_photo(form)
    assert b"Secret" in sent
    drawn = redraw(sent, TYPES[form])
    for data in (drawn.data, drawn.small):
        assert b"Secret" not in data
        assert b"Exif" not in data
        image = opened(data)
        assert not dict(image.getexif())
        assert not image.getexif().get_ifd(0x8825)
        assert not {"icc_profile", "comment", "exif", "xmp"} & set(image.info)


def test_a_photo_on_its_side_is_turned_up_first():
    drawn = redraw(located_photo(), JPEG)
    assert (drawn.width, drawn.height) == (600, 800)
    assert opened(drawn.data).size == (600, 800)


def test_text_in_a_png_is_gone():
    info = PngInfo()
    info.add_text("Comment", "SecretText")
    info.add_itxt("XML:com.adobe.xmp", "SecretXmp")
    drawn = redraw(picture("PNG", pnginfo=info), PNG)
    assert b"Secret" not in drawn.data


def test_large_pictures_are_made_smaller():
    drawn = redraw(picture(size=(5000, 2500)), JPEG)
    assert (drawn.width, drawn.height) == (LONGEST, LONGEST // 2)
    assert max(opened(drawn.small).size) == SMALL


def test_small_pictures_are_not_blown_up():
    drawn = redraw(picture(size=(30, 20)), JPEG)
    assert opened(drawn.data).size == opened(drawn.small).size == (30, 20)


@pytest.mark.parametrize(
    ("form", "payload"),
    [
        ("JPEG", archive({"a.txt": "hidden"})),
        ("PNG", b"<?php system($_GET['c']); ?>"),
        ("WEBP", b"<script>alert(1)</script>"),
        ("JPEG", b"%PDF-1.7 hidden"),
    ],
)
def test_what_hangs_behind_a_picture_falls_off(form, payload):
    drawn = redraw(picture(form) + payload, TYPES[form])
    assert payload not in drawn.data
    assert payload[:8] not in drawn.data


def test_a_php_comment_inside_a_jpeg_falls_out():
    sent = picture(comment=b"<?php system($_GET['c']); ?>")
    assert b"<?php" in sent
    assert b"<?php" not in redraw(sent, JPEG).data


def test_a_picture_of_2500_megapixels_is_refused_by_its_header():
    sent = huge_png()
    assert len(sent) < 200
    with pytest.raises(FileRefused) as refusal:
        prepare(upload(sent, "a.png"))
    assert "6000" in str(refusal.value)


def test_a_picture_just_above_the_limit_is_refused():
    with pytest.raises(FileRefused):
        prepare(upload(huge_png(60_001, 1000), "a.png"))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("cut", [0.2, 0.6, 0.95])
def test_a_cut_off_picture_is_refused(form, cut):
    noise = Image.effect_noise((300, 300), 80).convert("RGB")
    target = io.BytesIO()
    noise.save(target, form)
    sent = target.getvalue()
    with pytest.raises(FileRefused):
        prepare(upload(sent[: int(len(sent) * cut)]))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_rubbish_with_the_right_beginning_is_refused(form):
    with pytest.raises(FileRefused):
        prepare(upload(picture(form)[:16] + b"\xab" * 4000))


def test_a_moving_picture_gives_its_first_frame():
    frames = [Image.new("RGB", (50, 50), colour) for colour in ("red", "blue", "green")]
    for form in ("WEBP", "PNG"):
        target = io.BytesIO()
        frames[0].save(target, form, save_all=True, append_images=frames[1:], lossless=True)
        drawn = opened(redraw(target.getvalue(), TYPES[form]).data)
        assert getattr(drawn, "n_frames", 1) == 1
        assert drawn.convert("RGB").getpixel((25, 25))[0] > 240


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_mode_of_png_is_drawn(mode):
    target = io.BytesIO()
    Image.new(mode, (40, 40)).save(target, "PNG")
    assert redraw(target.getvalue(), PNG).width == 40


def test_a_cmyk_jpeg_is_drawn():
    target = io.BytesIO()
    Image.new("CMYK", (40, 40)).save(target, "JPEG")
    assert opened(redraw(target.getvalue(), JPEG).data).mode == "RGB"


def test_transparency_stays_and_the_small_copy_lies_on_white():
    sent = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(sent, "PNG")
    drawn = redraw(sent.getvalue(), PNG)
    assert opened(drawn.data).mode == "RGBA"
    assert opened(drawn.small).getpixel((20, 20)) == (255, 255, 255)
