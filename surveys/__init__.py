"""What we ask and hear: questionnaires, campaigns, sealed urns, releases; petitions, appeals, course forms, talks."""
