"""Documents. So far evidence: files and links that prove something; the library of documents joins them later."""
