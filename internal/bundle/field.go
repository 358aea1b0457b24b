package bundle

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// field finds what a citation names in an entry's body: keys joined by dots,
// items of lists in brackets from 0 ("record.votes.c1",
// "result.results[0].votes"). A key may itself have dots; a path that can be
// read in two ways is refused.
func field(body json.RawMessage, path string) (json.RawMessage, error) {
	if len(path) > 1000 || strings.Count(path, ".")+strings.Count(path, "[") > 16 {
		return nil, errors.New("the name of the field is too long")
	}
	found, err := walk(body, path)
	switch {
	case err != nil:
		return nil, err
	case len(found) == 0:
		return nil, fmt.Errorf("there is no field %s", clip(path))
	case len(found) > 1:
		return nil, fmt.Errorf("the field %s can be read in two ways", clip(path))
	}
	return found[0], nil
}

func walk(v json.RawMessage, path string) (found []json.RawMessage, err error) {
	switch {
	case path == "":
		return []json.RawMessage{v}, nil
	case len(v) == 0:
		return nil, nil
	case v[0] == '{':
		var o map[string]json.RawMessage
		if err := json.Unmarshal(v, &o); err != nil {
			return nil, err
		}
		for end := 1; end <= len(path); end++ {
			if end < len(path) && path[end] != '.' && path[end] != '[' {
				continue
			}
			sub, ok := o[path[:end]]
			if !ok || path[end:] == "." {
				continue
			}
			more, err := walk(sub, strings.TrimPrefix(path[end:], "."))
			if err != nil {
				return nil, err
			}
			found = append(found, more...)
		}
		return found, nil
	case v[0] == '[' && path[0] == '[':
		digits, rest, ok := strings.Cut(path[1:], "]")
		n, err := strconv.Atoi(digits)
		if !ok || err != nil || strconv.Itoa(n) != digits || n < 0 {
			return nil, nil
		}
		var l []json.RawMessage
		if err := json.Unmarshal(v, &l); err != nil {
			return nil, err
		}
		if n >= len(l) {
			return nil, nil
		}
		return walk(l[n], strings.TrimPrefix(rest, "."))
	}
	return nil, nil
}
