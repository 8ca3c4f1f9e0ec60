"""What waits for a person: inbox, e-mail, receipts."""
