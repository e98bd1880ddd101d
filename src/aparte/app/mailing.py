"""Handing a mail to the server that the settings name; smtplib in a worker thread."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
import threading
from base64 import b64decode
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from aparte.app.posting import Answered
from aparte.outbox.model import Mail, MailSettings

TIMEOUT_S = 10.0
WHOLE_S = 60.0
"""For all steps together: each of them has TIMEOUT_S."""


def message(mail: Mail, sender: str, id: str, at_ms: int) -> EmailMessage:
    """The mail in its form: text, and beside it HTML with its pictures where it has any.

    Its id is the event's, so that a second copy can be known.
    """
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Subject"] = sender, mail.to, mail.subject
    made["Date"] = format_datetime(datetime.fromtimestamp(at_ms / 1000, UTC))
    made["Message-ID"] = f"<{id}@{sender.rpartition('@')[2].strip('>') or 'aparte'}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(mail.text.encode("utf-8", "replace").decode(), cte="quoted-printable")
    if mail.html:
        made.add_alternative(mail.html.encode("utf-8", "replace").decode(), subtype="html", cte="quoted-printable")
        _, shown = made.iter_parts()
        for one in mail.inside:
            shown.add_related(b64decode(one.png), "image", "png", cid=f"<{one.name}>", disposition="inline")
    made["Content-Language"] = mail.language
    return made


class Mailer:
    """Sends mails, one after the other."""

    def __init__(self, settings: MailSettings, *, timeout_s: float = TIMEOUT_S) -> None:
        self.settings, self.timeout_s = settings, timeout_s

    async def send(self, mail: Mail, id: str, at_ms: int) -> tuple[Answered, bool]:
        """Hand it over; and whether it makes no sense to try again."""
        if not self.settings.ready:
            return Answered(False, "mail is not set up"), False
        try:
            made = message(mail, self.settings.sender, id, at_ms)
            async with asyncio.timeout(WHOLE_S):
                await beside(lambda: self.hand_over(made, mail.to))
        except smtplib.SMTPRecipientsRefused as error:
            code, told = next(iter(error.recipients.values()))
            return Answered(False, said(code, told)), 500 <= code < 600
        except smtplib.SMTPResponseException as error:
            for_good = 500 <= error.smtp_code < 600 and isinstance(error, smtplib.SMTPDataError)
            return Answered(False, said(error.smtp_code, error.smtp_error)), for_good
        except (smtplib.SMTPException, OSError, ValueError, TimeoutError) as error:
            return Answered(False, f"{type(error).__name__}: {error}".encode("ascii", "replace").decode()[:200]), False
        return Answered(True, "250"), False

    def hand_over(self, made: EmailMessage, to: str) -> None:
        """Talk with the server; without TLS only where the settings say so."""
        of = self.settings
        context = trusted()
        with self.connected(context) as server:
            if of.tls == "starttls":
                server.starttls(context=context)
            if of.user:
                server.login(of.user, of.password)
            server.sendmail(of.sender, [to], made.as_bytes())

    def connected(self, context: ssl.SSLContext) -> smtplib.SMTP:
        """A connection."""
        of = self.settings
        if of.tls == "tls":
            return smtplib.SMTP_SSL(of.host, of.port, timeout=self.timeout_s, context=context)
        return smtplib.SMTP(of.host, of.port, timeout=self.timeout_s)


def trusted() -> ssl.SSLContext:
    """Believes the authorities of this machine; a certificate must be the server's name's."""
    return ssl.create_default_context()


async def beside(work: Callable[[], None]) -> None:
    """Do this in a thread that nobody waits for when the process ends: a mail server may be very slow."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()

    def tell(error: Exception | None) -> None:
        if not done.done():
            done.set_exception(error) if error is not None else done.set_result(None)

    def run() -> None:
        error: Exception | None = None
        try:
            work()
        except (smtplib.SMTPException, OSError, ValueError) as found:
            error = found
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(tell, error)

    threading.Thread(target=run, daemon=True).start()
    await done


def said(code: int, told: bytes | str) -> str:
    """What the server says, on one line."""
    text = told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)
    return " ".join(f"{code} {text}".split())[:200]
