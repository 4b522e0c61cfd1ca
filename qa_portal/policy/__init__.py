"""Policy numbers: `declare()` in the app that uses one, `policy(key)` wherever it is read."""
