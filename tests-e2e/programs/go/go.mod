module spandrel.dev/programs

go 1.21
