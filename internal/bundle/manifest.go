package bundle

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Manifest says what a bundle holds. It is not signed: what it says of the
// entries is checked against them, and the receiver compares the rest (scope,
// subjects, redaction) with what was asked for.
type Manifest struct {
	Format   string   `json:"format"`
	Scope    Scope    `json:"scope"`
	Subjects []string `json:"subjects"`
	Redacted bool     `json:"redacted"`
	// Withheld says which classes of personal content are left out, and why; nil
	// in a redacted bundle: all of it.
	Withheld *Withheld      `json:"withheld,omitempty"`
	Origin   string         `json:"origin"`
	Key      string         `json:"key"`
	Size     int64          `json:"size"`
	Root     string         `json:"root"` // hex
	Entries  int64          `json:"entries"`
	Blocks   int64          `json:"blocks"`
	Files    []ManifestFile `json:"files"` // all but the manifest, by path
}

// ManifestFile is one file by size in bytes and SHA-256 in hex.
type ManifestFile struct {
	Path   string `json:"path"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

func (m *Manifest) encode() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	err := e.Encode(m)
	return b.Bytes(), err
}

// parseManifest takes exactly what encode writes.
func parseManifest(data []byte) (*Manifest, error) {
	var m Manifest
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return nil, fmt.Errorf("not a manifest: %w", err)
	}
	if m.Format != Format {
		return nil, fmt.Errorf("the format is %q; this program reads %q", m.Format, Format)
	}
	if back, err := m.encode(); err != nil || !bytes.Equal(back, data) {
		return nil, fmt.Errorf("not written as the format asks")
	}
	if m.Withheld != nil {
		if err := m.Withheld.check(); err != nil {
			return nil, err
		}
		if !m.Redacted {
			return nil, fmt.Errorf("it withholds classes and is not called redacted")
		}
	}
	switch m.Scope {
	case Contest, Case:
		if len(m.Subjects) == 0 {
			return nil, fmt.Errorf("a bundle of scope %q names no subject", m.Scope)
		}
	case Ledger:
		if len(m.Subjects) != 0 {
			return nil, fmt.Errorf("a bundle of the whole ledger names subjects")
		}
	default:
		return nil, fmt.Errorf("the scope %q is unknown", m.Scope)
	}
	if !slices.IsSorted(m.Subjects) || len(slices.Compact(slices.Clone(m.Subjects))) != len(m.Subjects) {
		return nil, fmt.Errorf("the subjects are not sorted, or stand twice")
	}
	if _, err := unhex(m.Root); err != nil {
		return nil, fmt.Errorf("the root is %w", err)
	}
	if m.Entries < 1 || m.Entries > m.Size || m.Scope == Ledger && m.Entries != m.Size {
		return nil, fmt.Errorf("%d entries of a ledger of %d cannot be", m.Entries, m.Size)
	}
	return &m, nil
}

// namePattern keeps the names of bound files to plain ones.
var namePattern = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,99}$`)

// boundPath is where the file of an entry stands.
func boundPath(entry int64, name string) string {
	return "files/" + strconv.FormatInt(entry, 10) + "/" + name
}

// checkPath says whether a file of this name may stand in a bundle of this
// scope.
func checkPath(path string, scope Scope) bool {
	switch path {
	case fileManifest, fileCheckpoint, fileEntries, fileBlocks, fileWitnesses:
		return true
	case fileLeaves:
		return scope == Ledger
	case fileProofs:
		return scope != Ledger
	}
	if rest, ok := strings.CutPrefix(path, "files/"); ok {
		entry, name, _ := strings.Cut(rest, "/")
		n, err := strconv.ParseInt(entry, 10, 64)
		return err == nil && n >= 0 && strconv.FormatInt(n, 10) == entry && namePattern.MatchString(name)
	}
	if rest, ok := strings.CutPrefix(path, "regulations/"); ok {
		digest, ok := strings.CutSuffix(rest, ".yaml")
		_, err := hex.DecodeString(digest)
		return ok && err == nil && len(digest) == 64 && digest == strings.ToLower(digest)
	}
	return false
}
