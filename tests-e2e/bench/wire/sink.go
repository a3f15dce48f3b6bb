package main

import (
	"io"
	"log"
	"net/http"
)

// sink accepts what an OTLP exporter posts and says yes.
func sink(address string) {
	log.Fatal(http.ListenAndServe(address, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/x-protobuf")
	})))
}
