"""Why a file is not taken."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.kit.errors import Invalid, Refused


class FileRefused(Invalid):
    """The file cannot be used; the sentence says why and what to do."""

    code = "file_refused"

    def __init__(self, message: Any) -> None:
        super().__init__({"file": [str(message)]}, message)


class ClientIdTaken(Refused):
    """A device sent another file under an id that it had used."""

    code = "client_id_taken"
    message = _("This file was already sent with other content. Choose the file again.")


class TooManyFiles(Refused):
    """A matter has as many files as it may have."""

    code = "too_many_files"
    message = _("This matter has no room for more files. Remove one first.")
