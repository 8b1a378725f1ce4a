"""What is published, to be looked at: pages of charts and tables; nothing is computed that a table
holds, and nothing is written."""
