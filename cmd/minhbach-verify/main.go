// Command minhbach-verify checks a bundle without the server and without
// trusting it: signatures, tree, chains, blocks, minutes and every verdict.
// See package bundle.
package main

import (
	"os"

	"minhbach/internal/bundle"
)

func main() {
	os.Exit(bundle.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
