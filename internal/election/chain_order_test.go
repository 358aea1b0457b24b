package election_test

import (
	"slices"
	"testing"

	"minhbach/internal/bundle/bundletest"
	"minhbach/internal/election"
	"minhbach/internal/store/storetest"
)

// TestForgedOrder: each list and figure right by itself, but out of turn: a
// pause that nobody answered, a round that nobody decided on, a programme
// turned around. The outside verifier replays the order of the chain too.
func TestForgedOrder(t *testing.T) {
	h := newHall(t, storetest.SQLite(t), "dh-tinh", "provincial-delegates", "2020-10-14", nil)
	h.committee()
	h.introduction()
	h.firstMeeting()
	choose := func(choice string) func(map[string]any) {
		return func(b map[string]any) { b["choice"] = choice }
	}
	forged(t, h.d, map[string]forgery{
		"the pause never answered":           {edit(t, election.KindRoundClosed, 2, nil), "đang tạm dừng"},
		"the pause ended by the congress":    {edit(t, election.KindRoundClosed, 2, choose("stop")), "chỉ tiếp tục khi cấp trên"},
		"a designation of somebody else":     {edit(t, election.KindRoundClosed, 2, func(b map[string]any) { b["choice"], b["person"] = "answered-designated", "dc99" }), "không có trong danh sách"},
		"a further round nobody decided":     {edit(t, election.KindRoundClosed, 1, nil), "không theo quyết định nào"},
		"an answer where nothing was paused": {edit(t, election.KindRoundClosed, 1, choose("answered-continue")), "không để lại quyết định"},
		"a tie voted as a further round":     {edit(t, election.KindRoundClosed, 3, choose("further")), "không để lại quyết định"},
		"a mandatory item left out":          {edit(t, election.KindRoundClosed, 3, func(b map[string]any) { b["choice"], b["item"] = "skip", "ban-thuong-vu" }), "không bỏ qua được"},
		"the first meeting before the introduction": {edit(t, election.KindProgramme, 1, func(b map[string]any) {
			items := b["items"].([]any)
			b["items"] = append([]any{items[0], items[2], items[1]}, items[3:]...)
		}), "phải xong nội dung ban-thuong-vu trước"},
		"the committee after the delegates": {edit(t, election.KindProgramme, 1, func(b map[string]any) {
			items := b["items"].([]any)
			slices.Reverse(items)
			b["items"] = items
		}), "phải xong nội dung"},
		"a list made to wait for another": {edit(t, election.KindProgramme, 1, func(b map[string]any) { bundletest.In(b, "items", 2)["except"] = []any{"dai-bieu"} }), "chưa đến lượt"},
		"a list of a round that is past":  {first(t, election.KindListVoted, "dh-tinh/ban-chap-hanh/lan-2", func(b map[string]any) { b["contest"] = "dh-tinh/ban-chap-hanh" }), "lần bầu này đã qua"},
		"counted without a voted list":    {edit(t, election.KindListVoted, 1, nil), "danh sách chưa được biểu quyết"},
	})
	c := cell(t, storetest.SQLite(t), "2022-03-10")
	c.toTheBox()
	c.secretary()
	forged(t, c.d, map[string]forgery{
		"a secretary left out":           {edit(t, election.KindRoundClosed, 4, func(b map[string]any) { b["item"] = "bi-thu" }), "không bỏ qua được"},
		"stopped instead of answered":    {edit(t, election.KindRoundClosed, 3, choose("stop")), "chỉ tiếp tục khi cấp trên"},
		"a box opened on a list unvoted": {edit(t, election.KindListVoted, 1, nil), "hòm phiếu của cb1/chi-uy"},
	})
}
