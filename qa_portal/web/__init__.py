"""The kit: pages, tables, filters, forms, files, API and admin that every app declares itself with. Knows no app."""
