package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/encoding/protowire"
)

// agents are streams that behave as the agent's do, without a kernel behind them.
type agents struct {
	address  string
	trust    *x509.CertPool
	received atomic.Int64 // bytes, as TLS has them
	pushes   atomic.Int64
	watch    atomic.Pointer[watch]
	all      []*agent
	ended    atomic.Bool
}

// curves are those of the agent's own TLS.
var curves = []tls.CurveID{tls.X25519, tls.CurveP256}

type agent struct {
	node, token, held string
	fleet             *agents
	lock              sync.Mutex
	connection        *grpc.ClientConn
}

const (
	first        = time.Second // of the agent's backoff
	longest      = 10 * time.Second
	proof        = 2 * time.Second // a stream that lasts so long is an operator that means it
	statusPeriod = time.Second
	window       = 65535 // HTTP/2's own, as the agent has it: it does not follow the connection's speed
)

// watch notes when each agent first acknowledged after a change.
type watch struct {
	begin  time.Time
	lock   sync.Mutex
	times  map[string]time.Duration
	wanted int
	done   chan struct{}
}

func (f *agents) expect(wanted int) *watch {
	w := &watch{begin: time.Now(), times: map[string]time.Duration{}, wanted: wanted, done: make(chan struct{})}
	f.watch.Store(w)
	return w
}

func (w *watch) acknowledged(node string) {
	w.lock.Lock()
	defer w.lock.Unlock()
	if _, before := w.times[node]; !before {
		w.times[node] = time.Since(w.begin)
		if len(w.times) == w.wanted {
			close(w.done)
		}
	}
}

// last is how long it took until the last one acknowledged; false if some did not in time.
func (w *watch) last(patience time.Duration) (time.Duration, bool) {
	select {
	case <-w.done:
	case <-time.After(patience):
		return 0, false
	}
	w.lock.Lock()
	defer w.lock.Unlock()
	var last time.Duration
	for _, one := range w.times {
		last = max(last, one)
	}
	return last, true
}

// bytesCodec leaves messages as they are on the wire.
type bytesCodec struct{}

func (bytesCodec) Marshal(v any) ([]byte, error) { return *v.(*[]byte), nil }
func (bytesCodec) Unmarshal(data []byte, v any) error {
	*v.(*[]byte) = append([]byte(nil), data...)
	return nil
}
func (bytesCodec) Name() string { return "proto" }

type countedConn struct {
	net.Conn
	count *atomic.Int64
}

func (c countedConn) Read(into []byte) (int, error) {
	n, err := c.Conn.Read(into)
	c.count.Add(int64(n))
	return n, err
}

// run keeps a stream, as the agent does: the same wait before each attempt in a row.
func (a *agent) run() {
	for attempt := 0; !a.fleet.ended.Load(); attempt++ {
		begin := time.Now()
		if a.stream() || time.Since(begin) > proof {
			attempt = 0
		}
		time.Sleep(rand.N(min(longest, first<<min(attempt, 10))))
	}
}

// stream returns whether anything came.
func (a *agent) stream() (heard bool) {
	dial := func(ctx context.Context, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
		return countedConn{conn, &a.fleet.received}, err
	}
	connection, err := grpc.NewClient("passthrough:///"+a.fleet.address, grpc.WithContextDialer(dial), grpc.WithReadBufferSize(4096), grpc.WithWriteBufferSize(4096),
		grpc.WithInitialWindowSize(window), grpc.WithInitialConnWindowSize(window),
		grpc.WithTransportCredentials(credentials.NewTLS(&tls.Config{RootCAs: a.fleet.trust, ServerName: "spandrel-operator", CurvePreferences: curves})))
	if err != nil {
		return false
	}
	a.lock.Lock()
	a.connection = connection
	a.lock.Unlock()
	defer connection.Close()
	ctx := metadata.AppendToOutgoingContext(context.Background(), "authorization", "Bearer "+a.token)
	stream, err := connection.NewStream(ctx, &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}, "/spandrel.v1.NodeStream/Connect", grpc.ForceCodec(bytesCodec{}))
	if err != nil {
		return false
	}
	r := &reports{stream: stream}
	defer r.end()
	if !r.send(a.hello()) {
		return false
	}
	r.changed(0)
	for {
		var push []byte
		if stream.RecvMsg(&push) != nil {
			return heard
		}
		heard = true
		nonce, version := pushed(push)
		if nonce == "" {
			continue // a hint
		}
		a.held = version
		generation := a.fleet.pushes.Add(1)
		if !r.send(report(2, text(text(nil, 1, nonce), 2, version))) {
			return heard
		}
		r.changed(uint64(generation))
		if w := a.fleet.watch.Load(); w != nil {
			w.acknowledged(a.node)
		}
	}
}

// reports are what one stream is told: acknowledgements at once, and how the agent is at most once a period.
type reports struct {
	stream grpc.ClientStream
	lock   sync.Mutex
	timer  *time.Timer
	ended  bool
}

func (r *reports) send(message []byte) bool {
	r.lock.Lock()
	defer r.lock.Unlock()
	return !r.ended && r.stream.SendMsg(&message) == nil
}

// changed has the generation reported within the period, if it is still the newest by then.
func (r *reports) changed(generation uint64) {
	r.lock.Lock()
	defer r.lock.Unlock()
	if r.timer != nil {
		r.timer.Stop()
	}
	r.timer = time.AfterFunc(rand.N(statusPeriod), func() {
		attached := protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), 1)
		r.send(report(3, protowire.AppendVarint(protowire.AppendTag(attached, 2, protowire.VarintType), generation)))
	})
}

func (r *reports) end() {
	r.lock.Lock()
	defer r.lock.Unlock()
	r.ended = true
	if r.timer != nil {
		r.timer.Stop()
	}
}

func (a *agent) drop() {
	a.lock.Lock()
	defer a.lock.Unlock()
	if a.connection != nil {
		a.connection.Close()
	}
}

func (a *agent) hello() []byte {
	hello := text(text(text(nil, 1, a.node), 2, "bench"), 3, a.held)
	hello = protowire.AppendBytes(protowire.AppendTag(hello, 4, protowire.BytesType), text(text(nil, 1, "6.18.0"), 3, "socklen"))
	for capability := uint64(1); capability <= 2; capability++ {
		hello = protowire.AppendVarint(protowire.AppendTag(hello, 5, protowire.VarintType), capability)
	}
	for field := uint64(1); field < 64; field++ { // it knows all fields and protocols
		hello = protowire.AppendVarint(protowire.AppendTag(hello, 6, protowire.VarintType), field)
		hello = protowire.AppendVarint(protowire.AppendTag(hello, 7, protowire.VarintType), field)
	}
	return report(1, hello)
}

func report(kind protowire.Number, message []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(nil, kind, protowire.BytesType), message)
}

func text(to []byte, field protowire.Number, value string) []byte {
	return protowire.AppendString(protowire.AppendTag(to, field, protowire.BytesType), value)
}

// pushed finds nonce and version of a push.
func pushed(push []byte) (nonce, version string) {
	for len(push) > 0 {
		field, kind, n := protowire.ConsumeTag(push)
		if n < 0 {
			return
		}
		push = push[n:]
		if kind == protowire.BytesType && field <= 2 {
			value, _ := protowire.ConsumeString(push)
			if field == 1 {
				nonce = value
			} else {
				version = value
			}
		}
		n = protowire.ConsumeFieldValue(field, kind, push)
		if n < 0 {
			return
		}
		push = push[n:]
	}
	return
}
