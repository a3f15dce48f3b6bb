package main

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"os"
)

// HTTP/1; or, with HTTP2 in the environment, HTTP/2: by prior knowledge, or inside of TLS with TLS there, the folder of cert.pem.
func origin(port string) (string, *http.Client) {
	transport := &http.Transport{Protocols: new(http.Protocols)}
	if os.Getenv("HTTP2") == "" {
		transport.Protocols.SetHTTP1(true)
	} else {
		transport.Protocols.SetHTTP2(true)
		transport.Protocols.SetUnencryptedHTTP2(true)
	}
	folder := os.Getenv("TLS")
	if folder == "" {
		return "http://127.0.0.1:" + port, &http.Client{Transport: transport}
	}
	certificate, err := os.ReadFile(folder + "/cert.pem")
	if err != nil {
		panic(err)
	}
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(certificate)
	transport.TLSClientConfig = &tls.Config{RootCAs: trusted}
	return "https://127.0.0.1:" + port, &http.Client{Transport: transport}
}

// HTTP/1 and HTTP/2; inside of TLS with TLS in the environment, the folder of cert.pem and key.pem.
func listen(port string) error {
	server := &http.Server{Addr: "127.0.0.1:" + port, Protocols: new(http.Protocols)}
	server.Protocols.SetHTTP1(true)
	server.Protocols.SetHTTP2(true)
	server.Protocols.SetUnencryptedHTTP2(true)
	if folder := os.Getenv("TLS"); folder != "" {
		return server.ListenAndServeTLS(folder+"/cert.pem", folder+"/key.pem")
	}
	return server.ListenAndServe()
}
