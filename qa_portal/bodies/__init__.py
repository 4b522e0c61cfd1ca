"""Collegial bodies: seats and elections, meetings and votes, decisions that move records on, assignments, minutes."""
