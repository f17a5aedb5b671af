"""Floor 2, pure: what must hold between records. `gate.py` alone says "public or not"."""
