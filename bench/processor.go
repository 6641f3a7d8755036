package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of processor times in /proc.
const tick = 10 * time.Millisecond

// processorTime returns the processor time that the contender's server has used, and PostgreSQL if it reads from it.
func (c contender) processorTime(d *data) (time.Duration, error) {
	used, err := usedBy(c.process, false)
	if err != nil || c.server.name == oursSQLite {
		return used, err
	}
	database, err := usedBy(d.postmaster, true)
	return used + database, err
}

// usedBy returns the processor time of a process; with children, also of its running and ended children.
func usedBy(process int, children bool) (time.Duration, error) {
	_, used, err := stat(process, children)
	if err != nil || !children {
		return used, err
	}
	running, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return 0, err
	}
	for _, folder := range running {
		id, _ := strconv.Atoi(filepath.Base(folder))
		if parent, time, err := stat(id, false); err == nil && parent == process { // others may end meanwhile
			used += time
		}
	}
	return used, nil
}

// stat returns the parent and the processor time of a process; with ended, also that of its ended children.
func stat(process int, ended bool) (parent int, used time.Duration, err error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", process))
	if err != nil {
		return 0, 0, err
	}
	// The second field is the name in parentheses; proc_pid_stat(5) numbers the fields from 1.
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	field := func(n int) int {
		value, parseErr := strconv.Atoi(fields[n-3])
		if parseErr != nil {
			err = parseErr
		}
		return value
	}
	ticks := field(14) + field(15)
	if ended {
		ticks += field(16) + field(17)
	}
	return field(4), time.Duration(ticks) * tick, err
}

// residentMemory returns the memory of a process in bytes.
func residentMemory(process int) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", process))
	if err != nil {
		return 0, err
	}
	pages, err := strconv.ParseInt(strings.Fields(string(text))[1], 10, 64)
	return pages * int64(os.Getpagesize()), err
}
