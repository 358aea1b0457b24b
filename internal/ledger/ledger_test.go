package ledger

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// anEntry draws an entry that Encode accepts.
func anEntry(t *rapid.T) Entry {
	index := rapid.Int64Range(0, 1<<40).Draw(t, "index")
	text := rapid.StringMatching(`[a-zA-Z0-9 ăđĐệ/"\\.+-]{1,20}`)
	e := Entry{
		Index: index,
		At:    time.UnixMilli(rapid.Int64Range(0, 4e12).Draw(t, "at")).UTC(),
		Kind:  rapid.StringMatching(`[a-z]{1,8}\.[a-z-]{1,12}/[1-9]`).Draw(t, "kind"),
		Act:   text.Draw(t, "act"),
		Actor: rapid.SampledFrom([]string{"", "account/1"}).Draw(t, "actor"),
	}
	for _, id := range rapid.SliceOfNDistinct(text, 1, 40, rapid.ID[string]).Draw(t, "subjects") {
		e.Subjects = append(e.Subjects, Link{id, rapid.Int64Range(-1, index-1).Draw(t, "prev")})
	}
	body := rapid.MapOf(rapid.String(), rapid.Int64()).Draw(t, "body")
	b, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	if body == nil {
		b = []byte("{}")
	}
	e.Body = b
	names := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z]{1,10}`), 0, 4, rapid.ID[string]).Draw(t, "blocks")
	for i := range names {
		for j := range names[:i] {
			if names[i] < names[j] {
				names[i], names[j] = names[j], names[i]
			}
		}
	}
	for _, n := range names {
		e.Blocks = append(e.Blocks, BlockRef{n, Commit(n, make([]byte, SaltSize), []byte(n))})
	}
	return e
}

func TestEncodeDecodeIsOneToOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := anEntry(t)
		data, err := e.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if !json.Valid(data) || bytes.ContainsAny(data, "\n\r") {
			t.Fatalf("not one line of JSON: %q", data)
		}
		got, err := Decode(data)
		if err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		if d := cmp.Diff(e, got); d != "" {
			t.Fatal(d)
		}
	})
}

const sampleLine = `{"v":1,"index":3,"at":"2026-11-23T08:00:00.000Z","kind":"toy.set/1","act":"A1","actor":"account/1","subjects":[{"id":"toy/1","prev":-1}],"body":{"n":5},"blocks":[{"name":"who","hash":"00000000000000000000000000000000000000000000000000000000000000ff"}]}`

func TestDecodeIsStrict(t *testing.T) {
	if _, err := Decode([]byte(sampleLine)); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{
		"space":              {`"index":3`, `"index": 3`},
		"plus":               {`"index":3`, `"index":+3`},
		"leading zero":       {`"index":3`, `"index":03`},
		"minus zero":         {`"index":3`, `"index":-0`},
		"fraction":           {`"index":3`, `"index":3.0`},
		"huge":               {`"index":3`, `"index":99999999999999999999`},
		"newer version":      {`"v":1`, `"v":2`},
		"unknown key":        {`"body"`, `"x":1,"body"`},
		"time without ms":    {`00.000Z`, `00Z`},
		"time with zone":     {`00.000Z`, `00.000+07:00`},
		"day does not exist": {`11-23`, `11-31`},
		"kind upper":         {`toy.set`, `Toy.set`},
		"kind unversioned":   {`toy.set/1`, `toy.set`},
		"kind version 0":     {`toy.set/1`, `toy.set/0`},
		"no act":             {`"A1"`, `""`},
		"escaped letter":     {`"A1"`, `"\u00411"`},
		"slash escape":       {`toy/1`, `toy\/1`},
		"prev itself":        {`-1`, `3`},
		"prev below -1":      {`-1`, `-2`},
		"subject twice":      {`[{"id":"toy/1","prev":-1}]`, `[{"id":"toy/1","prev":-1},{"id":"toy/1","prev":-1}]`},
		"no subject":         {`[{"id":"toy/1","prev":-1}]`, `[]`},
		"body not object":    {`{"n":5}`, `[5]`},
		"body spaced":        {`{"n":5}`, `{"n": 5}`},
		"body key twice":     {`{"n":5}`, `{"n":5,"n":6}`},
		"same key escaped":   {`{"n":5}`, `{"n":5,"\u006e":6}`},
		"body not UTF-8":     {`{"n":5}`, "{\"n\":\"\xff\"}"},
		"half surrogate":     {`{"n":5}`, `{"n":"\ud800"}`},
		"body too deep":      {`{"n":5}`, `{"n":` + strings.Repeat("[", 70) + strings.Repeat("]", 70) + `}`},
		"hash upper":         {`ff"}]`, `FF"}]`},
		"hash short":         {`00ff"`, `ff"`},
		"tail":               {`]}`, `]} `},
		"control character":  {`toy/1`, "toy/\u0085"},
		"line separator":     {`toy/1`, "toy/\u2028"},
		"not UTF-8":          {`toy/1`, "toy/\xc3"},
		"long":               {`toy/1`, strings.Repeat("x", MaxText+1)},
	} {
		line := sampleLine
		if i := strings.LastIndex(line, change[0]); i >= 0 {
			line = line[:i] + change[1] + line[i+len(change[0]):]
		} else {
			t.Fatalf("%s: nothing to change", name)
		}
		if e, err := Decode([]byte(line)); err == nil {
			t.Errorf("%s: accepted as %+v", name, e)
		}
	}
	for i := range len(sampleLine) {
		if _, err := Decode([]byte(sampleLine[:i])); err == nil {
			t.Fatalf("cut off at %d: accepted", i)
		}
	}
}

func TestEncodeRefusesWhatIsNotAnEntry(t *testing.T) {
	good, err := Decode([]byte(sampleLine))
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*Entry){
		"local time":      func(e *Entry) { e.At = e.At.In(time.FixedZone("ICT", 7*3600)) },
		"microseconds":    func(e *Entry) { e.At = e.At.Add(time.Microsecond) },
		"negative index":  func(e *Entry) { e.Index = -1 },
		"no body":         func(e *Entry) { e.Body = nil },
		"blocks unsorted": func(e *Entry) { e.Blocks = []BlockRef{{Name: "b"}, {Name: "a"}} },
		"block twice":     func(e *Entry) { e.Blocks = []BlockRef{{Name: "b"}, {Name: "b"}} },
		"too long":        func(e *Entry) { e.Body = []byte(`{"x":"` + strings.Repeat("x", MaxEntry) + `"}`) },
		"subject twice among many": func(e *Entry) {
			e.Subjects = nil
			for i := range 50 {
				e.Subjects = append(e.Subjects, Link{strings.Repeat("s", i%49+1), -1})
			}
		},
	} {
		e := good
		spoil(&e)
		if _, err := e.Encode(); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(sampleLine))
	f.Add([]byte(`{"v":1,"index":0,"at":"2026-11-23T08:00:00.000Z","kind":"a.b/1","act":"\"\\","actor":"","subjects":[{"id":"a","prev":-1}],"body":{},"blocks":[]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := Decode(data)
		if err != nil {
			return
		}
		back, err := e.Encode()
		if err != nil {
			t.Fatalf("decoded and cannot be encoded: %v", err)
		}
		if !bytes.Equal(back, data) {
			t.Fatalf("not one to one:\n%q\n%q", data, back)
		}
		if !json.Valid(data) {
			t.Fatalf("not JSON: %q", data)
		}
	})
}

