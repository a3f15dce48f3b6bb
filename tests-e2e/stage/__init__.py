"""What the demo and the benchmarks stand on: cgroups and processes of their own, and the agent as a process."""
