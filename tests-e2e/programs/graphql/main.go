// usage: graphql server PORT | client PORT: graph-gophers' server, and genqlient's client. What the client asks for is a line each on standard output, TYPE NAME ERROR: the oracle.
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"

	"github.com/Khan/genqlient/graphql"
	gophers "github.com/graph-gophers/graphql-go"
	"github.com/graph-gophers/graphql-go/relay"
)

const (
	rounds = 60
	secret = "s3cr3t"
	schema = `
type Query { book(title: String!): Book }
type Mutation { add(title: String!): Book }
type Book { title: String! pages: Int! }`
)

type book struct{ title string }

func (b *book) Title() string { return b.title }

func (b *book) Pages() (int32, error) {
	if b.title == "" {
		return 0, fmt.Errorf("a book without pages, %s", secret)
	}
	return 7, nil
}

type root struct{}

func (*root) Book(arguments struct{ Title string }) *book { return &book{arguments.Title} }

func (*root) Add(arguments struct{ Title string }) *book { return &book{arguments.Title} }

func serve(port string) {
	http.Handle("/graphql", &relay.Handler{Schema: gophers.MustParseSchema(schema, &root{})})
	panic(listen(port))
}

func ask(client graphql.Client, kind, name, query string, variables map[string]string) {
	answer := graphql.Response{Data: &map[string]any{}}
	failed := ""
	if client.MakeRequest(context.Background(), &graphql.Request{Query: query, OpName: name, Variables: variables}, &answer) != nil {
		failed = "error"
	}
	fmt.Printf("%s\t%s\t%s\n", kind, name, failed)
}

func main() {
	if os.Args[1] == "server" {
		serve(os.Args[2])
	}
	url, plain := origin(os.Args[2])
	client := graphql.NewClient(url+"/graphql", plain)
	for i := 0; i < rounds; i++ {
		ask(client, "query", "Book", `query Book($title: String!) { book(title: $title) { title pages } }`, map[string]string{"title": secret})
		ask(client, "query", "Empty", `query Empty { book(title: "") { title pages } }`, nil)
		ask(client, "mutation", "Add", `mutation Add { add(title: "s3cr3t") { title } }`, nil)
	}
}
