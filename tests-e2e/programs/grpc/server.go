package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	_ "google.golang.org/grpc/encoding/gzip" // what clients may compress with
	"google.golang.org/grpc/interop"
	testgrpc "google.golang.org/grpc/interop/grpc_testing"
	"google.golang.org/grpc/status"
)

// The interop tests' own server. It writes a line per call, METHOD CODE: the oracle of what the server saw.
func serve(port string) {
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	check(err)
	server := grpc.NewServer(
		grpc.Creds(serverCredentials()),
		grpc.UnaryInterceptor(func(ctx context.Context, request any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
			response, err := handler(ctx, request)
			said(info.FullMethod, err)
			return response, err
		}),
		grpc.StreamInterceptor(func(service any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
			err := handler(service, stream)
			said(info.FullMethod, err)
			return err
		}),
		grpc.UnknownServiceHandler(func(any, grpc.ServerStream) error {
			return status.Error(codes.Unimplemented, "unknown")
		}))
	testgrpc.RegisterTestServiceServer(server, interop.NewTestServer())
	check(server.Serve(listener))
}

// By the certificate in the folder that TLS names.
func serverCredentials() credentials.TransportCredentials {
	folder := os.Getenv("TLS")
	if folder == "" {
		return insecure.NewCredentials()
	}
	loaded, err := credentials.NewServerTLSFromFile(folder+"/cert.pem", folder+"/key.pem")
	check(err)
	return loaded
}

func said(method string, err error) {
	code := status.Code(err)
	if err != nil && code == codes.Unknown {
		code = status.FromContextError(err).Code()
	}
	fmt.Println(strings.TrimPrefix(method, "/"), nameOf(code))
}

// As the protocol spells it.
func nameOf(code codes.Code) string {
	names := []string{"OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED",
		"RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED"}
	return names[code]
}

// How a client's stream ended: nil at its end.
func ended(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}
