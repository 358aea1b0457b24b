package vote

import "minhbach/internal/rule"

// The figures of a contest that regulation files may ask for.
var (
	inSeats      = rule.NewInput("seats", "số được bầu", "seats")
	inCandidates = rule.NewInput("candidates", "số người trong danh sách bầu cử", "candidates on the list")
	inListed     = rule.NewInput("listed", "số cử tri theo danh sách", "voters on the list")
	inVoted      = rule.NewInput("voted", "số cử tri đã bỏ phiếu", "voters who voted")
	inPrinted    = rule.NewInput("printed", "số phiếu in", "ballots printed")
	inIssued     = rule.NewInput("issued", "số phiếu phát ra", "ballots issued")
	inSpoiled    = rule.NewInput("spoiled", "số phiếu hỏng đã đổi", "ballots spoiled and exchanged")
	inUnused     = rule.NewInput("unused", "số phiếu không dùng", "ballots unused")
	inCollected  = rule.NewInput("collected", "số phiếu thu về", "ballots collected")
	inValid      = rule.NewInput("valid", "số phiếu hợp lệ", "valid ballots")
	inInvalid    = rule.NewInput("invalid", "số phiếu không hợp lệ", "invalid ballots")
	inInvalidSum = rule.NewInput("invalid_sum", "tổng phiếu không hợp lệ theo lý do", "invalid ballots summed over causes")
	inTypeSum    = rule.NewInput("by_chosen_ballots", "tổng số phiếu theo loại", "ballots summed over types")
	inTypeVotes  = rule.NewInput("by_chosen_votes", "tổng số phiếu bầu tính theo loại phiếu", "votes reckoned from ballot types")
	inTypeMost   = rule.NewInput("by_chosen_most", "số người được chọn nhiều nhất trên một phiếu", "most names chosen on a ballot")
	inSumVotes   = rule.NewInput("sum_votes", "tổng số phiếu bầu cho các ứng cử viên", "votes summed over candidates")
	inSummoned   = rule.NewInput("summoned", "số người được triệu tập", "summoned")
	inPresent    = rule.NewInput("present", "số người có mặt khi bầu", "present at voting")
	inIncumbents = rule.NewInput("incumbents", "số thành viên đương nhiệm", "incumbent members")
	inDeducted   = rule.NewInput("deducted", "số người được trừ khỏi mẫu số", "persons taken off the base")
	inBase       = rule.NewInput("base", "mẫu số để tính kết quả", "base of the result")
	inRound      = rule.NewInput("round", "lần bầu", "round")
	inRepeat     = rule.NewYesNo("is_repeat", "bầu cử lại", "repeat election")
	inExtra      = rule.NewYesNo("is_extra", "bầu cử thêm", "extra election")
	inCell       = rule.NewYesNo("is_cell", "bầu ở chi bộ", "election in a cell")
	inStrike     = rule.NewYesNo("is_strike", "phiếu có số dư (gạch tên)", "ballot with surplus (names struck)")
	inUnitSeats  = rule.NewInput("unit_seats", "số đại biểu ấn định cho đơn vị", "seats fixed for the unit")
	inElected    = rule.NewInput("elected", "số người trúng cử, kể cả các lần trước", "elected, earlier rounds included")
	inMissed     = rule.NewInput("planned_missed", "số người theo đề án không trúng cử", "planned persons not elected")

	inVotes    = rule.NewInput("votes", "số phiếu bầu", "votes")
	inDisagree = rule.NewInput("disagree", "số phiếu không đồng ý", "votes against")
	inMiddle   = rule.NewInput("middle", "số phiếu tín nhiệm", "middle confidence votes")
	inUnmarked = rule.NewInput("unmarked", "số phiếu không tính cho người này", "ballots not counted for this person")
	inRank     = rule.NewInput("rank", "thứ hạng theo số phiếu", "rank by votes")
	inRankLast = rule.NewInput("rank_last", "số người có số phiếu bằng hoặc nhiều hơn người này, kể cả người này", "persons with as many votes or more, this one too")
)

