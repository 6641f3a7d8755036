package app

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// confirm asks a question on the terminal. It returns an error unless the answer is yes, or if there is no terminal.
func confirm(std streams, question string) error {
	if !isTerminal(std) {
		return errors.New("nothing was changed: without a terminal, confirm with --yes")
	}
	fmt.Fprintf(std.err, "%s [y/N] ", question)
	answer, err := bufio.NewReader(std.in).ReadString('\n')
	if err != nil && err != io.EOF {
		return err
	}
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes":
		return nil
	}
	return errors.New("nothing was changed")
}

// isTerminal reports whether the input is a terminal.
func isTerminal(std streams) bool {
	in, ok := std.in.(*os.File)
	return ok && term.IsTerminal(int(in.Fd()))
}
