"""The whole of it on a real cluster, from the installation to the last trace of it: `./dev e2e`."""
