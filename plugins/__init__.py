"""The product: eight floors, each a plain package; a floor imports only what is below it."""

import os

# numpy starts a thread for each core where it is imported, for products of matrices, of which there are none here; they
# spin before they sleep, which was more than half of what the import took.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
