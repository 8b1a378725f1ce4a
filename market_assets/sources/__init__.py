"""What a page says: one module per publisher, its requests and its parser."""
