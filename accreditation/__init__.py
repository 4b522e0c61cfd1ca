"""Who looks at us: agencies, cases, certificates, follow-up. Built with issue E; the name is kept here."""
