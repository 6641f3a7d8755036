package conn_test

import (
	"database/sql/driver"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"usagegraph/db/conn"
)

// TestReadErrorOfAMappedFile reads a part of a mapped file that no longer exists.
func TestReadErrorOfAMappedFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, make([]byte, os.Getpagesize()), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	mapped, err := syscall.Mmap(int(file.Fd()), 0, os.Getpagesize(), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Munmap(mapped)
	read := func() (b byte, err error) {
		defer conn.GuardFaults(&err)()
		return mapped[0], nil
	}
	if _, err := read(); err != nil {
		t.Error(err)
	}
	if err := os.Truncate(path, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := read(); !errors.Is(err, driver.ErrBadConn) {
		t.Errorf("got %v, want %v", err, driver.ErrBadConn)
	}
}
