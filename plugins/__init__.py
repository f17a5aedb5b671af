"""The product: eight floors, each a plain package; a floor imports only what is below it."""