func FuzzCheckCompact(f *testing.F) {
	for _, s := range []string{`{}`, `[1,-0.5e+3,"\u00e9\ud83d\ude00",true,null,{"a":{"b":[]}}]`, `"x`, `01`, `{"a":1,"\u0061":2}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if CheckCompact(data) != nil {
			return
		}
		var out bytes.Buffer
		if err := json.Compact(&out, data); err != nil || !bytes.Equal(out.Bytes(), data) {
			t.Fatalf("accepted %q, which encoding/json writes as %q (%v)", data, out.Bytes(), err)
		}
	})
}

func TestBlockIsBoundByNameSaltAndContent(t *testing.T) {
	salt := []byte("0123456789abcdef")
	b := Block{Index: 3, Name: "who", Salt: salt, Content: []byte(`{"name":"Nguyễn Văn A"}`)}
	if err := b.Validate(); err != nil {
		t.Fatal(err)
	}
	e := Entry{Index: 3, Blocks: []BlockRef{{"who", Commit("who", salt, b.Content)}}}
	if !b.Matches(e) {
		t.Fatal("its own block does not match")
	}
	for name, o := range map[string]Block{
		"name":    {3, "whom", salt, b.Content},
		"salt":    {3, "who", []byte("0123456789abcdeF"), b.Content},
		"content": {3, "who", salt, []byte(`{"name":"Nguyễn Văn B"}`)},
		"entry":   {4, "who", salt, b.Content},
	} {
		if o.Matches(e) {
			t.Errorf("another %s matches", name)
		}
	}
	for name, o := range map[string]Block{
		"short salt": {3, "who", salt[:8], b.Content},
		"not JSON":   {3, "who", salt, []byte("A")},
		"spaced":     {3, "who", salt, []byte(`{"a": 1}`)},
		"no name":    {3, "", salt, b.Content},
	} {
		if o.Validate() == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
