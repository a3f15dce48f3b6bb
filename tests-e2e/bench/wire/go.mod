module dev.spandrel/bench/wire

go 1.24