// The facts of one ballot paper, for the causes that make it invalid.
var (
	ballotIssued  = rule.NewYesNo("ballot_issued", "phiếu do nơi bầu phát ra", "issued here, of the prescribed form")
	ballotSealed  = rule.NewYesNo("ballot_sealed", "phiếu có dấu", "sealed")
	ballotChosen  = rule.NewInput("ballot_chosen", "số người được chọn trên phiếu", "names chosen on the ballot")
	ballotListed  = rule.NewInput("ballot_listed", "số người in trên phiếu", "names printed on the ballot")
	ballotOutside = rule.NewYesNo("ballot_outside_name", "có ghi thêm tên ngoài danh sách", "a name outside the list was written")
	ballotWriting = rule.NewYesNo("ballot_writing", "có viết thêm nội dung khác hoặc ký tên", "other writing or a signature")
	ballotMarked  = rule.NewYesNo("ballot_marked", "có đánh dấu hoặc dùng nhiều loại mực", "marked, or several inks")
	ballotBoth    = rule.NewInput("ballot_both", "số người bị đánh cả hai ô", "rows with both boxes marked")
	ballotNone    = rule.NewInput("ballot_none", "số người không được đánh ô nào", "rows with no box marked")
)

// Figures that only stand-alone rules ask for: deadlines, lists, files.
var (
	_ = rule.NewInput("days", "số ngày", "days")
	_ = rule.NewInput("working_days", "số ngày làm việc", "working days")
	_ = rule.NewInput("months", "số tháng", "months")
	_ = rule.NewInput("support", "số người ủng hộ", "supporters")
	_ = rule.NewInput("attending", "số người dự", "attending")
	_ = rule.NewInput("official_list", "số người do cấp ủy triệu tập chuẩn bị", "names prepared by the convening committee")
	_ = rule.NewInput("members", "số đảng viên chính thức", "official members")
	_ = rule.NewInput("committee", "số cấp ủy viên", "committee members")
	_ = rule.NewInput("in_favour", "số người tán thành", "in favour")
	_ = rule.NewInput("organisations", "số tổ chức đảng trực thuộc", "subordinate organisations")
	_ = rule.NewInput("represented", "số tổ chức đảng trực thuộc có đại biểu dự", "subordinate organisations represented")
	_ = rule.NewYesNo("is_outgoing", "là cấp ủy viên khóa triệu tập đại hội", "member of the convening committee")
	_ = rule.NewYesNo("on_official_list", "có tên trong danh sách do cấp ủy đề cử", "on the committee's list")
	_ = rule.NewYesNo("on_election_list", "có tên trong danh sách bầu cử", "on the election list")
	_ = rule.NewYesNo("is_suspended_before", "bị đình chỉ sinh hoạt, khởi tố hoặc truy tố trước khi khai mạc", "suspended, charged or prosecuted before the opening")
	_ = rule.NewYesNo("is_probationary", "là đảng viên dự bị", "probationary member")
	_ = rule.NewYesNo("has_complaint", "còn đơn thư khiếu nại, tố cáo", "a complaint or denunciation is open")
	_ = rule.NewInput("file_items", "số giấy tờ trong hồ sơ", "papers in the file")
	_ = rule.NewInput("months_left", "số tháng công tác còn lại", "months of working time left")
	_ = rule.NewInput("birth_month", "tháng năm sinh", "month of birth, as year and month")
	_ = rule.NewInput("age_months", "tuổi tính bằng tháng", "age in months")
	_ = rule.NewInput("year", "năm", "year")
	_ = rule.NewYesNo("is_planned", "trong quy hoạch chức danh đó hoặc tương đương trở lên", "in the succession plan for that or an equivalent or higher post")
	_ = rule.NewYesNo("is_woman", "là nữ", "a woman")
	_ = rule.NewInput("chairs", "số người trong đoàn chủ tịch", "members of the presidium")

	// Making the list of an election.
	_ = rule.NewInput("list_cap", "số người nhiều nhất trong danh sách bầu cử", "most names the list may have")
	_ = rule.NewYesNo("by_outgoing", "người đề cử là cấp ủy viên khóa triệu tập", "the nominator is a member of the convening committee")
	_ = rule.NewYesNo("by_delegate", "người đề cử là đại biểu (thành viên) chính thức", "the nominator is an official delegate or member")
	_ = rule.NewYesNo("is_members_congress", "đại hội đảng viên", "congress of members")
	_ = rule.NewYesNo("is_temporary", "đang sinh hoạt tạm thời ở đây", "in temporary activity here")
	_ = rule.NewYesNo("is_grassroots", "cấp cơ sở", "grassroots level")
	_ = rule.NewYesNo("in_body", "là đại biểu (thành viên) chính thức", "an official delegate or member of the body")
	_ = rule.NewYesNo("in_source", "thuộc tập thể phải bầu trong đó", "of the body to elect from among")
	_ = rule.NewYesNo("is_committee", "bầu cấp ủy", "election of the committee")
	_ = rule.NewYesNo("at_congress", "bầu tại đại hội", "election at a congress")
	_ = rule.NewYesNo("is_delegates", "bầu đại biểu dự đại hội cấp trên", "election of delegates to the upper congress")
	_ = rule.NewYesNo("is_voted", "đã biểu quyết", "voted on")

	// Members and staff.
	_ = rule.NewInput("years", "số năm", "years")
	_ = rule.NewInput("day_of_month", "ngày trong tháng", "day of the month")
	_ = rule.NewInput("month", "tháng", "month")
	_ = rule.NewYesNo("is_ill", "bệnh nặng", "gravely ill")
	_ = rule.NewInput("headcount", "số biên chế được giao", "staff quota allotted")
	_ = rule.NewInput("deputies", "số cấp phó", "deputies")
	_ = rule.NewInput("quota_start", "biên chế đầu kỳ", "quota at the start")
	_ = rule.NewInput("quota_end", "biên chế cuối kỳ", "quota at the end")
	_ = rule.NewInput("age", "tuổi", "age in full years")
	_ = rule.NewInput("committee_women", "số cấp ủy viên nữ", "women in the committee")
	_ = rule.NewInput("committee_young", "số cấp ủy viên trẻ", "young members of the committee")
	_ = rule.NewYesNo("is_front", "là Mặt trận Tổ quốc cấp xã", "commune Fatherland Front")
)

