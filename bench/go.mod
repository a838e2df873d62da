module cutover/bench

go 1.26.0
