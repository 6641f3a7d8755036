package main

import (
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
)

// graphJinProgram returns the command that starts GraphJin with the configuration of bench/graphjin and the database.
func graphJinProgram(s settings, d *data, address string) (*exec.Cmd, error) {
	text, err := os.ReadFile(filepath.Join("bench", "graphjin", "dev.yml"))
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(d.postgresURL)
	if err != nil {
		return nil, err
	}
	password, _ := u.User.Password()
	text = fmt.Appendf(text, "\nhost_port: %s\ndatabase:\n  type: postgres\n  host: %s\n  port: %s\n  dbname: %s\n  user: %s\n  password: %s\n  pool_size: %d\n",
		address, u.Hostname(), u.Port(), u.Path[1:], u.User.Username(), password, 16)
	folder := filepath.Join(s.folder, "graphjin")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(folder, "dev.yml"), text, 0o600); err != nil {
		return nil, err
	}
	binary, err := filepath.Abs(s.graphJin)
	if err != nil {
		return nil, err
	}
	return exec.Command(binary, "--path", folder, "serve"), nil
}