// flags are the figures that are always known.
func (k contestKind) set(in *rule.Inputs) {
	in.SetYes(inRepeat, k.kind == "repeat")
	in.SetYes(inExtra, k.kind == "extra")
	in.SetYes(inCell, k.cell)
	in.SetYes(inStrike, k.form == "strike")
	in.Set(inRound, int64(k.round))
}

type contestKind struct {
	kind, form string
	round      int
	cell       bool
}

// figures gathers what the record says of the contest as a whole.
func figures(in *rule.Inputs, rec *Record, k contestKind) {
	in.Reset()
	k.set(in)
	in.SetOpt(inSeats, rec.Seats)
	in.Set(inCandidates, int64(len(rec.Candidates)))
	b := &rec.Ballots
	for _, f := range []struct {
		s rule.Symbol
		v *int64
	}{{inPrinted, b.Printed}, {inIssued, b.Issued}, {inSpoiled, b.Spoiled}, {inUnused, b.Unused},
		{inCollected, b.Collected}, {inValid, b.Valid}, {inInvalid, b.Invalid}} {
		in.SetOpt(f.s, f.v)
	}
	if v := rec.Voters; v != nil {
		in.SetOpt(inListed, v.Listed)
		in.SetOpt(inVoted, v.Voted)
	}
	if base := rec.Base; base != nil {
		in.SetOpt(inSummoned, base.Summoned)
		in.SetOpt(inPresent, base.Present)
		in.SetOpt(inIncumbents, base.Incumbents)
	}
	if b.InvalidBy != nil {
		in.Set(inInvalidSum, sum(b.InvalidBy))
	}
	if b.ByChosen != nil {
		ballots, votes, most := byChosen(b.ByChosen)
		in.Set(inTypeSum, ballots)
		in.Set(inTypeVotes, votes)
		in.Set(inTypeMost, most)
	}
	in.Set(inSumVotes, sum(rec.Votes))
	earlier := int64(0)
	if rec.EarlierElected != nil {
		earlier = *rec.EarlierElected
	}
	in.Set(inUnitSeats, *rec.Seats+earlier)
}

// line adds what the record says of one candidate.
func line(in *rule.Inputs, rec *Record, id string) {
	for _, f := range []struct {
		s rule.Symbol
		m map[string]int64
	}{{inVotes, rec.Votes}, {inDisagree, rec.Disagree}, {inMiddle, rec.Middle}, {inUnmarked, rec.Unmarked}} {
		if v, ok := f.m[id]; ok {
			in.Set(f.s, v)
		} else {
			in.Clear(f.s)
		}
	}
}

func sum(m map[string]int64) int64 {
	var n int64
	for _, v := range m {
		n += v
	}
	return n
}
