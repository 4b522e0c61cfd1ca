"""The benchmarks: how far the portal is from the bare framework, on data of its own. `make bench`."""
