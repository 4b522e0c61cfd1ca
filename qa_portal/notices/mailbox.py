"""Mail backend of the demo: letters go to a table and are read at /letters/."""

from django.core.mail.backends.base import BaseEmailBackend

from .models import MailboxLetter


class MailboxBackend(BaseEmailBackend):
    def send_messages(self, email_messages):
        for message in email_messages:
            html = next(
                (part.content for part in getattr(message, "alternatives", []) if part.mimetype == "text/html"), ""
            )
            MailboxLetter.objects.create(
                to=", ".join(message.to), subject=message.subject[:250], text=message.body, html=html
            )
        return len(email_messages)
