// usage: search-go KIND PORT INDEX: go-elasticsearch or opensearch-go, as KIND says. What it calls is a line each on standard output, NAME INDEX STATUS: the oracle.
package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"github.com/elastic/go-elasticsearch/v7"
	"github.com/elastic/go-elasticsearch/v7/esapi"
	"github.com/opensearch-project/opensearch-go/v4"
	"github.com/opensearch-project/opensearch-go/v4/opensearchapi"
)

const (
	rounds   = 60
	document = `{"name": "s3cr3t"}`
	query    = `{"query": {"match": {"name": "s3cr3t"}}}`
)

func said(name, index string, status int, err error) {
	if err != nil && status == 0 {
		fmt.Fprintln(os.Stderr, name, err)
		os.Exit(1)
	}
	fmt.Printf("%s\t%s\t%d\n", name, index, status)
}

func lines(index string) string {
	return strings.Repeat(fmt.Sprintf("{\"index\": {\"_index\": %q}}\n%s\n", index, document), 20)
}

// HTTP/1; or HTTP/2 by prior knowledge, with HTTP2 in the environment.
func transport() *http.Transport {
	transport := &http.Transport{Protocols: new(http.Protocols)}
	transport.Protocols.SetHTTP1(os.Getenv("HTTP2") == "")
	transport.Protocols.SetUnencryptedHTTP2(os.Getenv("HTTP2") != "")
	return transport
}

func elastic(port, index string) {
	client, err := elasticsearch.NewClient(elasticsearch.Config{Addresses: []string{"http://127.0.0.1:" + port}, Transport: transport()})
	if err != nil {
		panic(err)
	}
	answered := func(name, index string) func(*esapi.Response, error) {
		return func(response *esapi.Response, err error) {
			status := 0
			if response != nil {
				status = response.StatusCode
				io.Copy(io.Discard, response.Body) // else a stream of HTTP/2 would be given up
				response.Body.Close()
			}
			said(name, index, status, err)
		}
	}
	answered("info", "")(client.Info())
	said("info", "", 200, nil) // the library asks by itself, too, before its first call
	for i := 0; i < rounds; i++ {
		id := fmt.Sprint(i)
		answered("index", index)(client.Index(index, strings.NewReader(document), client.Index.WithDocumentID(id)))
		answered("get", index)(client.Get(index, id))
		answered("get", index)(client.Get(index, "none"))
		answered("bulk", "")(client.Bulk(strings.NewReader(lines(index))))
		answered("search", index)(client.Search(client.Search.WithIndex(index), client.Search.WithBody(strings.NewReader(query))))
		answered("search", "")(client.Search(client.Search.WithQuery("name:s3cr3t")))
	}
}

func open(port, index string) {
	client, err := opensearchapi.NewClient(opensearchapi.Config{Client: opensearch.Config{Addresses: []string{"http://127.0.0.1:" + port}, Transport: transport()}})
	if err != nil {
		panic(err)
	}
	background := context.Background()
	answered := func(name, index string, response *opensearch.Response, err error) {
		status := 0
		if response != nil {
			status = response.StatusCode
		}
		said(name, index, status, err)
	}
	for i := 0; i < rounds; i++ {
		id := fmt.Sprint(i)
		stored, err := client.Index(background, opensearchapi.IndexReq{Index: index, DocumentID: id, Body: strings.NewReader(document)})
		answered("index", index, stored.Inspect().Response, err)
		got, err := client.Document.Get(background, opensearchapi.DocumentGetReq{Index: index, DocumentID: id})
		answered("get", index, got.Inspect().Response, err)
		bulk, err := client.Bulk(background, opensearchapi.BulkReq{Body: strings.NewReader(lines(index))})
		answered("bulk", "", bulk.Inspect().Response, err)
		found, err := client.Search(background, &opensearchapi.SearchReq{Indices: []string{index}, Body: strings.NewReader(query)})
		answered("search", index, found.Inspect().Response, err)
	}
}

func main() {
	if os.Args[1] == "elasticsearch" {
		elastic(os.Args[2], os.Args[3])
	} else {
		open(os.Args[2], os.Args[3])
	}
}
