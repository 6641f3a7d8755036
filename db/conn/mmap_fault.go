package conn

import (
	"database/sql/driver"
	"fmt"
	"runtime/debug"
)

// GuardFaults guards a function that may read a memory-mapped file; the function must defer the result. A read error of
// the disk, which the operating system reports as a memory fault, sets err to driver.ErrBadConn; the connection must not
// be used again.
func GuardFaults(err *error) (end func()) {
	before := debug.SetPanicOnFault(true)
	return func() {
		debug.SetPanicOnFault(before)
		switch cause := recover().(type) {
		case nil:
		case interface{ Addr() uintptr }:
			*err = fmt.Errorf("a part of the file cannot be read: %w", driver.ErrBadConn)
		default:
			panic(cause)
		}
	}
}
