package conn

import (
	"database/sql/driver"
	"fmt"
	"runtime/debug"
)

// GuardFaults calls block, which may read a memory-mapped file. A read error of the disk, which the operating system
// reports as a memory fault, becomes driver.ErrBadConn; the connection must not be used again.
func GuardFaults(block func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		switch cause := recover().(type) {
		case nil:
		case interface{ Addr() uintptr }:
			err = fmt.Errorf("a part of the file cannot be read: %w", driver.ErrBadConn)
		default:
			panic(cause)
		}
	}()
	return block()
}
