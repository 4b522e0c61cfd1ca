"""Papers: PDF and XLSX made in the background, kept under "My papers"."""
