"""Beside the floors, imports none of them: manifest, lock, promotion of a staged tree."""
