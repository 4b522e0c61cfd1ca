"""Who is who: people, the unit tree, offices, deputies, grants; sign-in."""
