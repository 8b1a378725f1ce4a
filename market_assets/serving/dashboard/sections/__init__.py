"""What pages are made of: charts, numbers and tables of one subject, by page."""
