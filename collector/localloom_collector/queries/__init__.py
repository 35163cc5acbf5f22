"""The questions that the tables answer, one module a report. The database does the counting."""
