"""What we ask and hear: questionnaires, campaigns, releases, petitions. Built with issue D; the name is kept here."""
