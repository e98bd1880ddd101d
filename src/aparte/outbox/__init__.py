"""Mail and webhooks that leave with the transaction of their cause; see docs/reference/webhooks.md and mail.md."""
