package vn

import (
	"encoding/csv"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// A ballot as an election board would print it: given name first, then family
// name, then middle name; letters a ă â … before tones.
func TestListOrder(t *testing.T) {
	want := []string{
		"Nguyễn Văn A",
		"Lê Thị An",
		"Nguyễn An",
		"Nguyễn Thị An",
		"Nguyễn Văn An",
		"Phạm Án",
		"Trần Anh",
		"Lò Ăm",
		"Vũ Ân",
		"Trần Bảo",
		"Trần Bạo",
		"Đỗ Cường",
		"Lê Dũng",
		"Lê Dụng",
		"Phan Đạt",
		"Ngô Đông",
		"Ngô Hòa",
		"Ngô Hoá",
		"Bùi Hương",
		"Điểu K'Ré",
		"Bùi Phương",
		"Cao Tú",
		"Cao Tư",
		"Tạ Yên",
		"Tạ Yến",
	}
	for round := range 20 {
		got := slices.Clone(want)
		rand.New(rand.NewPCG(7, uint64(round))).Shuffle(len(got), func(i, j int) { got[i], got[j] = got[j], got[i] })
		slices.SortFunc(got, CompareNames)
		if !slices.Equal(got, want) {
			t.Fatalf("order:\n got %q\nwant %q", got, want)
		}
	}
}

func TestTonesInOrder(t *testing.T) {
	want := []string{"Ma", "Mà", "Mả", "Mã", "Má", "Mạ", "Mă", "Mằ", "Mẳ", "Mẵ", "Mắ", "Mặ", "Mâ", "Mầ", "Mẩ", "Mẫ", "Mấ", "Mậ"}
	for i := 1; i < len(want); i++ {
		if CompareNames(want[i-1], want[i]) >= 0 {
			t.Errorf("%s must come before %s", want[i-1], want[i])
		}
	}
}

func TestEqualNamesByBirth(t *testing.T) {
	born := func(s string) PartialDate {
		p, err := ParsePartial(s)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"1970-05-01", "1970-05-02", -1},
		{"1971", "1970-05-02", 1},
		{"1970", "1970-05-02", 0}, // overlap: nobody knows
		{"1970-05-02", "1970-05-02", 0},
		{"", "1970", 0},
	} {
		if got := CompareListed("Trần Hoà", born(c.a), "TRẦN HÒA", born(c.b)); got != c.want {
			t.Errorf("%q, %q: got %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestSameName(t *testing.T) {
	same := [][2]string{
		{"Nguyễn Hoà", "NGUYỄN HÒA"},
		{"Lê Thuý", "Lê Thúy"},
		{"Võ Khoẻ", "Võ Khỏe"},
		{"Ðỗ Văn Ðức", "Đỗ Văn Đức"},
		{"Lê  Văn\u200b Tám ", "Lê Văn Tám"},
		{norm.NFD.String("Phạm Thị Ngọc Ánh"), "Phạm Thị Ngọc Ánh"},
		{"Điểu K’Ré", "Điểu K'Ré"},
	}
	for _, p := range same {
		if !SameName(p[0], p[1]) {
			t.Errorf("%q and %q are one name: %q, %q", p[0], p[1], NameKey(p[0]), NameKey(p[1]))
		}
	}
	for _, p := range [][2]string{{"Lê Tú", "Lê Tư"}, {"Lê Hòa", "Lê Hoa"}, {"Lê Dung", "Lê Đung"}, {"Lê Văn", "Lê Vân"}} {
		if SameName(p[0], p[1]) {
			t.Errorf("%q and %q are two names", p[0], p[1])
		}
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"Đỗ Thị Ngọc ÁNH":     "do thi ngoc anh",
		"12-QĐ/TW":            "12 qd tw",
		"  Ðắk   R'lấp ":      "dak rlap",
		"Y Ngông Niê Kđăm":    "y ngong nie kdam",
		"ƯƠNG ươn":            "uong uon",
		"số 24-QĐ/TW (2025)":  "so 24 qd tw 2025",
		"\u200bBà Rịa–V.Tàu!": "ba ria v tau",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

// Every province of the 2021 result file finds itself in the official list of
// units, whatever way its name was typed.
func TestProvinceKey(t *testing.T) {
	for _, p := range [][2]string{
		{"THÀNH PHỐ HÀ NỘI", "Hà Nội"},
		{"TP. Hồ Chí Minh", "Hồ Chí Minh"},
		{"TP.HCM", "Hồ Chí Minh"},
		{"TỈNH ĐĂK LĂK", "Đắk Lắk"},
		{"TỈNH ĐẮC NÔNG", "Đắk Nông"},
		{"TỈNH KHÁNH HOÀ", "Khánh Hòa"},
		{"TỈNH THANH HÓA", "Thanh Hoá"},
		{"TỈNH BÀ RỊA-VŨNG TÀU", "Bà Rịa - Vũng Tàu"},
		{"TỈNH BẮC CẠN", "Bắc Kạn"},
		{"TỈNH THỪA THIÊN - HUẾ", "Thừa Thiên Huế"},
	} {
		if a, b := ProvinceKey(p[0]), ProvinceKey(p[1]); a != b {
			t.Errorf("%q → %q, %q → %q", p[0], a, p[1], b)
		}
	}
	if ProvinceKey("Hà Nam") == ProvinceKey("Hà Nội") || ProvinceKey("Tĩnh") == "" {
		t.Error("different provinces share a key")
	}
}

func genName() *rapid.Generator[string] {
	word := rapid.SampledFrom(strings.Fields("Nguyễn Trần Lê Văn Thị Hoà Hòa thúy THUÝ Đức Ðức đ An Án Ă Y K'Ré Niê Kđăm (Sáu) - Ĕa 2 Æ ẞ"))
	odd := rapid.String()
	return rapid.Map(rapid.SliceOfN(rapid.OneOf(word, word, word, odd), 0, 5), func(w []string) string { return strings.Join(w, " ") })
}

func TestNameProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := genName().Draw(t, "a"), genName().Draw(t, "b"), genName().Draw(t, "c")
		n := NormalizeName(a)
		if NormalizeName(n) != n {
			t.Fatalf("normalising twice differs: %q, %q", n, NormalizeName(n))
		}
		if !norm.NFC.IsNormalString(n) || !utf8.ValidString(n) || strings.Contains(n, "  ") || strings.TrimSpace(n) != n {
			t.Fatalf("not normal: %q", n)
		}
		if f := Fold(a); Fold(f) != f || Fold(n) != f {
			t.Fatalf("folding is not stable: %q → %q → %q; normal %q", a, f, Fold(f), Fold(n))
		}
		if SameName(a, b) && CompareNames(a, b) != 0 {
			t.Fatalf("one name, two places: %q, %q", a, b)
		}
		if CompareNames(a, b) != -CompareNames(b, a) {
			t.Fatal("order is not antisymmetric")
		}
		if CompareNames(a, b) <= 0 && CompareNames(b, c) <= 0 && CompareNames(a, c) > 0 {
			t.Fatal("order is not transitive")
		}
	})
}

func FuzzNames(f *testing.F) {
	for _, s := range []string{"Nguyễn Văn A", "Ðỗ Hoà (Ba)", "\xff\xfe", "K'Ré", "́", "((", "İ", "a\u0345\u0301"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n := NormalizeName(s)
		if NormalizeName(n) != n {
			t.Errorf("NormalizeName is not stable on %q", s)
		}
		if Fold(Fold(s)) != Fold(s) {
			t.Errorf("Fold is not stable on %q", s)
		}
		SortKey(s)
		NameKey(s)
		ProvinceKey(s)
		SplitName(s)
		if p, err := ReadDate(s); err == nil {
			if q, err := ReadDate(p.Vietnamese()); err != nil || q != p {
				t.Errorf("%q reads as %v but not back", s, p)
			}
		}
		if c, err := ReadCount(s); err == nil {
			if d, err := ReadCount(Thousands(c)); err != nil || d != c {
				t.Errorf("%q reads as %d but not back", s, c)
			}
		}
	})
}

// The two real lists of 2021 join one to one.
func TestProvincesOf2021Join(t *testing.T) {
	f, err := os.Open("testdata/provinces.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in := csv.NewReader(f)
	in.Comment = '#'
	rows, err := in.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]map[string]string{"result": {}, "units": {}}
	for _, r := range rows[1:] {
		if other, ok := keys[r[0]][ProvinceKey(r[1])]; ok {
			t.Errorf("%s and %s share a key", other, r[1])
		}
		keys[r[0]][ProvinceKey(r[1])] = r[1]
	}
	if len(keys["result"]) != 63 || len(keys["units"]) != 63 {
		t.Errorf("%d and %d provinces", len(keys["result"]), len(keys["units"]))
	}
	for k, name := range keys["result"] {
		if keys["units"][k] == "" {
			t.Errorf("%s (%s) is not found in the list of units", name, k)
		}
	}
}
