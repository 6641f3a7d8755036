package db

import (
	"database/sql/driver"
	"fmt"
	"runtime/debug"
)

// guarded runs a block that may read a file as memory. Where the disk does not give what the file should hold, it
// returns driver.ErrBadConn, and the process goes on; the connection is not to be used again.
func guarded(block func() error) (err error) {
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
