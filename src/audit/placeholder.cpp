namespace candor {}
