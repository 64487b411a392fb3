"""The channel to e-mail addresses."""

from email.utils import parseaddr
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext_lazy as _

from linli.channels.errors import Undelivered
from linli.channels.models import Message


class Email:
    """Sends e-mail. A letter sent twice keeps its Message-ID, so it is seen as one."""

    key = "email"
    name = _("E-mail")
    outside = True

    def send(self, message: Message) -> None:
        """Hand the letter to the mail server."""
        _, _, domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")
        letter = EmailMessage(
            subject=message.title(message.language),
            body=message.body(message.language),
            to=[message.address.open()],
            headers={
                "Message-ID": f"<{message.pk}@{domain}>",
                "Auto-Submitted": "auto-generated",
                "Content-Language": message.language,
            },
        )
        try:
            letter.send()
        except OSError as error:
            raise _undelivered(error) from None  # the server's words may hold the address


def _undelivered(error: OSError) -> Undelivered:
    """Say what happened without the address, and whether it will happen again."""
    code = ""
    if isinstance(error, SMTPRecipientsRefused):
        code = str(next(iter(error.recipients.values()))[0])
    elif isinstance(error, SMTPResponseException):
        code = str(error.smtp_code)
    elif not isinstance(error, SMTPException):
        code = error.strerror or ""
    lasting = isinstance(error, SMTPRecipientsRefused | SMTPDataError) and code.startswith("5")
    return Undelivered(f"{type(error).__name__} {code}".strip(), lasting=lasting)
