//go:build !unix

package storetest

import (
	"fmt"
	"syscall"
)

// serverProcess: the guard that stops the server is a shell script; elsewhere
// than on Unix a running server must be named.
func serverProcess(string) (*syscall.SysProcAttr, error) {
	return nil, fmt.Errorf("PostgreSQL for tests is started on Unix only: name a running server in %s", EnvPostgres)
}
