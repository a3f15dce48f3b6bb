// usage: jsonrpc server PORT | client PORT: gorilla's server and client of JSON-RPC 2.0. What the client calls is a line each on standard output, METHOD ERROR: the oracle.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"os"

	"github.com/gorilla/rpc/v2"
	"github.com/gorilla/rpc/v2/json2"
)

const (
	rounds = 60
	secret = "s3cr3t"
)

type Words struct{}

func (Words) Echo(_ *http.Request, arguments *[]string, answer *[]string) error {
	*answer = *arguments
	return nil
}

func (Words) Fail(_ *http.Request, _ *[]string, _ *[]string) error {
	return &json2.Error{Code: 4711, Message: secret}
}

func serve(port string) {
	server := rpc.NewServer()
	server.RegisterCodec(json2.NewCodec(), "application/json")
	if err := server.RegisterService(Words{}, "Words"); err != nil {
		panic(err)
	}
	http.Handle("/RPC2", server)
	panic(listen(port))
}

func call(client *http.Client, url, method string) {
	body, err := json2.EncodeClientRequest(method, []string{secret})
	if err != nil {
		panic(err)
	}
	response, err := client.Post(url, "application/json", bytes.NewReader(body))
	if err != nil {
		panic(err)
	}
	defer response.Body.Close()
	var answer []string
	err = json2.DecodeClientResponse(response.Body, &answer)
	var failed *json2.Error
	switch {
	case err == nil:
		fmt.Printf("%s\t\n", method)
	case errors.As(err, &failed):
		fmt.Printf("%s\t%d\n", method, failed.Code)
	default:
		panic(err)
	}
}

func main() {
	if os.Args[1] == "server" {
		serve(os.Args[2])
	}
	url, client := origin(os.Args[2])
	url += "/RPC2"
	for i := 0; i < rounds; i++ {
		call(client, url, "Words.Echo")
		call(client, url, "Words.Fail")
		call(client, url, "Words.Nothing")
	}
}
