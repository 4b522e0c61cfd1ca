"""What we repair: findings, causes, CAPA plans and their actions (domain.md §4)."""
