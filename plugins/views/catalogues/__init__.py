"""Catalogues: what machines read of the data packages, each made from the same entries (pure)."""
