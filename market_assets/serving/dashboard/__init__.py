"""What is published, to be looked at: pages of charts and tables. Nothing is written."""
