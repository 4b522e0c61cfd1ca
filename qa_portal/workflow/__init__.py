"""The kernel: records that change only by a step or a plain edit, and the history both write."""
