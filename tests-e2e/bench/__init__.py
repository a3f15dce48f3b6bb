"""`./dev bench`: what Spandrel costs, measured in one run, interleaved, as ratios with their spread."""
