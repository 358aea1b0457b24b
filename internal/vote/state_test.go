package vote_test

import (
	"testing"

	"minhbach/internal/rule"
	"minhbach/internal/vote"
)

// TestFormatsExample is the worked example of the outer format: constituency
// 1 of Đắk Nông, 23/5/2021.
func TestFormatsExample(t *testing.T) {
	lib, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	rec, err := vote.ParseRecord([]byte(`{"id":"qh15/dak-nong/1","rules":"state-election/qh","date":"2021-05-23","seats":3,
 "candidates":[{"id":"c1","name":"Nguyễn Trường Giang"},{"id":"c2","name":"Dương Khắc Mai"},{"id":"c3","name":"Trần Thị Thu Hằng"},{"id":"c4","name":"Điểu Lê Nam Nam"},{"id":"c5","name":"Nguyễn Văn Hào"}],
 "ballots":{"valid":186600},
 "votes":{"c1":153669,"c2":117918,"c3":99079,"c4":90767,"c5":88227}}`))
	if err != nil {
		t.Fatal(err)
	}
	res, err := vote.NewCounter(lib).Count(rec)
	if err != nil {
		t.Fatal(err)
	}
	if res.Status != vote.Decided || len(res.Elected) != 3 || res.Elected[2] != "c3" || res.Need != 93301 || res.Results[0].Share != "82.35" {
		t.Errorf("got %+v", res)
	}
	for _, f := range res.Findings {
		t.Logf("%s %s: %s", f.Rule, f.Kind, f.Says.VI)
	}
	for _, v := range res.Reasons {
		t.Logf("%s %v %s: %s", v.Rule, v.Holds, v.Article, v.Says.VI)
	}
}
