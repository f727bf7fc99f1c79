"""The command line: ``quartermaster COMMAND``."""

import os

# Set before numpy is imported: one thread a sum. A turn's matrices are small, and threads that wait
# for each other made twenty users at once wait for seconds on two cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from assistant.cli.main import main

__all__ = ["main"]
