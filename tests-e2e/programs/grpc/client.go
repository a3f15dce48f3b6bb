package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"os"
	"strconv"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/interop"
	testgrpc "google.golang.org/grpc/interop/grpc_testing"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/stats"
)

// Writes a line per call as this side saw it end.
type log struct{}

type method struct{}

func (log) TagRPC(ctx context.Context, info *stats.RPCTagInfo) context.Context {
	return context.WithValue(ctx, method{}, info.FullMethodName)
}

func (log) HandleRPC(ctx context.Context, event stats.RPCStats) {
	if end, ok := event.(*stats.End); ok {
		said(ctx.Value(method{}).(string), end.Error)
	}
}

func (log) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context { return ctx }

func (log) HandleConn(context.Context, stats.ConnStats) {}

// Whoever the server is.
func clientCredentials() credentials.TransportCredentials {
	if os.Getenv("TLS") == "" {
		return insecure.NewCredentials()
	}
	return credentials.NewTLS(&tls.Config{InsecureSkipVerify: true})
}

func connect(port string) *grpc.ClientConn {
	connection, err := grpc.NewClient("127.0.0.1:"+port, grpc.WithTransportCredentials(clientCredentials()), grpc.WithStatsHandler(log{}))
	check(err)
	return connection
}

// The interop tests' own cases: unary, all kinds of streaming, metadata, statuses, and what is not implemented.
func interoperate(port string) {
	connection := connect(port)
	defer connection.Close()
	client := testgrpc.NewTestServiceClient(connection)
	ctx := context.Background()
	interop.DoEmptyUnaryCall(ctx, client)
	interop.DoLargeUnaryCall(ctx, client)
	interop.DoClientStreaming(ctx, client)
	interop.DoServerStreaming(ctx, client)
	interop.DoPingPong(ctx, client)
	interop.DoEmptyStream(ctx, client)
	interop.DoCustomMetadata(ctx, client)
	interop.DoStatusCodeAndMessage(ctx, client)
	interop.DoSpecialStatusMessage(ctx, client)
	interop.DoUnimplementedService(ctx, testgrpc.NewUnimplementedServiceClient(connection))
	interop.DoUnimplementedMethod(ctx, connection)
	interop.DoCancelAfterFirstResponse(ctx, client)
	runsOutOfTime(ctx, client)
	longMetadata(ctx, client)
}

// Of both sides' deadlines the client's is first by far, because the server waits for a message.
func runsOutOfTime(ctx context.Context, client testgrpc.TestServiceClient) {
	ctx, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	defer cancel()
	stream, err := client.FullDuplexCall(ctx)
	check(err)
	stream.Recv()
}

// More than one frame of headers: CONTINUATION.
func longMetadata(ctx context.Context, client testgrpc.TestServiceClient) {
	value := make([]byte, 6000)
	for i := range value {
		value[i] = 'a' + byte(i*7%26)
	}
	for _, key := range []string{"x-one", "x-two", "x-three", "x-four"} {
		ctx = metadata.AppendToOutgoingContext(ctx, key, string(value))
	}
	_, err := client.EmptyCall(ctx, &testgrpc.Empty{})
	check(err)
}

// Unary calls on one connection, as many as each line of the input says. Each brings a header of its own.
func drip(port string, lines io.Reader) {
	connection := connect(port)
	defer connection.Close()
	client := testgrpc.NewTestServiceClient(connection)
	number := 0
	for scanner := bufio.NewScanner(lines); scanner.Scan(); {
		calls, err := strconv.Atoi(scanner.Text())
		check(err)
		for range calls {
			number++
			ctx := metadata.AppendToOutgoingContext(context.Background(), "x-number", strconv.Itoa(number))
			_, err := client.EmptyCall(ctx, &testgrpc.Empty{})
			check(err)
		}
		fmt.Println("done")
	}
}

// Unary calls on one connection, so many at once.
func load(port string, calls, streams int) {
	connection := connect(port)
	defer connection.Close()
	client := testgrpc.NewTestServiceClient(connection)
	var all sync.WaitGroup
	for range streams {
		all.Go(func() {
			for range calls / streams {
				_, err := client.EmptyCall(context.Background(), &testgrpc.Empty{})
				check(err)
			}
		})
	}
	all.Wait()
}
