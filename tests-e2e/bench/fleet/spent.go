package main

import (
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// spent is processor time so far: of what is measured, of this process, and of all that ran on the machine.
type spent struct{ operator, load, machine float64 }

func spentBy(o *operator) spent {
	var own syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &own)
	return spent{o.cpu().Seconds(), (time.Duration(own.Utime.Nano()) + time.Duration(own.Stime.Nano())).Seconds(), busy()}
}

// busy is what all processors did since the machine started, by the kernel's ticks of 10 ms.
func busy() float64 {
	stat, _ := os.ReadFile("/proc/stat")
	line, _, _ := strings.Cut(string(stat), "\n")
	sum := 0.0
	for i, field := range strings.Fields(line)[1:] {
		if ticks, err := strconv.ParseFloat(field, 64); err == nil && i != 3 && i != 4 && i < 8 { // idle, and waiting for disks
			sum += ticks / 100
		}
	}
	return sum
}

// since is what was spent, and what others than these two spent: the API server, and whatever else the machine does.
func (s spent) since(before spent) object {
	operator, load := s.operator-before.operator, s.load-before.load
	return object{"operator": operator, "load": load, "others": s.machine - before.machine - operator - load}
}
