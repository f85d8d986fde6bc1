"""Mail: who subscribed, what is sent to them, and how a mail is written."""
