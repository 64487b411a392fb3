"""Pictures are drawn anew: position, owner and anything hidden behind the pixels stay outside."""

import io
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from linli.documents.choices import JPEG, PNG, WEBP
from linli.documents.errors import FileRefused

LONGEST, SMALL = 2048, 400
MOST_PIXELS = 60_000_000
_FORMATS = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP"}
_TOO_LARGE: Any = _("This picture has too many pixels. Send a smaller one, at most 60 megapixels.")
_BROKEN: Any = _("This picture is damaged. Take or save it again and send that.")


@dataclass(frozen=True)
class Picture:
    """A picture drawn anew, and its small copy (always JPEG)."""

    data: bytes
    small: bytes
    width: int
    height: int


def redraw(data: bytes, content_type: str) -> Picture:
    """Decode all of a picture and write its pixels anew, upright, at most 2048 on the longest side.

    An animated picture gives its first frame. FileRefused for what does not decode to the end.
    """
    image = _decoded(data, _FORMATS[content_type])
    image.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    small = _flat(image)
    small.thumbnail((SMALL, SMALL), Image.Resampling.LANCZOS)
    return Picture(
        data=_written(image, _FORMATS[content_type]),
        small=_written(small, "JPEG"),
        width=image.width,
        height=image.height,
    )


def _decoded(data: bytes, form: str) -> Image.Image:
    try:
        with Image.open(io.BytesIO(data), formats=[form]) as image:
            _check_size(image)
            image.draft("RGB", (LONGEST, LONGEST))  # a large JPEG is decoded at a fraction
            upright = ImageOps.exif_transpose(image)
            clear = form != "JPEG" and upright.has_transparency_data
            return _bare(upright.convert("RGBA" if clear else "RGB"))
    except FileRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise FileRefused(_TOO_LARGE) from error
    except Exception as error:  # a decoder fed with hostile bytes raises whatever it likes
        raise FileRefused(_BROKEN) from error


def _check_size(image: Image.Image) -> None:
    """Refuse by the header, before a single pixel is decoded."""
    if image.width * image.height > MOST_PIXELS:
        raise FileRefused(_TOO_LARGE)


def _bare(image: Image.Image) -> Image.Image:
    """Take away everything that is not pixels: EXIF, XMP, comments, colour profile, text."""
    image.info.clear()
    return image


def _flat(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image.copy()
    sheet = Image.new("RGB", image.size, "white")
    sheet.paste(image, mask=image.getchannel("A"))
    return sheet


def _written(image: Image.Image, form: str) -> bytes:
    target = io.BytesIO()
    image.save(target, form, quality=85)
    return target.getvalue()
