"""From chunks on the wire to rows in the tables."""
