package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// operator is a process of the real operator.
type operator struct {
	command []string
	log     *os.File
	http    string
	process *exec.Cmd
}

func freePort() string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// start returns once it is ready, and how long that took.
func (o *operator) start() time.Duration {
	begin := time.Now()
	o.process = exec.Command(o.command[0], o.command[1:]...)
	o.process.Stdout, o.process.Stderr = o.log, o.log
	if err := o.process.Start(); err != nil {
		log.Fatal(err)
	}
	for {
		response, err := http.Get("http://" + o.http + "/q/health/ready")
		if err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return time.Since(begin)
			}
		}
		if time.Since(begin) > 5*time.Minute {
			log.Fatal("the operator is not ready after 5 minutes")
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (o *operator) stop() {
	o.process.Process.Signal(syscall.SIGTERM)
	o.process.Wait()
}

// cpu is what it used so far, by the kernel's ticks of 10 ms.
func (o *operator) cpu() time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", o.process.Process.Pid))
	if err != nil {
		log.Fatal(err)
	}
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+2:]))
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}

// memory is its resident set in MiB, by the name of a line of /proc/PID/status.
func (o *operator) memory(line string) float64 {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", o.process.Process.Pid))
	_, rest, _ := strings.Cut(string(status), line+":")
	kib, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
	return kib / 1024
}

// nodes is how many are in a state, as the operator itself counts them.
func (o *operator) nodes(state string) int {
	response, err := http.Get("http://" + o.http + "/metrics")
	if err != nil {
		return -1
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(response.Body)
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "spandrel_operator_nodes{") && strings.Contains(line, `state="`+state+`"`) {
			value, _ := strconv.ParseFloat(strings.TrimSpace(line[strings.LastIndexByte(line, ' '):]), 64)
			return int(value)
		}
	}
	return -1
}

// await returns how long it took from begin until so many nodes were in a state; ok is false after the patience is over.
func (o *operator) await(begin time.Time, state string, count int, patience time.Duration) (time.Duration, bool) {
	for time.Since(begin) < patience {
		if o.nodes(state) >= count {
			return time.Since(begin), true
		}
		time.Sleep(20 * time.Millisecond)
	}
	return time.Since(begin), false
}
