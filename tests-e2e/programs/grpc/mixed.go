package main

import (
	"context"
	"fmt"
	"io"
	"math/rand"
	"net/http"
	"strings"
	"sync"

	testgrpc "google.golang.org/grpc/interop/grpc_testing"
	"google.golang.org/grpc/metadata"
)

// So many calls at random, several at once on one connection after the other: unary and of each kind of stream, with statuses and metadata.
func mixedCalls(port string, seed int64, count int) {
	onConnections(seed, count, func() func(*rand.Rand) {
		connection := connect(port)
		client := testgrpc.NewTestServiceClient(connection)
		return func(chosen *rand.Rand) { call(client, chosen) }
	})
}

// So many requests at random, likewise.
func mixedRequests(port string, seed int64, count int) {
	onConnections(seed, count, func() func(*rand.Rand) {
		client := h2cClient()
		return func(chosen *rand.Rand) { request(client, port, chosen) }
	})
}

func onConnections(seed int64, count int, open func() func(*rand.Rand)) {
	chosen := rand.New(rand.NewSource(seed))
	for done := 0; done < count; {
		ask := open()
		requests, streams := min(1+chosen.Intn(300), count-done), 1+chosen.Intn(8)
		done += requests
		var all sync.WaitGroup
		for first := range streams {
			own := rand.New(rand.NewSource(chosen.Int63()))
			all.Go(func() {
				for i := first; i < requests; i += streams {
					ask(own)
				}
			})
		}
		all.Wait()
	}
}

func call(client testgrpc.TestServiceClient, chosen *rand.Rand) {
	ctx := context.Background()
	for i := range chosen.Intn(4) {
		ctx = metadata.AppendToOutgoingContext(ctx, fmt.Sprintf("x-%d", i), strings.Repeat("v", 1+chosen.Intn(2)*300), "authorization", fmt.Sprint("s3cr3t", chosen.Intn(100)))
	}
	status := &testgrpc.EchoStatus{Code: int32(chosen.Intn(2) * chosen.Intn(17)), Message: "s3cr3t"}
	payload := &testgrpc.Payload{Body: make([]byte, chosen.Intn(2)*chosen.Intn(40000))}
	switch chosen.Intn(4) {
	case 0:
		client.EmptyCall(ctx, &testgrpc.Empty{})
	case 1:
		client.UnaryCall(ctx, &testgrpc.SimpleRequest{ResponseSize: int32(chosen.Intn(20000)), Payload: payload, ResponseStatus: status})
	case 2:
		stream, err := client.StreamingInputCall(ctx)
		check(err)
		for range chosen.Intn(4) {
			stream.Send(&testgrpc.StreamingInputCallRequest{Payload: payload})
		}
		stream.CloseAndRecv()
	case 3:
		stream, err := client.FullDuplexCall(ctx)
		check(err)
		for range chosen.Intn(4) {
			stream.Send(&testgrpc.StreamingOutputCallRequest{ResponseParameters: []*testgrpc.ResponseParameters{{Size: int32(chosen.Intn(3000))}}})
		}
		stream.Send(&testgrpc.StreamingOutputCallRequest{ResponseStatus: status})
		stream.CloseSend()
		for err == nil {
			_, err = stream.Recv()
		}
	}
}

func request(client *http.Client, port string, chosen *rand.Rand) {
	method := []string{"GET", "GET", "HEAD", "POST", "PUT", "DELETE"}[chosen.Intn(6)]
	path := []string{"/mixed/bytes/0?token=s3cr3t", "/mixed/bytes/50000", "/mixed/status/404", "/mixed/status/503", "/mixed/trailers/1", "/mixed/hints/1"}[chosen.Intn(6)]
	var body io.Reader
	if method == "POST" || method == "PUT" {
		body = strings.NewReader(strings.Repeat("s3cr3t", chosen.Intn(2)*5000))
	}
	asked, err := http.NewRequest(method, "http://127.0.0.1:"+port+path, body)
	check(err)
	asked.Header.Add("authorization", fmt.Sprint("Bearer s3cr3t", chosen.Intn(100)))
	asked.AddCookie(&http.Cookie{Name: "session", Value: "s3cr3t"})
	for i := range chosen.Intn(6) {
		asked.Header.Add(fmt.Sprintf("x-%d", i), strings.Repeat("v", chosen.Intn(2000)))
	}
	response, err := client.Do(asked)
	check(err)
	io.Copy(io.Discard, response.Body)
	response.Body.Close()
}
