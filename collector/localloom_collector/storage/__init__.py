"""What the collector keeps: one schema for every database, its migrations, and the writer."""
