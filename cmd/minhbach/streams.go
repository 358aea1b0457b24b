package main

import (
	"fmt"
	"io"
	"os"

	"minhbach/internal/rule"
)

// streams are the three standard streams; standard output carries only the
// result, everything said to people goes to standard error.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

func standard() *streams { return &streams{os.Stdin, os.Stdout, os.Stderr} }

// Exit codes of the commands.
const (
	exitFailed   = 1 // a check does not hold, or the machine failed (disk full)
	exitBadInput = 2 // what was read is not what the formats say
)

// exitError ends the program with its code; the message is for people.
type exitError struct {
	code int
	says string
}

func (e *exitError) Error() string { return e.says }

// ExitCode is the exit status.
func (e *exitError) ExitCode() int { return e.code }

func badInput(format string, args ...any) error {
	return &exitError{exitBadInput, fmt.Sprintf(format, args...)}
}

func failed(format string, args ...any) error {
	return &exitError{exitFailed, fmt.Sprintf(format, args...)}
}

// library is the built-in regulations, with the files of dir over them.
func library(dir string) (*rule.Library, error) {
	lib, err := rule.Builtin()
	if err != nil || dir == "" {
		return lib, err
	}
	if st, err := os.Stat(dir); err != nil || !st.IsDir() {
		return nil, badInput("%s: không phải thư mục quy định (not a folder of regulations)", dir)
	}
	if lib, err = lib.Overlay(os.DirFS(dir)); err != nil {
		return nil, badInput("%s: %v", dir, err)
	}
	return lib, nil
}
